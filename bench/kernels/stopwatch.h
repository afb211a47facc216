// The least time of several runs: what the machine can do, not what else it was doing.
#pragma once
#include <algorithm>
#include <chrono>

namespace ndl::bench {

inline double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Seconds of one call: calls are grouped to at least `group_seconds`, and the best of `groups` counts.
template <class Work>
double best_seconds(Work&& work, int groups = 7, double group_seconds = 0) {
  double start = now();
  work();
  const double once = now() - start;
  const int calls = std::max(1, static_cast<int>(group_seconds / std::max(once, 1e-9)));
  double best = once;
  for (int g = 0; g < groups; ++g) {
    start = now();
    for (int c = 0; c < calls; ++c) work();
    best = std::min(best, (now() - start) / calls);
  }
  return best;
}

}  // namespace ndl::bench
