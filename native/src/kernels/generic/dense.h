// The product inside dense layers: DenseBlock in parameters.h says what it computes.

constexpr size_t kDenseColumns = kDenseVectors * kWidth;

// Where up to 16 rows lie from the first, by odd multiples of the distance between rows, which
// addressing multiplies by 1, 2, 4 or 8: x86 has no registers for a pointer to each row.
template <size_t Rows>
struct RowDistances {
  size_t odd[Rows / 2 + 1];  // in bytes

  TENON_INLINE_MEMBER explicit RowDistances(size_t bytes) {
#pragma GCC unroll 16
    for (size_t i = 0; i < Rows / 2; ++i) odd[i] = (2 * i + 1) * bytes;
  }
  TENON_INLINE_MEMBER void vary() {
#pragma GCC unroll 16
    for (size_t i = 0; i < Rows / 2; ++i) TENON_VARYING(odd[i]);
  }
  template <typename T>
  TENON_INLINE_MEMBER const T* row(const T* first, size_t r) const {
    if (r == 0) return first;
    const size_t power = static_cast<size_t>(__builtin_ctzll(r));
    const size_t bytes = odd[r >> (power + 1)] << power;
    return reinterpret_cast<const T*>(reinterpret_cast<const char*>(first) + bytes);
  }
};

// One step of depth; b is read `at` floats on.
template <size_t Rows, size_t Tiles, size_t Vectors>
TENON_INLINE void dense_step(const float* a, const float* const (&b)[Tiles], size_t at, size_t b_depth,
                             RowDistances<Rows>& distances, W (&sum)[Rows][Tiles][Vectors]) {
  distances.vary();
  W right[Tiles][Vectors];
#pragma GCC unroll 4
  for (size_t t = 0; t < Tiles; ++t) {
#pragma GCC unroll 4
    for (size_t v = 0; v < Vectors; ++v) right[t][v] = w_load(b[t] + at + v * kWidth);
    for (size_t v = 0; v < Vectors * kWidth; v += 16) prefetch(b[t] + at + 8 * b_depth + v);
  }
#pragma GCC unroll 16
  for (size_t r = 0; r < Rows; ++r) {
    const W left = w_set(distances.row(a, r));
#pragma GCC unroll 4
    for (size_t t = 0; t < Tiles; ++t) {
#pragma GCC unroll 4
      for (size_t v = 0; v < Vectors; ++v) sum[r][t][v] = w_fma(left, right[t][v], sum[r][t][v]);
    }
  }
}

