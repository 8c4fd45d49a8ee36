// Dense layers in 8 bits: QuadBlock in parameters.h says what is computed.

// q = x * inverse_scale + zero rounded to nearest, ties to even, held to 0 ... 255. Returns 0, or NaN
// if any x is NaN, which becomes 0, or infinite.
static float u8_quantize(const float* x, size_t n, float inverse_scale, float zero, uint8_t* q) noexcept {
  const F factor = f_set(inverse_scale), offset = f_set(zero), low = f_set(0.0f), high = f_set(255.0f);
  // Two of them, or each addition would wait for the one before.
  F spoiled = low, spoiled_too = low;
  const auto held = [&](F value, F& by) __attribute__((always_inline)) {
    by = f_fma(value, low, by);  // 0 times infinity or NaN is NaN, and stays
    return f_min(f_max(f_fma(value, factor, offset), low), high);
  };
  size_t i = 0;
  for (; i + 64 <= n; i += 64) {
    const F a = held(f_load(x + i), spoiled), b = held(f_load(x + i + 16), spoiled_too);
    const F c = held(f_load(x + i + 32), spoiled), d = held(f_load(x + i + 48), spoiled_too);
    u_store8x4(q + i, a, b, c, d);
  }
  for (; i + 16 <= n; i += 16) u_store8(q + i, held(f_load(x + i), spoiled));
  if (i < n) {
    uint8_t last[16];
    u_store8(last, held(f_load_n(x + i, n - i), spoiled));
    for (size_t k = 0; i + k < n; ++k) q[i + k] = last[k];
  }
  return f_sum(f_add(spoiled, spoiled_too));
}

constexpr size_t kQuadColumns = kQuadVectors * kQuadWidth;

// The sums of `Rows` rows times `Tiles` tiles of `Vectors` vectors, the first at column `j`.
// `Block` is a QuadBlock or a QuadProduct.
template <size_t Rows, size_t Tiles, size_t Vectors, typename Block>
TENON_INLINE void quad_sums(const Block& block, size_t row, size_t j, int32_t (&kept)[Rows][Tiles][Vectors][kQuadWidth]) {
  const uint8_t* a = block.a + row * block.a_row;
  RowDistances<Rows> distances(block.a_row);
  const int8_t* b[Tiles];
  Q sum[Rows][Tiles][Vectors];
#pragma GCC unroll 4
  for (size_t t = 0; t < Tiles; ++t) {
    const size_t at = j + t * kQuadColumns;
    b[t] = block.b + at / kPanel * block.b_panel + at % kPanel * 4;
#pragma GCC unroll 16
    for (size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
      for (size_t v = 0; v < Vectors; ++v) sum[r][t][v] = q_zero();
    }
  }
  for (size_t g = 0; g < block.groups; ++g) {
    distances.vary();
    QRight right[Tiles][Vectors];
#pragma GCC unroll 4
    for (size_t t = 0; t < Tiles; ++t) {
#pragma GCC unroll 4
      for (size_t v = 0; v < Vectors; ++v) right[t][v] = q_right(b[t] + v * kQuadWidth * 4);
      b[t] += kPanel * 4;
    }
#pragma GCC unroll 16
    for (size_t r = 0; r < Rows; ++r) {
      const QLeft left = q_left(distances.row(a, r));
#pragma GCC unroll 4
      for (size_t t = 0; t < Tiles; ++t) {
#pragma GCC unroll 4
        for (size_t v = 0; v < Vectors; ++v) sum[r][t][v] = q_dot(sum[r][t][v], left, right[t][v]);
      }
    }
    a += 4;
  }
  // By way of memory: with more done to each sum here, compilers keep none of them in registers.
#pragma GCC unroll 16
  for (size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
    for (size_t t = 0; t < Tiles; ++t) {
#pragma GCC unroll 4
      for (size_t v = 0; v < Vectors; ++v) q_keep(kept[r][t][v], sum[r][t][v]);
    }
  }
}

template <size_t Rows, size_t Tiles, size_t Vectors>
[[gnu::noinline]] static void quad_tile(const QuadBlock& block, size_t row, size_t j) noexcept {
  int32_t kept[Rows][Tiles][Vectors][kQuadWidth];
  quad_sums<Rows, Tiles, Vectors>(block, row, j, kept);
  for (size_t r = 0; r < Rows; ++r) {
    for (size_t t = 0; t < Tiles; ++t) {
      for (size_t v = 0; v < Vectors; ++v) {
        const size_t at = j + t * kQuadColumns + v * kQuadWidth;
        q_store(block.c + (row + r) * block.c_row + at, kept[r][t][v], block.minus + at, block.scale + at,
                block.bias + at, block.floor);
      }
    }
  }
}

// Calls the tile of `rows` rows, a number only known at run time.
template <size_t Rows, size_t Vectors>
TENON_INLINE void quad_rows(const QuadBlock& block, size_t rows, size_t row, size_t j) {
  if constexpr (Rows > 0) {
    if (rows == Rows) quad_tile<Rows, 1, Vectors>(block, row, j);
    else quad_rows<Rows - 1, Vectors>(block, rows, row, j);
  }
}

static void u8_dense_block(const QuadBlock& block) noexcept {
  if (block.rows == 0) return;
  size_t j = 0;
  if (block.rows == 1) {
    for (; j + 4 * kQuadColumns <= block.columns; j += 4 * kQuadColumns) quad_tile<1, 4, kQuadVectors>(block, 0, j);
  }
  const size_t tiles = (block.rows + kQuadRows - 1) / kQuadRows;
  const size_t height = block.rows / tiles;
  const size_t taller = block.rows % tiles;
  for (; j < block.columns; j += kQuadColumns) {
    size_t row = 0;
    for (size_t i = 0; i < tiles; ++i) {
      const size_t rows = height + (i < taller ? 1 : 0);
      if (j + kQuadColumns <= block.columns) quad_rows<kQuadRows, kQuadVectors>(block, rows, row, j);
      else quad_rows<kQuadRows, (kQuadColumns > 16 ? kQuadVectors / 2 : kQuadVectors)>(block, rows, row, j);
      row += rows;
    }
  }
  for (size_t r = 0; block.q != nullptr && r < block.rows; ++r) {
    u8_quantize(block.c + r * block.c_row, block.columns, block.inverse_scale, block.zero, block.q + r * block.q_row);
  }
}
