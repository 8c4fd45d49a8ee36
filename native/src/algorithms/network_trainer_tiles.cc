#include <algorithm>
#include <cmath>

#include "../runtime/thread_pool.h"
#include "network_trainer.h"

namespace tenon {
namespace {

// The depth multiplied at once, of so many rows: few enough for the first-level cache to keep a
// panel of weights for all of them. It decides where sums are rounded.
constexpr size_t kDepth = 128;
constexpr size_t kRows = 128;

// Panels of a network this narrow would cost as much to split as they save.
constexpr size_t kLeastWidth = 64;

size_t steps_of(size_t depth) { return chunk_count(depth, kTileStep); }

}  // namespace

bool NetworkTrainer::suits_tiles(const Layer& layer) const noexcept {
  return kernels().tiles != nullptr && layer.inputs >= kLeastWidth && layer.units >= kLeastWidth &&
         batch_rows_ >= kTileStep;
}

void NetworkTrainer::prepare_tiles(Layer& layer, bool goes_back) {
  layer.split_input = Buffer<uint16_t>(panels_of(layer.inputs) * tile_panel(batch_rows_));
  layer.split_delta = Buffer<uint16_t>(panels_of(layer.units) * tile_panel(batch_rows_));
  // Convolutions hand on a few rows at a time.
  if (convolutions_ != nullptr) return;
  layer.split_weights = Buffer<uint16_t>(panels_of(layer.units) * tile_panel(layer.inputs));
  if (goes_back) layer.split_transposed = Buffer<uint16_t>(panels_of(layer.inputs) * tile_panel(layer.units));
}

// C = max(floor, start + A B) for rows of A as they are and the panels of B.
void NetworkTrainer::multiply_rows(const float* a, size_t stride, size_t depth, const TileProduct& wanted) {
  thread_local Buffer<uint16_t> left(kRows / kPanel * tile_panel(kDepth));
  const TileKernels& tiles = *kernels().tiles;
  for (size_t row = 0; row < wanted.rows; row += kRows) {
    TileProduct product = wanted;
    product.rows = std::min(kRows, wanted.rows - row);
    product.c = wanted.c + row * wanted.c_row;
    product.a = left.data();
    for (size_t from = 0; from < depth; from += kDepth) {
      const size_t deep = std::min(kDepth, depth - from);
      product.a_panel = tile_panel(deep);
      for (size_t r = 0; r < product.rows; r += kPanel) {
        (void)tiles.split_rows(a + (row + r) * stride + from, stride, std::min(kPanel, product.rows - r), deep,
                               left.data() + r / kPanel * product.a_panel);
      }
      product.b = wanted.b + from / kTileStep * kTileFloats;
      product.steps = steps_of(deep);
      if (from > 0) {
        product.start = product.c;
        product.start_row = product.c_row;
      }
      product.floor = from + kDepth < depth ? -INFINITY : wanted.floor;
      tiles.multiply(product);
    }
  }
}

// What the gradients' products read of rows of the batch, the first of which begins a step.
void NetworkTrainer::split_batch(size_t first, size_t last) {
  const TileKernels& tiles = *kernels().tiles;
  const size_t panel = tile_panel(batch_rows_);
  for (size_t l = 0; l < layers_.size(); ++l) {
    Layer& layer = layers_[l];
    if (layer.split_delta.size() == 0) continue;
    const float* const input = l == 0 ? input_.data() : layers_[l - 1].output;
    const size_t stride = l == 0 ? input_stride_ : layers_[l - 1].stride;
    for (size_t row = first; row < last; row += kTileStep) {
      const size_t rows = std::min(kTileStep, last - row);
      const size_t at = row / kTileStep * kTileFloats;
      (void)tiles.split_columns(layer.delta + row * layer.stride, layer.stride, layer.units, rows,
                                layer.split_delta.data() + at, panel);
      alignas(64) float turned[kPanel * kTileStep];
      for (size_t k = 0; k < layer.inputs; k += kPanel) {
        const size_t inputs = std::min(kPanel, layer.inputs - k);
        for (size_t r = 0; r < rows; r += 16) {
          kernels().f32_transpose16(input + (row + r) * stride + k, stride, std::min<size_t>(16, rows - r), inputs,
                                    turned + r, kTileStep);
        }
        (void)tiles.split_rows(turned, kTileStep, inputs, rows, layer.split_input.data() + k / kPanel * panel + at);
      }
    }
  }
}

// The gradient of `count` weights' inputs from `first` on, a row of kPanel for each.
void NetworkTrainer::multiply_tiles(const Layer& layer, size_t panel, size_t first, size_t count, size_t rows,
                                    float* gradient) const {
  const size_t deep = tile_panel(batch_rows_);
  TileProduct product{};
  product.a = layer.split_input.data() + first / kPanel * deep;
  product.a_panel = deep;
  product.b = layer.split_delta.data() + panel * deep;
  product.b_panel = deep;
  product.steps = steps_of(rows);
  product.c = gradient;
  product.c_row = kPanel;
  product.rows = count;
  product.columns = kPanel;
  product.floor = -INFINITY;
  kernels().tiles->multiply(product);
}

// What is kept of the weights of a panel besides themselves, for inputs from a whole step on.
void NetworkTrainer::refresh(Layer& layer, size_t panel, size_t first, size_t last) {
  if (layer.transposed.size() > 0) transpose(layer, panel, first, last);
  if (layer.split_weights.size() == 0) return;
  const TileKernels& tiles = *kernels().tiles;
  const float* const weights = layer.weights.value.data() + (panel * layer.inputs + first) * kPanel;
  (void)tiles.split_columns(weights, kPanel, kPanel, last - first,
                            layer.split_weights.data() + panel * tile_panel(layer.inputs) + first / kTileStep * kTileFloats,
                            0);
  if (layer.split_transposed.size() == 0) return;
  const size_t units = std::min(kPanel, layer.units - panel * kPanel);
  alignas(64) float turned[kPanel * kPanel];
  for (size_t k = first; k < last; k += kPanel) {
    const size_t inputs = std::min(kPanel, last - k);
    for (size_t i = 0; i < inputs; i += 16) {
      kernels().f32_transpose16(weights + (k - first + i) * kPanel, kPanel, std::min<size_t>(16, inputs - i), units,
                                turned + i, kPanel);
    }
    (void)tiles.split_columns(turned, kPanel, inputs, units,
                              layer.split_transposed.data() + k / kPanel * tile_panel(layer.units) + panel * kTileFloats,
                              0);
  }
}

void NetworkTrainer::refresh(Layer& layer) {
  if (layer.transposed.size() == 0 && layer.split_weights.size() == 0) return;
  for (size_t panel = 0; panel < panels_of(layer.units); ++panel) refresh(layer, panel, 0, layer.inputs);
}

}  // namespace tenon
