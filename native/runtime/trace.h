// What the workers did lately, for the dashboard: a ring that forgets the oldest.
#pragma once
#include <cstdint>
#include <vector>

namespace ndl {

struct TraceRecord {
  int32_t worker;
  int64_t run;
  int32_t layer;
  int64_t start_ns, end_ns;  // of the monotonic clock
  int64_t bytes_out;
};

class Trace {
 public:
  explicit Trace(size_t capacity) : ring_(capacity) {}

  void add(const TraceRecord& record) {
    if (ring_.empty()) return;
    ring_[(begin_ + size_) % ring_.size()] = record;
    if (size_ < ring_.size()) {
      ++size_;
    } else {
      begin_ = (begin_ + 1) % ring_.size();
    }
  }
  // All records since the last call, oldest first.
  std::vector<TraceRecord> take() {
    std::vector<TraceRecord> records(size_);
    for (size_t i = 0; i < size_; ++i) records[i] = ring_[(begin_ + i) % ring_.size()];
    size_ = 0;
    return records;
  }

 private:
  std::vector<TraceRecord> ring_;
  size_t begin_ = 0, size_ = 0;
};

}  // namespace ndl