// `Rows` rows times `Tiles` tiles of `Vectors` vectors, the first at column `j`: several tiles at
// once where few rows would leave too few independent sums to hide the latency of a multiply-add.
template <size_t Rows, size_t Tiles, size_t Vectors>
[[gnu::noinline]] static void dense_tile(const DenseBlock& block, size_t row, size_t j) noexcept {
  const float* a = block.a + row * block.a_row;
  const float* b[Tiles];
#pragma GCC unroll 4
  for (size_t t = 0; t < Tiles; ++t) {
    const size_t at = j + t * kDenseColumns;
    b[t] = block.b + at / kPanel * block.b_panel + at % kPanel;
  }
  W sum[Rows][Tiles][Vectors];
  if (block.start == nullptr || block.apart) {
#pragma GCC unroll 16
    for (size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
      for (size_t t = 0; t < Tiles; ++t) {
#pragma GCC unroll 4
        for (size_t v = 0; v < Vectors; ++v) sum[r][t][v] = w_zero();
      }
    }
  } else {
    const float* const start = block.start + row * block.start_row + j;
#pragma GCC unroll 16
    for (size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
      for (size_t t = 0; t < Tiles; ++t) {
#pragma GCC unroll 4
        for (size_t v = 0; v < Vectors; ++v) {
          sum[r][t][v] = w_load(start + r * block.start_row + t * kDenseColumns + v * kWidth);
        }
      }
    }
  }
  // Where the results go comes into the second-level cache meanwhile; rows that lie a power of two
  // apart would drive each other out of the first.
  float* const c = block.c + row * block.c_row + j;
#pragma GCC unroll 16
  for (size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
    for (size_t t = 0; t < Tiles; ++t) {
      for (size_t v = 0; v < Vectors * kWidth; v += 16) {
        __builtin_prefetch(c + r * block.c_row + t * kDenseColumns + v, 1, 2);
      }
    }
  }
  RowDistances<Rows> distances(block.a_row * sizeof(float));
  const size_t a_depth = block.a_depth;
  const size_t b_depth = block.b_depth;
  size_t k = 0;
  if (a_depth == 1 && b_depth == kPanel) {
    // Counting takes a place from the multiply-adds: four steps to each count.
    constexpr size_t kSteps = 4;
    for (; k + kSteps <= block.depth; k += kSteps) {
#pragma GCC unroll 4
      for (size_t step = 0; step < kSteps; ++step) dense_step<Rows, Tiles, Vectors>(a + step, b, step * kPanel, kPanel, distances, sum);
      a += kSteps;
#pragma GCC unroll 4
      for (size_t t = 0; t < Tiles; ++t) b[t] += kSteps * kPanel;
    }
  }
  for (; k < block.depth; ++k) {
    dense_step<Rows, Tiles, Vectors>(a, b, 0, b_depth, distances, sum);
    a += a_depth;
#pragma GCC unroll 4
    for (size_t t = 0; t < Tiles; ++t) b[t] += b_depth;
  }
  const W floor = w_all(block.floor);
  if (block.apart) {
    const float* const start = block.start + row * block.start_row + j;
#pragma GCC unroll 16
    for (size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
      for (size_t t = 0; t < Tiles; ++t) {
#pragma GCC unroll 4
        for (size_t v = 0; v < Vectors; ++v) {
          const W before = w_load(start + r * block.start_row + t * kDenseColumns + v * kWidth);
          sum[r][t][v] = w_add(before, sum[r][t][v]);
        }
      }
    }
  }
#pragma GCC unroll 16
  for (size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
    for (size_t t = 0; t < Tiles; ++t) {
#pragma GCC unroll 4
      for (size_t v = 0; v < Vectors; ++v) {
        w_store(c + r * block.c_row + t * kDenseColumns + v * kWidth, w_max(floor, sum[r][t][v]));
      }
    }
  }
}

// Calls the tile of `rows` rows, a number only known at run time.
template <size_t Rows, size_t Tiles, size_t Vectors>
TENON_INLINE void dense_rows(const DenseBlock& block, size_t rows, size_t row, size_t j) {
  if constexpr (Rows > 0) {
    if (rows == Rows) dense_tile<Rows, Tiles, Vectors>(block, row, j);
    else dense_rows<Rows - 1, Tiles, Vectors>(block, rows, row, j);
  }
}

static void f32_dense_block(const DenseBlock& block) noexcept {
  if (block.rows == 0) return;
  size_t j = 0;
  if (block.rows == 1) {
    for (; j + 4 * kDenseColumns <= block.columns; j += 4 * kDenseColumns) dense_tile<1, 4, kDenseVectors>(block, 0, j);
  } else if (block.rows <= 3) {
    for (; j + 2 * kDenseColumns <= block.columns; j += 2 * kDenseColumns) {
      dense_rows<3, 2, kDenseVectors>(block, block.rows, 0, j);
    }
  }
  // Tiles of nearly equal height: a short last one would cost as much as a full one.
  const size_t tiles = (block.rows + kDenseRows - 1) / kDenseRows;
  const size_t height = block.rows / tiles;
  const size_t taller = block.rows % tiles;
  for (; j < block.columns; j += kDenseColumns) {
    size_t row = 0;
    for (size_t i = 0; i < tiles; ++i) {
      const size_t rows = height + (i < taller ? 1 : 0);
      if (j + kDenseColumns <= block.columns) dense_rows<kDenseRows, 1, kDenseVectors>(block, rows, row, j);
      else dense_rows<kDenseRows, 1, (kDenseColumns > 16 ? kDenseVectors / 2 : kDenseVectors)>(block, rows, row, j);
      row += rows;
    }
  }
}
