#include "boost_rows.h"

#include <algorithm>
#include <cstring>

#include "../runtime/thread_pool.h"

namespace tenon {
namespace {

// Rows tested and then moved: few enough for the first-level cache.
constexpr uint32_t kRunRows = 1024;

}  // namespace

BoostRows::BoostRows(const BoostFeatures& features, uint32_t rows)
    : features_(features), kernels_(boost_kernels()), bins_stride_(size_t{rows} * kGroupLanes) {
  for (int place = 0; place < 2; ++place) {
    ids_[place].resize(rows);
    packed_[place].resize(rows);
    if (features.moves) bins_[place].resize(features.group_count * bins_stride_);
  }
}

void BoostRows::start(const std::vector<uint32_t>* sample, uint32_t count, const uint64_t* packed) {
  identity_ = sample == nullptr;
  root_packed_ = packed;
  ThreadPool::instance().parallel_for(count, 8192, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) ids_[0][i] = identity_ ? static_cast<uint32_t>(i) : (*sample)[i];
    if (identity_) return;
    for (size_t i = begin; i < end; ++i) packed_[0][i] = packed[ids_[0][i]];
    if (!features_.moves) return;
    for (uint32_t g = 0; g < features_.group_count; ++g) {
      const uint8_t* from = features_.bins.data() + g * features_.group_stride;
      uint8_t* to = bins_[0].data() + g * bins_stride_;
      for (size_t i = begin; i < end; ++i) {
        std::memcpy(to + i * kGroupLanes, from + size_t{ids_[0][i]} * kGroupLanes, kGroupLanes);
      }
    }
  });
}

NodeRows BoostRows::node(uint32_t group, uint32_t depth, uint32_t begin) const noexcept {
  const uint8_t* source = features_.bins.data() + group * features_.group_stride;
  if (depth == 0 && identity_) return {source + size_t{begin} * kGroupLanes, nullptr};
  if (!features_.moves) return {source, ids_[depth & 1].data() + begin};
  return {bins_[depth & 1].data() + group * bins_stride_ + size_t{begin} * kGroupLanes, nullptr};
}

size_t BoostRows::test(const BoostSplit& split, uint32_t depth, uint32_t begin, uint32_t count,
                       uint64_t* words) const noexcept {
  const uint32_t group = features_.group_of(split.feature);
  const uint32_t lane = split.feature - features_.first[group];
  const uint32_t missing_bin = features_.value_bins[group];
  const NodeRows rows = node(group, depth, begin);
  if (!split.categorical) {
    return kernels_.test(rows, count, {lane, split.bin, missing_bin, split.missing_left}, words);
  }
  size_t left = 0;
  std::fill_n(words, (count + 63) / 64, 0);
  for (uint32_t i = 0; i < count; ++i) {
    const size_t row = rows.ids == nullptr ? i : rows.ids[i];
    const bool goes_left = split.goes_left(rows.bins[row * kGroupLanes + lane], missing_bin);
    words[i / 64] |= static_cast<uint64_t>(goes_left) << (i % 64);
    left += goes_left;
  }
  return left;
}

uint32_t BoostRows::count_left(const Piece& piece) const noexcept {
  uint64_t words[kRunRows / 64];
  size_t left = 0;
  for (uint32_t begin = piece.begin; begin < piece.end; begin += kRunRows) {
    left += test(*piece.split, piece.depth, begin, std::min(kRunRows, piece.end - begin), words);
  }
  return static_cast<uint32_t>(left);
}

void BoostRows::divide(const Piece& piece) noexcept {
  const uint32_t* from_ids = ids_[piece.depth & 1].data();
  const uint64_t* from_packed = packed(piece.depth);
  const int place = (piece.depth & 1) ^ 1;
  size_t left = piece.left;
  size_t right = piece.right;
  uint64_t words[kRunRows / 64];
  for (uint32_t begin = piece.begin; begin < piece.end; begin += kRunRows) {
    const uint32_t count = std::min(kRunRows, piece.end - begin);
    const size_t lefts = test(*piece.split, piece.depth, begin, count, words);
    kernels_.move_ids(from_ids + begin, count, words, ids_[place].data() + left, ids_[place].data() + right);
    if (!piece.ids_only) {
      kernels_.move_packed(from_packed + begin, count, words, packed_[place].data() + left,
                           packed_[place].data() + right);
      for (uint32_t g = 0; features_.moves && g < features_.group_count; ++g) {
        // A row of a group is eight bytes, like a packed gradient.
        uint64_t* to = reinterpret_cast<uint64_t*>(bins_[place].data() + g * bins_stride_);
        kernels_.move_packed(reinterpret_cast<const uint64_t*>(node(g, piece.depth, begin).bins), count, words,
                             to + left, to + right);
      }
    }
    left += lefts;
    right += count - lefts;
  }
}

}  // namespace tenon
