// Products of matrices in 8 bits: QuadProduct in parameters.h says what is computed.

template <size_t Rows>
[[gnu::noinline]] static void product_tile(const QuadProduct& block, size_t row, size_t j) noexcept {
  int32_t kept[Rows][1][kQuadVectors][kQuadWidth];
  quad_sums<Rows, 1, kQuadVectors>(block, row, j, kept);
  const size_t columns = block.columns - j < kQuadColumns ? block.columns - j : kQuadColumns;
  for (size_t r = 0; r < Rows; ++r) {
    const int32_t* const start = block.start + (row + r) * block.start_row + j;
    int32_t* const c = block.c + (row + r) * block.c_row + j;
    for (size_t i = 0; i < columns; ++i) c[i] = start[i] + kept[r][0][i / kQuadWidth][i % kQuadWidth];
  }
}

// Calls the tile of `rows` rows, a number only known at run time.
template <size_t Rows>
TENON_INLINE void product_rows(const QuadProduct& block, size_t rows, size_t row, size_t j) {
  if constexpr (Rows > 0) {
    if (rows == Rows) product_tile<Rows>(block, row, j);
    else product_rows<Rows - 1>(block, rows, row, j);
  }
}

static void u8_product_block(const QuadProduct& block) noexcept {
  if (block.rows == 0) return;
  // Tiles of nearly equal height: a short last one would cost as much as a full one.
  const size_t tiles = (block.rows + kQuadRows - 1) / kQuadRows;
  const size_t height = block.rows / tiles;
  const size_t taller = block.rows % tiles;
  for (size_t j = 0; j < block.columns; j += kQuadColumns) {
    size_t row = 0;
    for (size_t i = 0; i < tiles; ++i) {
      const size_t rows = height + (i < taller ? 1 : 0);
      product_rows<kQuadRows>(block, rows, row, j);
      row += rows;
    }
  }
}

// Four rows at most, and any columns, become one group of each panel, filled up with zeros:
//
//   target[j / kPanel * panel + j mod kPanel * 4 + i] = source[i * stride + j]
//
// Adds each column to sums[j], of which there are whole panels.
static void i8_interleave(const int8_t* source, size_t stride, size_t rows, size_t columns, int8_t* target,
                          size_t panel, int32_t* sums) noexcept {
  for (size_t j = 0; j < columns; j += kPanel, target += panel) {
    int8_t padded[4][kPanel] = {};
    const int8_t* from = source + j;
    size_t from_stride = stride;
    if (rows < 4 || columns - j < kPanel) {
      const size_t width = columns - j < kPanel ? columns - j : kPanel;
      for (size_t i = 0; i < rows; ++i) memcpy(padded[i], from + i * stride, width);
      from = padded[0];
      from_stride = kPanel;
    }
    for (size_t c = 0; c < kPanel; ++c) {
      const int8_t four[4] = {from[c], from[from_stride + c], from[2 * from_stride + c], from[3 * from_stride + c]};
      for (size_t i = 0; i < 4; ++i) target[c * 4 + i] = four[i];
      sums[j + c] += four[0] + four[1] + four[2] + four[3];
    }
  }
}
