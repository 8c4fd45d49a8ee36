// Dense layers in 8 bits by AMX: QuadBlock in parameters.h says what is computed. A tile of B is
// read from the panels as they are: 16 groups of four along the depth for 16 columns.

constexpr size_t kTileGroups = 16;  // along the depth in one product of tiles
constexpr size_t kTileRows8 = 16;
constexpr size_t kTileColumns = 16;

// With fewer rows or groups most of a tile would be empty.
constexpr size_t kFewestRows = 8;

// What ldtilecfg reads.
struct alignas(64) TileShapes {
  uint8_t palette;
  uint8_t start_row;
  uint8_t reserved[14];
  uint16_t row_bytes[16];
  uint8_t rows[16];
};

// Tiles 0 and 1 are sums of the upper rows, 2 and 3 of the lower ones, 4 and 5 the rows of A, 6
// and 7 two times 16 columns of B.
static void shape_tiles(size_t upper, size_t lower) noexcept {
  TileShapes shapes{};
  shapes.palette = 1;
  for (size_t i = 0; i < 8; ++i) {
    const size_t rows = i >= 6 ? kTileGroups : i == 2 || i == 3 || i == 5 ? lower : upper;
    if (rows == 0) continue;
    shapes.row_bytes[i] = 64;
    shapes.rows[i] = static_cast<uint8_t>(rows);
  }
  // The intrinsic names one byte as what it reads, so that compilers may drop the stores to the others.
  asm volatile("" : : "r"(&shapes) : "memory");
  _tile_loadconfig(&shapes);
}

// One to 32 rows times 16 or 32 columns. `tail` holds the last 64 bytes of each row's depth, with
// zeros where the products before it have been.
template <bool Lower, bool Wide>
[[gnu::noinline]] static void tile_products(const QuadBlock& block, const uint8_t* a, const uint8_t* tail,
                                            const int8_t* b, int32_t* sums) noexcept {
  constexpr size_t kSumBytes = 2 * kTileColumns * 4;
  constexpr size_t kGroupBytes = kPanel * 4;
  const auto multiply = [](const uint8_t* left, size_t stride, const int8_t* right) __attribute__((always_inline)) {
    _tile_loadd(6, right, kGroupBytes);
    if constexpr (Wide) _tile_loadd(7, right + 64, kGroupBytes);
    _tile_loadd(4, left, stride);
    _tile_dpbusd(0, 4, 6);
    if constexpr (Wide) _tile_dpbusd(1, 4, 7);
    if constexpr (!Lower) return;
    _tile_loadd(5, left + kTileRows8 * stride, stride);
    _tile_dpbusd(2, 5, 6);
    if constexpr (Wide) _tile_dpbusd(3, 5, 7);
  };
  _tile_zero(0);
  if constexpr (Wide) _tile_zero(1);
  if constexpr (Lower) _tile_zero(2);
  if constexpr (Lower && Wide) _tile_zero(3);
  size_t g = 0;
  for (; g + kTileGroups <= block.groups; g += kTileGroups) multiply(a + g * 4, block.a_row, b + g * kGroupBytes);
  if (g < block.groups) multiply(tail, 64, b + (block.groups - kTileGroups) * kGroupBytes);
  _tile_stored(0, sums, kSumBytes);
  if constexpr (Wide) _tile_stored(1, sums + kTileColumns, kSumBytes);
  if constexpr (Lower) _tile_stored(2, sums + kTileRows8 * 2 * kTileColumns, kSumBytes);
  if constexpr (Lower && Wide) _tile_stored(3, sums + kTileRows8 * 2 * kTileColumns + kTileColumns, kSumBytes);
}

static void amx_dense_block(const QuadBlock& block) noexcept {
  if (block.rows < kFewestRows || block.groups < kTileGroups) {
    avx512_table().u8_dense_block(block);
    return;
  }
  alignas(64) uint8_t tail[2 * kTileRows8][64];
  alignas(64) int32_t sums[2 * kTileRows8][2 * kTileColumns];
  const size_t rest = block.groups % kTileGroups * 4;
  size_t shaped = 0;
  for (size_t row = 0; row < block.rows; row += 2 * kTileRows8) {
    const size_t rows = block.rows - row < 2 * kTileRows8 ? block.rows - row : 2 * kTileRows8;
    const uint8_t* const a = block.a + row * block.a_row;
    if (rows != shaped) {
      shape_tiles(rows < kTileRows8 ? rows : kTileRows8, rows < kTileRows8 ? 0 : rows - kTileRows8);
      shaped = rows;
    }
    for (size_t r = 0; rest > 0 && r < rows; ++r) {
      memset(tail[r], 0, 64 - rest);
      memcpy(tail[r] + 64 - rest, a + r * block.a_row + block.groups * 4 - rest, rest);
    }
    // The tiles are read behind the compiler's back.
    asm volatile("" ::: "memory");
    for (size_t j = 0; j < block.columns; j += kPanel) {
      const int8_t* const b = block.b + j / kPanel * block.b_panel;
      const bool wide = block.columns - j >= kPanel;
      const bool lower = rows > kTileRows8;
      if (wide && lower) tile_products<true, true>(block, a, tail[0], b, sums[0]);
      else if (wide) tile_products<false, true>(block, a, tail[0], b, sums[0]);
      else if (lower) tile_products<true, false>(block, a, tail[0], b, sums[0]);
      else tile_products<false, false>(block, a, tail[0], b, sums[0]);
      for (size_t r = 0; r < rows; ++r) {
        float* const c = block.c + (row + r) * block.c_row + j;
        for (size_t i = 0; i < (wide ? kPanel : kTileColumns); i += kTileColumns) {
          q_store(c + i, sums[r] + i, block.minus + j + i, block.scale + j + i, block.bias + j + i, block.floor);
        }
      }
    }
  }
  _tile_release();
}
