// Reads the words of a batch. The first thing that is wrong is kept; after it every read gives its least value, so
// that a caller may check once after several reads. It never reads past the end.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/check.h"
#include "core/status.h"

namespace ndl {

class WordReader {
 public:
  WordReader(const uint64_t* words, size_t size) : words_(words), size_(size) {}

  // What the next words describe, for messages; `index` is left out when negative.
  void set_place(const char* place, int64_t index = -1) {
    place_ = place;
    place_index_ = index;
  }

  int64_t whole(int64_t low, int64_t high, const char* what) {
    if (!more(what)) return low;
    const double value = std::bit_cast<double>(words_[position_]);
    const auto exact = whole_number(value, low, high);
    if (!exact) {
      fail(std::string(what) + ": expected a whole number from " + std::to_string(low) + " to " +
           std::to_string(high) + ", got " + std::to_string(value));
      return low;
    }
    ++position_;
    return *exact;
  }
  // A number of things of at least `words` words each, all of which must still be there.
  int64_t count(const char* what, size_t words) {
    return whole(0, static_cast<int64_t>(left() / words), what);
  }
  double real(const char* what) { return more(what) ? std::bit_cast<double>(words_[position_++]) : 0; }
  uint64_t bits(const char* what) { return more(what) ? words_[position_++] : 0; }

  void fail(std::string message) { fail(ErrorCode::kPlanInvalid, std::move(message)); }
  void fail(ErrorCode code, std::string message) {
    if (!status_.ok()) return;
    std::string place = place_;
    if (place_index_ >= 0) place += " " + std::to_string(place_index_);
    status_ = error(code, place + ": " + std::move(message));
  }

  bool ok() const { return status_.ok(); }
  const Status& status() const { return status_; }
  size_t position() const { return position_; }
  size_t left() const { return size_ - position_; }
  bool at_end() const { return position_ == size_; }

 private:
  bool more(const char* what) {
    if (!ok()) return false;
    if (position_ < size_) return true;
    fail(std::string(what) + ": the batch ends here");
    return false;
  }

  const uint64_t* words_;
  size_t size_, position_ = 0;
  const char* place_ = "";
  int64_t place_index_ = -1;
  Status status_;
};

}  // namespace ndl
