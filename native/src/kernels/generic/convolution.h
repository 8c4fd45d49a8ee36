// Convolution without a copied matrix, and pooling by the largest. RunBlock and PoolBlock in
// parameters.h say what they compute.

// `Rows` rows of line `line` times `Vectors` vectors, the first row `row` and column `j`.
template <size_t Rows, size_t Vectors>
[[gnu::noinline]] static void run_tile(const RunBlock& block, size_t line, size_t row, size_t j) noexcept {
  const size_t a_row = block.a_row;
  const size_t a_depth = block.a_depth;
  const size_t b_depth = block.b_depth;
  const float* a_run = block.a + line * block.a_line + row * a_row;
  const float* b_run = block.b + j / kPanel * block.b_panel + j % kPanel;
  W sum[Rows][Vectors];
  const float* const start = block.start + line * block.start_line + row * block.start_row + j;
#pragma GCC unroll 16
  for (size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
    for (size_t v = 0; v < Vectors; ++v) sum[r][v] = w_load(start + r * block.start_row + v * kWidth);
  }
  for (size_t s = 0; s < block.runs; ++s) {
    const float* a = a_run;
    const float* b = b_run;
    for (size_t k = 0; k < block.depth; ++k) {
      W right[Vectors];
#pragma GCC unroll 4
      for (size_t v = 0; v < Vectors; ++v) right[v] = w_load(b + v * kWidth);
#pragma GCC unroll 16
      for (size_t r = 0; r < Rows; ++r) {
        const W left = w_set(a + r * a_row);
#pragma GCC unroll 4
        for (size_t v = 0; v < Vectors; ++v) sum[r][v] = w_fma(left, right[v], sum[r][v]);
      }
      a += a_depth;
      b += b_depth;
    }
    a_run += block.a_run;
    b_run += block.b_run;
  }
  const W floor = w_all(block.floor);
  float* const c = block.c + line * block.c_line + row * block.c_row + j;
#pragma GCC unroll 16
  for (size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
    for (size_t v = 0; v < Vectors; ++v) w_store(c + r * block.c_row + v * kWidth, w_max(floor, sum[r][v]));
  }
}

// Calls the tile of `rows` rows, a number only known at run time.
template <size_t Rows, size_t Vectors>
TENON_INLINE void run_rows(const RunBlock& block, size_t rows, size_t line, size_t row, size_t j) {
  if constexpr (Rows > 0) {
    if (rows == Rows) run_tile<Rows, Vectors>(block, line, row, j);
    else run_rows<Rows - 1, Vectors>(block, rows, line, row, j);
  }
}

static void f32_run_block(const RunBlock& block) noexcept {
  if (block.rows == 0) return;
  // Tiles of nearly equal height, as in a dense block.
  const size_t tiles = (block.rows + kDenseRows - 1) / kDenseRows;
  const size_t height = block.rows / tiles;
  const size_t taller = block.rows % tiles;
  for (size_t j = 0; j < block.columns; j += kDenseColumns) {
    for (size_t line = 0; line < block.lines; ++line) {
      size_t row = 0;
      for (size_t i = 0; i < tiles; ++i) {
        const size_t rows = height + (i < taller ? 1 : 0);
        if (j + kDenseColumns <= block.columns) run_rows<kDenseRows, kDenseVectors>(block, rows, line, row, j);
        else run_rows<kDenseRows, (kDenseColumns > 16 ? kDenseVectors / 2 : kDenseVectors)>(block, rows, line, row, j);
        row += rows;
      }
    }
  }
}

static void f32_max_pool(const PoolBlock& block) noexcept {
  for (size_t y = 0; y < block.height; ++y) {
    for (size_t x = 0; x < block.width; ++x) {
      const float* const from = block.full + y * block.size * block.full_line + x * block.size * block.full_position;
      float* const to = block.pooled + y * block.pooled_line + x * block.pooled_position;
      float* const which = block.which + (y * block.width + x) * block.which_position;
      for (size_t c = 0; c < block.channels; c += 16) {
        F largest = f_load(from + c);
        F at = f_set(0.0f);
        float index = 0;
        for (size_t dy = 0; dy < block.size; ++dy) {
          for (size_t dx = 0; dx < block.size; ++dx) {
            const F value = f_load(from + dy * block.full_line + dx * block.full_position + c);
            const M more = f_less(largest, value);
            largest = f_select(more, value, largest);
            at = f_select(more, f_set(index), at);
            index += 1;
          }
        }
        const size_t n = block.channels - c;
        if (n >= 16) f_store(to + c, largest);
        else f_store_n(to + c, largest, n);
        f_store(which + c, at);
      }
    }
  }
}

static void f32_max_unpool(const PoolBlock& block) noexcept {
  const F zero = f_set(0.0f);
  for (size_t y = 0; y < block.height; ++y) {
    for (size_t x = 0; x < block.width; ++x) {
      float* const to = block.full + y * block.size * block.full_line + x * block.size * block.full_position;
      const float* const from = block.pooled + y * block.pooled_line + x * block.pooled_position;
      const float* const which = block.which + (y * block.width + x) * block.which_position;
      for (size_t c = 0; c < block.channels; c += 16) {
        const size_t n = block.channels - c;
        const F value = n >= 16 ? f_load(from + c) : f_load_n(from + c, n);
        const F at = f_load(which + c);
        float index = 0;
        for (size_t dy = 0; dy < block.size; ++dy) {
          for (size_t dx = 0; dx < block.size; ++dx) {
            const F here = f_set(index);
            const F kept = f_select(f_less(at, here), zero, f_select(f_less(here, at), zero, value));
            f_store(to + dy * block.full_line + dx * block.full_position + c, kept);
            index += 1;
          }
        }
      }
    }
  }
}
