// Something added up on threads of its own.
#pragma once
#include <algorithm>
#include <cstdint>
#include <thread>
#include <vector>

namespace ndl::bench {

inline const int kThreads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));

// Adds up f(lo, hi) over equal parts of [0, n), one a thread.
template <class Part>
double parallel_sum(int64_t n, int threads, Part part) {
  std::vector<double> sums(threads * 8);
  std::vector<std::thread> team;
  for (int t = 0; t < threads; ++t) {
    team.emplace_back([&, t] { sums[t * 8] = part(n * t / threads / 64 * 64, t + 1 == threads ? n : n * (t + 1) / threads / 64 * 64); });
  }
  for (std::thread& member : team) member.join();
  double total = 0;
  for (int t = 0; t < threads; ++t) total += sums[t * 8];
  return total;
}

}  // namespace ndl::bench
