// Dense layers in 8 bits by AMX: QuadBlock in parameters.h says what is computed.

// The sums of 32 rows and columns at most.
struct TileSums {
  alignas(64) int32_t values[2 * kTileRows8][2 * kTileColumns];
};

// One to 32 rows times 16 or 32 columns. `tail` holds the last 64 bytes of each row's depth, with
// zeros where the products before it have been.
template <bool Lower, bool Wide>
[[gnu::noinline]] static void tile_products(const QuadBlock& block, const uint8_t* a, const uint8_t* tail,
                                            const int8_t* b, TileSums& into) noexcept {
  constexpr size_t kSumBytes = 2 * kTileColumns * 4;
  _tile_zero(0);
  if constexpr (Wide) _tile_zero(1);
  if constexpr (Lower) _tile_zero(2);
  if constexpr (Lower && Wide) _tile_zero(3);
  size_t g = 0;
  for (; g + kTileGroups <= block.groups; g += kTileGroups) {
    tile_quads<Lower, Wide>(a + g * 4, block.a_row, b + g * kGroupBytes);
  }
  if (g < block.groups) tile_quads<Lower, Wide>(tail, 64, b + (block.groups - kTileGroups) * kGroupBytes);
  int32_t* const sums = into.values[0];
  _tile_stored(0, sums, kSumBytes);
  if constexpr (Wide) _tile_stored(1, sums + kTileColumns, kSumBytes);
  if constexpr (Lower) _tile_stored(2, sums + kTileRows8 * 2 * kTileColumns, kSumBytes);
  if constexpr (Lower && Wide) _tile_stored(3, sums + kTileRows8 * 2 * kTileColumns + kTileColumns, kSumBytes);
}

// What a block has for 16 columns, in registers.
struct SumColumns {
  __m512i minus;
  __m512 scale, bias, floor;

  TENON_INLINE_MEMBER SumColumns(const QuadBlock& block, size_t j)
      : minus(_mm512_loadu_si512(block.minus + j)),
        scale(_mm512_loadu_ps(block.scale + j)),
        bias(_mm512_loadu_ps(block.bias + j)),
        floor(_mm512_set1_ps(block.floor)) {}

  // What q_store makes of 16 sums.
  TENON_INLINE_MEMBER __m512 values(const int32_t* sums) const {
    const __m512 x = _mm512_cvtepi32_ps(_mm512_sub_epi32(_mm512_load_si512(sums), minus));
    return _mm512_max_ps(floor, _mm512_fmadd_ps(x, scale, bias));
  }
};

// Makes of `rows` rows of sums what the block asks for, at its row `row` and column `j`.
template <bool Wide>
TENON_INLINE void finish_floats(const QuadBlock& block, const TileSums& sums, size_t row, size_t rows, size_t j) {
  const SumColumns left(block, j), right(block, j + (Wide ? kTileColumns : 0));
  float* c = block.c + row * block.c_row + j;
  for (size_t r = 0; r < rows; ++r, c += block.c_row) {
    _mm512_storeu_ps(c, left.values(sums.values[r]));
    if constexpr (Wide) _mm512_storeu_ps(c + kTileColumns, right.values(sums.values[r] + kTileColumns));
  }
}

template <bool Wide>
TENON_INLINE void finish_codes(const QuadBlock& block, const TileSums& sums, size_t row, size_t rows, size_t j) {
  const SumColumns left(block, j), right(block, j + (Wide ? kTileColumns : 0));
  const F factor = f_set(block.inverse_scale), offset = f_set(block.zero), low = f_set(0.0f), high = f_set(255.0f);
  const auto held = [&](F value) __attribute__((always_inline)) {
    return f_min(f_max(f_fma(value, factor, offset), low), high);
  };
  uint8_t* q = block.q + row * block.q_row + j;
  size_t r = 0;
  for (; Wide && r + 2 <= rows; r += 2, q += 2 * block.q_row) {
    const __m512i codes = u_codes(held(left.values(sums.values[r])), held(right.values(sums.values[r] + kTileColumns)),
                                  held(left.values(sums.values[r + 1])),
                                  held(right.values(sums.values[r + 1] + kTileColumns)));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(q), _mm512_castsi512_si256(codes));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(q + block.q_row), _mm512_extracti64x4_epi64(codes, 1));
  }
  for (; r < rows; ++r, q += block.q_row) {
    u_store8(q, held(left.values(sums.values[r])));
    if constexpr (Wide) u_store8(q + kTileColumns, held(right.values(sums.values[r] + kTileColumns)));
  }
}

// One to 32 rows times a panel, or half of one.
template <bool Wide>
static void tile_panel(const QuadBlock& block, size_t row, size_t rows, size_t j, const uint8_t* tail) noexcept {
  TileSums sums;
  const uint8_t* const a = block.a + row * block.a_row;
  const int8_t* const b = block.b + j / kPanel * block.b_panel;
  if (rows > kTileRows8) tile_products<true, Wide>(block, a, tail, b, sums);
  else tile_products<false, Wide>(block, a, tail, b, sums);
  // Tiles are read and written behind the compiler's back.
  asm volatile("" ::: "memory");
  if (block.q != nullptr) finish_codes<Wide>(block, sums, row, rows, j);
  else finish_floats<Wide>(block, sums, row, rows, j);
}

static void amx_dense_block(const QuadBlock& block) noexcept {
  if (block.rows < kFewestRows || block.groups < kTileGroups) {
    avx512_table().u8_dense_block(block);
    return;
  }
  alignas(64) uint8_t tail[2 * kTileRows8][64];
  const size_t rest = block.groups % kTileGroups * 4;
  size_t shaped = 0;
  for (size_t row = 0; row < block.rows; row += 2 * kTileRows8) {
    const size_t rows = block.rows - row < 2 * kTileRows8 ? block.rows - row : 2 * kTileRows8;
    if (rows != shaped) {
      shape_tiles(rows < kTileRows8 ? rows : kTileRows8, rows < kTileRows8 ? 0 : rows - kTileRows8);
      shaped = rows;
    }
    for (size_t r = 0; rest > 0 && r < rows; ++r) {
      memset(tail[r], 0, 64 - rest);
      memcpy(tail[r] + 64 - rest, block.a + (row + r) * block.a_row + block.groups * 4 - rest, rest);
    }
    asm volatile("" ::: "memory");
    for (size_t j = 0; j < block.columns; j += kPanel) {
      if (block.columns - j >= kPanel) tile_panel<true>(block, row, rows, j, tail[0]);
      else tile_panel<false>(block, row, rows, j, tail[0]);
    }
  }
  _tile_release();
}
