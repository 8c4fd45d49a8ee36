// Products in single precision on tiles of bfloat16: TileProduct in parameters.h says what is computed.

constexpr size_t kPartBytes = kPanel * kTileStep * 2;
constexpr size_t kHalfBytes = kPartBytes / 2;
constexpr size_t kStepBytes = kTileParts * kPartBytes;
static_assert(kStepBytes == kTileFloats * sizeof(uint16_t));

// The parts of 16 numbers, each in the upper half of 32 bits. Cut, not rounded: three then hold all
// 24 bits, and none can overflow.
struct Parts {
  __m512i part[kTileParts];
};
TENON_INLINE Parts split(__m512 x) {
  const __m512i upper = _mm512_set1_epi32(static_cast<int>(0xffff0000));
  const __m512i first = _mm512_and_si512(_mm512_castps_si512(x), upper);
  const __m512 rest = _mm512_sub_ps(x, _mm512_castsi512_ps(first));
  const __m512i second = _mm512_and_si512(_mm512_castps_si512(rest), upper);
  const __m512 third = _mm512_sub_ps(rest, _mm512_castsi512_ps(second));
  return {{first, second, _mm512_castps_si512(third)}};
}

// The first `count` of 16.
TENON_INLINE __mmask16 lanes16(size_t count) { return static_cast<__mmask16>(count >= 16 ? 0xffff : (1u << count) - 1); }

// The largest of magnitudes as whole numbers, which are in the order of the magnitudes.
TENON_INLINE __m512i largest(__m512i seen, __m512 x) {
  return _mm512_max_epu32(seen, _mm512_and_si512(_mm512_castps_si512(x), _mm512_set1_epi32(0x7fffffff)));
}
TENON_INLINE bool finite(__m512i largest_seen) {
  return _mm512_cmpge_epu32_mask(largest_seen, _mm512_set1_epi32(0x7f800000)) == 0;
}

// Bits of the rows that are not finite.
static uint32_t rows_not_finite(const float* a, size_t stride, size_t rows, size_t depth) noexcept {
  uint32_t found = 0;
  for (size_t r = 0; r < rows; ++r) {
    const float magnitude = avx512_table().f32_magnitude(a + r * stride, depth);
    found |= static_cast<uint32_t>(magnitude - magnitude != 0) << r;
  }
  return found;
}

// Along the depth numbers lie side by side.
static uint32_t tile_split_rows(const float* a, size_t stride, size_t rows, size_t depth, uint16_t* panel) noexcept {
  const __m512i odd = _mm512_set_epi16(63, 61, 59, 57, 55, 53, 51, 49, 47, 45, 43, 41, 39, 37, 35, 33, 31, 29, 27, 25, 23,
                                       21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1);
  char* to = reinterpret_cast<char*>(panel);
  __m512i seen = _mm512_setzero_si512();
  for (size_t k = 0; k < depth; k += kTileStep, to += kStepBytes) {
    const size_t count = depth - k;
    const __mmask16 lanes[2] = {lanes16(count), lanes16(count > 16 ? count - 16 : 0)};
    for (size_t r = 0; r < rows; ++r) {
      const float* const from = a + r * stride + k;
      _mm_prefetch(reinterpret_cast<const char*>(from + kTileStep), _MM_HINT_T0);
      _mm_prefetch(reinterpret_cast<const char*>(from + kTileStep + 16), _MM_HINT_T0);
      const __m512 low = _mm512_maskz_loadu_ps(lanes[0], from);
      const __m512 high = _mm512_maskz_loadu_ps(lanes[1], from + 16);
      seen = largest(largest(seen, low), high);
      const Parts left = split(low), right = split(high);
      for (size_t p = 0; p < kTileParts; ++p) {
        _mm512_store_si512(to + p * kPartBytes + r * 64, _mm512_permutex2var_epi16(left.part[p], odd, right.part[p]));
      }
    }
    for (size_t p = 0; p < kTileParts; ++p) memset(to + p * kPartBytes + rows * 64, 0, (kPanel - rows) * 64);
  }
  return finite(seen) ? 0 : rows_not_finite(a, stride, rows, depth);
}

