// The file that one run's blocks are put aside in. It has no name, so that nothing stays behind whatever happens, and
// is read and written around the page cache where the file system allows it. Thread-safe.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "core/status.h"
#include "runtime/scratch.h"

namespace ndl {

inline constexpr int64_t kSpillPage = 4096;  // regions begin at multiples of it, and take whole ones

constexpr int64_t spilled_bytes(int64_t bytes) { return (bytes + kSpillPage - 1) / kSpillPage * kSpillPage; }

// Where a block lies in the file.
struct SpillRegion {
  int64_t at = 0, bytes = 0;
  uint64_t checksum = 0;
  bool written = false;
};

class SpillFile {
 public:
  static Status create(const std::string& directory, std::shared_ptr<SpillFile>* file);
  ~SpillFile() { close(); }
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;

  // region.bytes of `data`, behind which `capacity` bytes may be touched. Ends early, with kCancelled, when `stop` is set.
  Status write(SpillRegion& region, const std::byte* data, int64_t capacity, AlignedBuffer& scratch,
               const std::atomic<bool>& stop);
  // Fails when the bytes are not those that were written.
  Status read(const SpillRegion& region, std::byte* data, int64_t capacity, AlignedBuffer& scratch,
              const std::atomic<bool>& stop);
  // Gives the region's room on the disk back; nothing once the file is closed.
  void drop(const SpillRegion& region);
  // No task uses the file any more.
  void close();
  // Whether it can: else the room is only free again when the file goes.
  bool can_drop() const { return can_drop_; }

 private:
  SpillFile(int fd, std::string name, bool direct, bool can_drop)
      : fd_(fd), name_(std::move(name)), direct_(direct), can_drop_(can_drop) {}

  std::mutex mutex_;  // of drop() and close()
  int fd_;
  const std::string name_;  // for messages
  const bool direct_, can_drop_;
};

}  // namespace ndl
