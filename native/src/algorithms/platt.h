#pragma once

#include <cstdint>
#include <vector>

#include "../runtime/task.h"

namespace tenon {

// log-odds = slope margin + offset
struct PlattScale {
  double slope = 1;
  double offset = 0;
};

// The scale under which the given margins are likeliest: cross-entropy against targets drawn in
// from 0 and 1 by the classes' sizes, minimized by Newton's method with halvings. `positive` says
// which rows belong to the class; `weights` is empty or counts them. Meaningless when stopped.
PlattScale fit_platt(const std::vector<double>& margins, const std::vector<uint8_t>& positive,
                     const std::vector<double>& weights, const TaskControl& control);

}  // namespace tenon
