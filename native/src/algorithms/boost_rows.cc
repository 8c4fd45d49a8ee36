#include "boost_rows.h"

#include <algorithm>
#include <cstring>

#include "../runtime/thread_pool.h"

namespace tenon {
namespace {

// Written beyond the last row by vector stores.
constexpr size_t kSlack = 64;

template <uint32_t kGroups>
void copy_bins(const uint8_t* from, uint8_t* left, uint8_t* right, uint64_t word, size_t count) noexcept {
  constexpr size_t kBytes = kGroups * kGroupLanes;
  for (size_t i = 0; i < count; ++i) {
    const bool goes_left = word >> i & 1;
    uint8_t* to = goes_left ? left : right;
    std::memcpy(to, from + i * kBytes, kBytes);
    left += goes_left ? kBytes : 0;
    right += goes_left ? 0 : kBytes;
  }
}

void copy_bins_any(uint32_t groups, const uint8_t* from, uint8_t* left, uint8_t* right, uint64_t word,
                   size_t count) noexcept {
  switch (groups) {
    case 1: return copy_bins<1>(from, left, right, word, count);
    case 2: return copy_bins<2>(from, left, right, word, count);
    case 3: return copy_bins<3>(from, left, right, word, count);
    case 4: return copy_bins<4>(from, left, right, word, count);
    case 5: return copy_bins<5>(from, left, right, word, count);
    case 6: return copy_bins<6>(from, left, right, word, count);
    case 7: return copy_bins<7>(from, left, right, word, count);
    default: return copy_bins<8>(from, left, right, word, count);
  }
}

}  // namespace

BoostRows::BoostRows(const BoostFeatures& features, uint32_t rows) : features_(features) {
  for (int place = 0; place < 2; ++place) {
    ids_[place].resize(rows + kSlack);
    packed_[place].resize(rows + kSlack);
    if (features.rows_together) bins_[place].resize((rows + kSlack) * features.row_stride);
  }
}

void BoostRows::start(const std::vector<uint32_t>* sample, uint32_t count, const uint64_t* packed) {
  identity_ = sample == nullptr;
  root_packed_ = packed;
  ThreadPool::instance().parallel_for(count, 8192, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      const uint32_t row = identity_ ? static_cast<uint32_t>(i) : (*sample)[i];
      ids_[0][i] = row;
      if (identity_) continue;
      packed_[0][i] = packed[row];
      if (features_.rows_together) {
        std::memcpy(bins_[0].data() + i * features_.row_stride, features_.bins.data() + row * features_.row_stride,
                    features_.row_stride);
      }
    }
  });
}

NodeRows BoostRows::node(uint32_t group, uint32_t depth, uint32_t begin) const noexcept {
  const uint8_t* source = features_.bins.data() + group * features_.group_stride;
  if (depth == 0 && identity_) return {source + begin * features_.row_stride, features_.row_stride, nullptr};
  if (!features_.rows_together) return {source, features_.row_stride, ids_[depth & 1].data() + begin};
  return {bins_[depth & 1].data() + begin * features_.row_stride + group * features_.group_stride,
          features_.row_stride, nullptr};
}

// Calls body(offset, word, count) for up to 64 rows at a time; bit i of the word says whether row
// offset + i goes left.
template <typename Body>
void BoostRows::for_each_word(const Piece& piece, Body body) const noexcept {
  const BoostSplit& split = *piece.split;
  const uint32_t group = features_.group_of(split.feature);
  const uint32_t lane = split.feature - features_.first[group];
  uint8_t left_of[256];
  for (uint32_t bin = 0; bin < 256; ++bin) left_of[bin] = split.goes_left(bin, features_.value_bins[group]);
  const NodeRows rows = node(group, piece.depth, piece.begin);
  const uint8_t* bins = rows.bins + lane;
  const size_t count = piece.end - piece.begin;
  for (size_t i = 0; i < count; i += 64) {
    const size_t width = std::min<size_t>(64, count - i);
    uint64_t word = 0;
    if (rows.ids == nullptr) {
      for (size_t k = 0; k < width; ++k) word |= static_cast<uint64_t>(left_of[bins[(i + k) * rows.stride]]) << k;
    } else {
      for (size_t k = 0; k < width; ++k) word |= static_cast<uint64_t>(left_of[bins[rows.ids[i + k] * rows.stride]]) << k;
    }
    body(i, word, width);
  }
}

uint32_t BoostRows::count_left(const Piece& piece) const noexcept {
  uint32_t left = 0;
  for_each_word(piece, [&](size_t, uint64_t word, size_t) { left += static_cast<uint32_t>(__builtin_popcountll(word)); });
  return left;
}

void BoostRows::divide(const Piece& piece) noexcept {
  const uint32_t* ids = ids_[piece.depth & 1].data() + piece.begin;
  const uint64_t* packed = this->packed(piece.depth) + piece.begin;
  uint32_t* to_ids = ids_[(piece.depth & 1) ^ 1].data();
  uint64_t* to_packed = packed_[(piece.depth & 1) ^ 1].data();
  uint8_t* to_bins = bins_[(piece.depth & 1) ^ 1].data();
  const bool move_bins = !piece.ids_only && features_.rows_together;
  const uint8_t* bins = move_bins ? node(0, piece.depth, piece.begin).bins : nullptr;
  const size_t stride = features_.row_stride;
  uint32_t left = piece.left;
  uint32_t right = piece.right;
  for_each_word(piece, [&](size_t offset, uint64_t word, size_t count) {
    uint32_t l = left;
    uint32_t r = right;
    if (piece.ids_only) {
      for (size_t k = 0; k < count; ++k) {
        const uint32_t goes_left = word >> k & 1;
        to_ids[goes_left ? l : r] = ids[offset + k];
        l += goes_left;
        r += 1 - goes_left;
      }
    } else {
      for (size_t k = 0; k < count; ++k) {
        const uint32_t goes_left = word >> k & 1;
        const uint32_t to = goes_left ? l : r;
        to_ids[to] = ids[offset + k];
        to_packed[to] = packed[offset + k];
        l += goes_left;
        r += 1 - goes_left;
      }
    }
    if (move_bins) {
      copy_bins_any(features_.group_count, bins + offset * stride, to_bins + left * stride, to_bins + right * stride,
                    word, count);
    }
    left = l;
    right = r;
  });
}

}  // namespace tenon
