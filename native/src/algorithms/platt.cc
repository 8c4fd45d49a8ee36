#include "platt.h"

#include <cmath>

namespace tenon {
namespace {

constexpr int kMaxSteps = 100;
constexpr double kEnough = 1e-8;   // mean gradient
constexpr double kRidge = 1e-12;   // keeps the Hessian invertible

// ln(1 + e^x) without overflow.
double soft_plus(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }

}  // namespace

PlattScale fit_platt(const std::vector<double>& margins, const std::vector<uint8_t>& positive,
                     const std::vector<double>& weights, const TaskControl& control) {
  const auto weight = [&](size_t i) { return weights.empty() ? 1.0 : weights[i]; };
  double total = 0;
  double inside = 0;
  for (size_t i = 0; i < margins.size(); ++i) {
    total += weight(i);
    if (positive[i]) inside += weight(i);
  }
  const double high = (inside + 1) / (inside + 2);
  const double low = 1 / (total - inside + 2);
  const auto loss = [&](const PlattScale& scale) {
    double sum = 0;
    for (size_t i = 0; i < margins.size(); ++i) {
      const double z = scale.slope * margins[i] + scale.offset;
      sum += weight(i) * (soft_plus(z) - (positive[i] ? high : low) * z);
    }
    return sum / total;
  };
  PlattScale scale{0, std::log((inside + 1) / (total - inside + 1))};
  double value = loss(scale);
  for (int step = 0; step < kMaxSteps && !control.stopped(); ++step) {
    double g1 = 0, g2 = 0, h11 = kRidge, h12 = 0, h22 = kRidge;
    for (size_t i = 0; i < margins.size(); ++i) {
      const double f = margins[i];
      const double p = 1 / (1 + std::exp(-(scale.slope * f + scale.offset)));
      const double w = weight(i) / total;
      const double difference = w * (p - (positive[i] ? high : low));
      const double curvature = w * p * (1 - p);
      g1 += difference * f;
      g2 += difference;
      h11 += curvature * f * f;
      h12 += curvature * f;
      h22 += curvature;
    }
    if (std::abs(g1) < kEnough && std::abs(g2) < kEnough) break;
    const double determinant = h11 * h22 - h12 * h12;
    if (!(determinant > 0)) break;
    const double d1 = -(h22 * g1 - h12 * g2) / determinant;
    const double d2 = -(h11 * g2 - h12 * g1) / determinant;
    const double slope = g1 * d1 + g2 * d2;
    double length = 1;
    bool found = false;
    for (; length > 1e-10 && !found; length /= 2) {
      const PlattScale next{scale.slope + length * d1, scale.offset + length * d2};
      const double next_value = loss(next);
      if (!(next_value < value + 1e-4 * length * slope)) continue;
      scale = next;
      value = next_value;
      found = true;
    }
    if (!found) break;
  }
  return scale;
}

}  // namespace tenon
