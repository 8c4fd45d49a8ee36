// Sums of products of columns in double: GramTile in parameters.h says what it computes.

// `Rows` rows of sums times `Vectors` vectors, held in registers.
template <size_t Rows, size_t Vectors>
TENON_INLINE void gram_block(const GramTile& tile, size_t row, size_t column) {
  double* const sums = tile.sums + row * tile.stride + column;
  const double* a = tile.a + row;
  const double* b = tile.b + column;
  D held[Rows][Vectors];
#pragma GCC unroll 8
  for (size_t i = 0; i < Rows; ++i) {
#pragma GCC unroll 3
    for (size_t v = 0; v < Vectors; ++v) held[i][v] = d_load(sums + i * tile.stride + 8 * v);
  }
  for (size_t r = 0; r < tile.rows; ++r, a += kGramPanel, b += kGramPanel) {
    D right[Vectors];
#pragma GCC unroll 3
    for (size_t v = 0; v < Vectors; ++v) right[v] = d_load(b + 8 * v);
#pragma GCC unroll 8
    for (size_t i = 0; i < Rows; ++i) {
      const D left = d_set(a[i]);
#pragma GCC unroll 3
      for (size_t v = 0; v < Vectors; ++v) held[i][v] = d_fma(left, right[v], held[i][v]);
    }
  }
#pragma GCC unroll 8
  for (size_t i = 0; i < Rows; ++i) {
#pragma GCC unroll 3
    for (size_t v = 0; v < Vectors; ++v) d_store(sums + i * tile.stride + 8 * v, held[i][v]);
  }
}

static void f64_gram_tile(const GramTile& tile) noexcept {
  if constexpr (kGramRows == kGramStrip) {
    switch (tile.columns) {
      case 8: return gram_block<kGramStrip, 1>(tile, 0, 0);
      case 16: return gram_block<kGramStrip, 2>(tile, 0, 0);
      default: return gram_block<kGramStrip, 3>(tile, 0, 0);
    }
  } else {
    for (size_t row = 0; row < kGramStrip; row += kGramRows) {
      for (size_t column = 0; column < tile.columns; column += 8) gram_block<kGramRows, 1>(tile, row, column);
    }
  }
}
