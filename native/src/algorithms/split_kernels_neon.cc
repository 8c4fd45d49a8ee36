#include "split_kernels_neon.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#include <cmath>

namespace tenon {
namespace {

// The best split seen in each of four lanes.
struct Best {
  float32x4_t cost = vdupq_n_f32(INFINITY);
  uint32x4_t bin = vdupq_n_u32(0);

  void take(uint32x4_t better, float32x4_t new_cost, uint32x4_t new_bin) noexcept {
    cost = vbslq_f32(better, new_cost, cost);
    bin = vbslq_u32(better, new_bin, bin);
  }

  // The lowest cost of the four, and the lowest bin among equals.
  BinSplit lowest() const noexcept {
    const float lowest_cost = vminvq_f32(cost);
    if (lowest_cost == INFINITY) return {INFINITY, 0};
    const uint32x4_t equal = vceqq_f32(cost, vdupq_n_f32(lowest_cost));
    return {lowest_cost, vminvq_u32(vornq_u32(bin, equal))};
  }
};

// What a node's splits have in common, spread over four lanes.
struct Node {
  explicit Node(const TwoClassNode& node) noexcept
      : rows(vdupq_n_u32(node.total & 0xffff)),
        rows1(vdupq_n_u32(node.total >> 16)),
        min_leaf(vdupq_n_u32(node.min_leaf)),
        weight0(node.weight0),
        weight1(node.weight1) {}

  // The costs of four splits, by rows on the left and those of class 1 among them; `valid` tells
  // which of them leave enough rows on both sides. The operations and their order are cost_of's.
  float32x4_t costs(uint32x4_t left_rows, uint32x4_t left1, uint32x4_t* valid) const noexcept {
    const uint32x4_t right_rows = vsubq_u32(rows, left_rows);
    const uint32x4_t right1 = vsubq_u32(rows1, left1);
    *valid = vandq_u32(vcgeq_u32(left_rows, min_leaf), vcgeq_u32(right_rows, min_leaf));
    const float32x4_t l1 = vmulq_n_f32(vcvtq_f32_u32(left1), weight1);
    const float32x4_t l0 = vmulq_n_f32(vcvtq_f32_u32(vsubq_u32(left_rows, left1)), weight0);
    const float32x4_t r1 = vmulq_n_f32(vcvtq_f32_u32(right1), weight1);
    const float32x4_t r0 = vmulq_n_f32(vcvtq_f32_u32(vsubq_u32(right_rows, right1)), weight0);
    const float32x4_t l = vaddq_f32(l0, l1);
    const float32x4_t r = vaddq_f32(r0, r1);
    return vdivq_f32(vaddq_f32(vmulq_f32(vmulq_f32(l0, l1), r), vmulq_f32(vmulq_f32(r0, r1), l)), vmulq_f32(l, r));
  }

  uint32x4_t rows;
  uint32x4_t rows1;
  uint32x4_t min_leaf;
  float weight0;
  float weight1;
};

// 0, 1, 2, 3.
uint32x4_t first_lanes() noexcept {
  static constexpr uint32_t kLanes[4] = {0, 1, 2, 3};
  return vld1q_u32(kLanes);
}

// Element `quarter` of the four groups of four bytes, widened.
uint32x4_t widened(uint8x16_t bytes, int quarter) noexcept {
  const uint16x8_t half = quarter < 2 ? vmovl_u8(vget_low_u8(bytes)) : vmovl_high_u8(bytes);
  return quarter % 2 == 0 ? vmovl_u16(vget_low_u16(half)) : vmovl_high_u16(half);
}

// Each row is a candidate: its left side is every row whose bin is not above its own, counted for
// all 16 kVectors candidates at once, one row at a time. No histogram to clear or to walk.
template <int kVectors>
BinSplit scan_rows_of(const uint8_t* bins, const uint8_t* weights, const uint8_t* weights1, uint32_t count,
                      const TwoClassNode& given) noexcept {
  uint8x16_t candidates[kVectors], left[kVectors], left1[kVectors];
  for (int v = 0; v < kVectors; ++v) {
    candidates[v] = vld1q_u8(bins + 16 * v);
    left[v] = left1[v] = vdupq_n_u8(0);
  }
  for (uint32_t i = 0; i < count; ++i) {
    const uint8x16_t bin = vdupq_n_u8(bins[i]);
    const uint8x16_t weight = vdupq_n_u8(weights[i]);
    const uint8x16_t weight1 = vdupq_n_u8(weights1[i]);
    for (int v = 0; v < kVectors; ++v) {
      const uint8x16_t at_left = vcgeq_u8(candidates[v], bin);
      left[v] = vaddq_u8(left[v], vandq_u8(at_left, weight));
      left1[v] = vaddq_u8(left1[v], vandq_u8(at_left, weight1));
    }
  }
  const Node node(given);
  const uint32x4_t end = vdupq_n_u32(count);
  uint32x4_t row = first_lanes();
  Best best;
  for (int v = 0; v < kVectors; ++v) {
    for (int quarter = 0; quarter < 4; ++quarter) {
      uint32x4_t valid;
      const float32x4_t cost = node.costs(widened(left[v], quarter), widened(left1[v], quarter), &valid);
      const uint32x4_t bin = widened(candidates[v], quarter);
      // Rows come in no order of bins: among equal costs the lower bin must win here too.
      const uint32x4_t better = vorrq_u32(
          vcltq_f32(cost, best.cost), vandq_u32(vceqq_f32(cost, best.cost), vcltq_u32(bin, best.bin)));
      best.take(vandq_u32(better, vandq_u32(valid, vcltq_u32(row, end))), cost, bin);
      row = vaddq_u32(row, vdupq_n_u32(4));
    }
  }
  return best.lowest();
}

}  // namespace

BinSplit scan_neon(const uint32_t* histogram, uint32_t carry, const TwoClassNode& given) noexcept {
  const Node node(given);
  const uint32x4_t zero = vdupq_n_u32(0);
  const uint32x4_t low = vdupq_n_u32(0xffff);
  uint32x4_t running = vdupq_n_u32(carry);
  uint32x4_t bin = first_lanes();
  Best best;
  for (int i = 0; i < 256; i += 4) {
    uint32x4_t sum = vld1q_u32(histogram + i);
    sum = vaddq_u32(sum, vextq_u32(zero, sum, 3));
    sum = vaddq_u32(sum, vextq_u32(zero, sum, 2));
    const uint32x4_t left = vaddq_u32(sum, running);
    running = vdupq_laneq_u32(left, 3);
    uint32x4_t valid;
    const float32x4_t cost = node.costs(vandq_u32(left, low), vshrq_n_u32(left, 16), &valid);
    best.take(vandq_u32(vcltq_f32(cost, best.cost), valid), cost, bin);
    bin = vaddq_u32(bin, vdupq_n_u32(4));
  }
  return best.lowest();
}

BinSplit scan_rows_neon(const uint8_t* bins, const uint8_t* weights, const uint8_t* weights1, uint32_t count,
                        const TwoClassNode& node) noexcept {
  if (count <= 16) return scan_rows_of<1>(bins, weights, weights1, count, node);
  if (count <= 32) return scan_rows_of<2>(bins, weights, weights1, count, node);
  return scan_rows_of<4>(bins, weights, weights1, count, node);
}

}  // namespace tenon
#endif
