// Products of matrices in 8 bits by AMX: QuadProduct in parameters.h says what is computed.

// One to 32 rows times 32 columns, all of which exist in `start` and c.
template <bool Lower>
[[gnu::noinline]] static void whole_product(const QuadProduct& block, const uint8_t* a, const int8_t* b,
                                            const int32_t* start, size_t start_row, int32_t* c, size_t c_row) noexcept {
  const size_t a_row = block.a_row;
  _tile_loadd(0, start, start_row * 4);
  _tile_loadd(1, start + kTileColumns, start_row * 4);
  if constexpr (Lower) {
    _tile_loadd(2, start + kTileRows8 * start_row, start_row * 4);
    _tile_loadd(3, start + kTileRows8 * start_row + kTileColumns, start_row * 4);
  }
  for (size_t g = 0; g < block.groups; g += kTileGroups) {
    tile_quads<Lower, true>(a, a_row, b);
    a += kTileGroups * 4;
    b += kTileGroups * kGroupBytes;
  }
  _tile_stored(0, c, c_row * 4);
  _tile_stored(1, c + kTileColumns, c_row * 4);
  if constexpr (Lower) {
    _tile_stored(2, c + kTileRows8 * c_row, c_row * 4);
    _tile_stored(3, c + kTileRows8 * c_row + kTileColumns, c_row * 4);
  }
}

static void amx_product_block(const QuadProduct& block) noexcept {
  if (block.rows < kFewestRows) {
    avx512_table().u8_product_block(block);
    return;
  }
  int32_t edge[2 * kTileRows8][kPanel] = {};
  size_t shaped = 0;
  for (size_t row = 0; row < block.rows; row += 2 * kTileRows8) {
    const size_t rows = block.rows - row < 2 * kTileRows8 ? block.rows - row : 2 * kTileRows8;
    const uint8_t* const a = block.a + row * block.a_row;
    if (rows != shaped) {
      shape_tiles(rows < kTileRows8 ? rows : kTileRows8, rows < kTileRows8 ? 0 : rows - kTileRows8);
      shaped = rows;
    }
    for (size_t j = 0; j < block.columns; j += kPanel) {
      const int8_t* const b = block.b + j / kPanel * block.b_panel;
      const int32_t* const start = block.start + row * block.start_row + j;
      int32_t* const c = block.c + row * block.c_row + j;
      const size_t columns = block.columns - j;
      const auto multiply = rows > kTileRows8 ? whole_product<true> : whole_product<false>;
      if (columns >= kPanel) {
        multiply(block, a, b, start, block.start_row, c, block.c_row);
        continue;
      }
      for (size_t r = 0; r < rows; ++r) memcpy(edge[r], start + r * block.start_row, columns * sizeof(int32_t));
      multiply(block, a, b, edge[0], kPanel, edge[0], kPanel);
      for (size_t r = 0; r < rows; ++r) memcpy(c + r * block.c_row, edge[r], columns * sizeof(int32_t));
    }
  }
  _tile_release();
}
