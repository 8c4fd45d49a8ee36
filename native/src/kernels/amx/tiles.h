// What all products on AMX's tiles share. A tile of B in 8 bits is read from panels as they are: 16
// groups of four along the depth for 16 columns.

constexpr size_t kTileGroups = 16;  // along the depth in one product of tiles
constexpr size_t kTileRows8 = 16;
constexpr size_t kTileColumns = 16;

// Bytes of such a group of a panel.
constexpr size_t kGroupBytes = kPanel * 4;

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

// Stands between instructions on tiles: close behind each other they take half as long again on a core
// whose other thread is busy (measured on Sapphire Rapids), and six others between them cost nothing.
TENON_INLINE void keep_apart() noexcept { asm volatile("nop\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop"); }

// Adds a step of the depth, in 8 bits, to one to 32 rows times 16 or 32 columns.
template <bool Lower, bool Wide>
TENON_INLINE void tile_quads(const uint8_t* a, size_t a_row, const int8_t* b) noexcept {
  _tile_loadd(6, b, kGroupBytes);
  keep_apart();
  if constexpr (Wide) _tile_loadd(7, b + 64, kGroupBytes);
  keep_apart();
  _tile_loadd(4, a, a_row);
  keep_apart();
  if constexpr (Lower) _tile_loadd(5, a + kTileRows8 * a_row, a_row);
  keep_apart();
  _tile_dpbusd(0, 4, 6);
  keep_apart();
  if constexpr (Wide) _tile_dpbusd(1, 4, 7);
  keep_apart();
  if constexpr (Lower) _tile_dpbusd(2, 5, 6);
  keep_apart();
  if constexpr (Lower && Wide) _tile_dpbusd(3, 5, 7);
  keep_apart();
}