// Along the depth numbers lie in pairs, and pairs of neighbouring columns side by side.
static bool tile_split_columns(const float* b, size_t stride, size_t columns, size_t depth, uint16_t* panels,
                               size_t panel_stride) noexcept {
  const size_t padded_depth = (depth + kTileStep - 1) / kTileStep * kTileStep;
  __m512i seen = _mm512_setzero_si512();
  for (size_t j = 0; j < columns; j += kPanel, panels += panel_stride) {
    const __mmask16 lanes[2] = {lanes16(columns - j), lanes16(columns - j > 16 ? columns - j - 16 : 0)};
    char* to = reinterpret_cast<char*>(panels);
    for (size_t k = 0; k < padded_depth; k += 2, to += 64) {
      if (k > 0 && k % kTileStep == 0) to += kStepBytes - kHalfBytes;
      const float* const from = b + k * stride + j;
      for (size_t half = 0; half < 2; ++half) {
        // As a rule the panel beside comes next.
        _mm_prefetch(reinterpret_cast<const char*>(from + kPanel + half * 16), _MM_HINT_T0);
        _mm_prefetch(reinterpret_cast<const char*>(from + stride + kPanel + half * 16), _MM_HINT_T0);
        const __mmask16 here = k < depth ? lanes[half] : 0, next = k + 1 < depth ? lanes[half] : 0;
        const __m512 upper = _mm512_maskz_loadu_ps(here, from + half * 16);
        const __m512 lower = _mm512_maskz_loadu_ps(next, from + stride + half * 16);
        seen = largest(largest(seen, upper), lower);
        const Parts even = split(upper), odd = split(lower);
        for (size_t p = 0; p < kTileParts; ++p) {
          const __m512i pairs = _mm512_mask_mov_epi16(_mm512_srli_epi32(even.part[p], 16), 0xaaaaaaaa, odd.part[p]);
          _mm512_store_si512(to + p * kPartBytes + half * kHalfBytes, pairs);
        }
      }
    }
  }
  return finite(seen);
}

// Up to 32 rows and columns. Tiles 0 to 3 are sums, two times two, 4 and 5 rows of A, 6 and 7 columns
// of B. Small products first; each step reads the parts in an order in which one side stays.
template <bool Lower, bool Wide>
[[gnu::noinline]] static void tile_sums(const char* a, const char* b, size_t steps, float* sums,
                                        size_t sum_row) noexcept {
  const size_t sum_bytes = sum_row * sizeof(float);
  // The next step is fetched, as tiles are loaded too late to hide where they come from; some lines
  // before each instruction on tiles, which keeps those apart (tiles.h says why).
  constexpr size_t kLines = kStepBytes / 64, kLinesPerLoad = 7, kLinesPerProduct = 4;
  static_assert(14 * kLinesPerLoad + 24 * kLinesPerProduct >= 2 * kLines, "a step has so many loads and products");
  size_t fetched = 0;
  const auto fetch = [&](size_t lines) __attribute__((always_inline)) {
    for (size_t line = 0; line < lines; ++line, ++fetched) {
      _mm_prefetch(fetched < kLines ? a + kStepBytes + fetched * 64 : b + fetched * 64, _MM_HINT_T0);
    }
  };
  const auto left = [&](size_t part) __attribute__((always_inline)) {
    fetch(kLinesPerLoad);
    _tile_loadd(4, a + part * kPartBytes, 64);
    fetch(kLinesPerLoad);
    if constexpr (Lower) _tile_loadd(5, a + part * kPartBytes + kHalfBytes, 64);
  };
  const auto right = [&](size_t part) __attribute__((always_inline)) {
    fetch(kLinesPerLoad);
    _tile_loadd(6, b + part * kPartBytes, 64);
    fetch(kLinesPerLoad);
    if constexpr (Wide) _tile_loadd(7, b + part * kPartBytes + kHalfBytes, 64);
  };
  const auto multiply = [&]() __attribute__((always_inline)) {
    fetch(kLinesPerProduct);
    _tile_dpbf16ps(0, 4, 6);
    fetch(kLinesPerProduct);
    if constexpr (Wide) _tile_dpbf16ps(1, 4, 7);
    fetch(kLinesPerProduct);
    if constexpr (Lower) _tile_dpbf16ps(2, 5, 6);
    fetch(kLinesPerProduct);
    if constexpr (Lower && Wide) _tile_dpbf16ps(3, 5, 7);
  };
  _tile_zero(0);
  if constexpr (Wide) _tile_zero(1);
  if constexpr (Lower) _tile_zero(2);
  if constexpr (Lower && Wide) _tile_zero(3);
  for (size_t step = 0; step < steps; ++step, a += kStepBytes, b += kStepBytes) {
    fetched = 0;
    right(0);
    left(2);
    multiply();
    left(1);
    multiply();
    right(1);
    multiply();
    left(0);
    multiply();
    right(2);
    multiply();
    right(0);
    multiply();
  }
  _tile_stored(0, sums, sum_bytes);
  if constexpr (Wide) _tile_stored(1, sums + 16, sum_bytes);
  if constexpr (Lower) _tile_stored(2, sums + 16 * sum_row, sum_bytes);
  if constexpr (Lower && Wide) _tile_stored(3, sums + 16 * sum_row + 16, sum_bytes);
}

static void tile_multiply(const TileProduct& product) noexcept {
  alignas(64) float sums[kPanel][kPanel];
  const __m512 floor = _mm512_set1_ps(product.floor);
  const bool bare = product.start == nullptr && product.floor == -INFINITY;
  shape_tiles(16, 16);
  // The tiles are read behind the compiler's back.
  asm volatile("" ::: "memory");
  for (size_t j = 0; j < product.columns; j += kPanel) {
    const char* const b = reinterpret_cast<const char*>(product.b + j / kPanel * product.b_panel);
    const size_t columns = product.columns - j < kPanel ? product.columns - j : kPanel;
    const bool wide = columns > 16;
    const __mmask16 lanes[2] = {lanes16(columns), lanes16(wide ? columns - 16 : 0)};
    for (size_t i = 0; i < product.rows; i += kPanel) {
      const char* const a = reinterpret_cast<const char*>(product.a + i / kPanel * product.a_panel);
      const size_t rows = product.rows - i < kPanel ? product.rows - i : kPanel;
      if (bare && rows == kPanel && columns == kPanel) {
        tile_sums<true, true>(a, b, product.steps, product.c + i * product.c_row + j, product.c_row);
        continue;
      }
      if (rows > 16) (wide ? tile_sums<true, true> : tile_sums<true, false>)(a, b, product.steps, sums[0], kPanel);
      else (wide ? tile_sums<false, true> : tile_sums<false, false>)(a, b, product.steps, sums[0], kPanel);
      for (size_t r = 0; r < rows; ++r) {
        for (size_t half = 0; half <= static_cast<size_t>(wide); ++half) {
          const size_t at = j + half * 16;
          __m512 x = _mm512_load_ps(sums[r] + half * 16);
          if (product.start != nullptr) {
            x = _mm512_add_ps(x, _mm512_maskz_loadu_ps(lanes[half], product.start + (i + r) * product.start_row + at));
          }
          _mm512_mask_storeu_ps(product.c + (i + r) * product.c_row + at, lanes[half], _mm512_max_ps(floor, x));
        }
      }
    }
  }
  _tile_release();
}

constexpr TileKernels tile_kernels = {tile_split_rows, tile_split_columns, tile_multiply};
