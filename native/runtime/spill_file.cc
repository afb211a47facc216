#include "runtime/spill_file.h"

#include <fcntl.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "runtime/file.h"

namespace ndl {
namespace {

constexpr int64_t kPiece = int64_t{4} << 20;  // between two looks at `stop`

// A hash of pieces, one after the other.
class Checksum {
 public:
  Checksum() { XXH3_64bits_reset(&state_); }
  void add(const std::byte* data, int64_t bytes) { XXH3_64bits_update(&state_, data, static_cast<size_t>(bytes)); }
  uint64_t value() const { return XXH3_64bits_digest(&state_); }

 private:
  XXH3_state_t state_;
};

// Calls piece(memory, offset, bytes, whole bytes to transfer) over the region. The memory is the block's own where the
// transfer may touch it, else scratch.
template <typename Piece>
Status for_pieces(int64_t bytes, std::byte* data, int64_t capacity, bool direct, AlignedBuffer& scratch,
                  const std::atomic<bool>& stop, Piece piece) {
  const bool aligned = reinterpret_cast<uintptr_t>(data) % kSpillPage == 0;
  for (int64_t offset = 0; offset < bytes; offset += kPiece) {
    if (stop.load(std::memory_order_relaxed)) return error(ErrorCode::kCancelled, "cancelled");
    const int64_t size = std::min(kPiece, bytes - offset);
    const int64_t whole = direct ? spilled_bytes(size) : size;
    std::byte* memory = data + offset;
    if (direct && !(aligned && offset + whole <= capacity)) {
      memory = scratch.reserve(spilled_bytes(std::min(kPiece, bytes)));
      if (memory == nullptr) return error(ErrorCode::kMemory, "no memory to spill through");
    }
    if (Status status = piece(memory, offset, size, whole); !status.ok()) return status;
  }
  return {};
}

}  // namespace

Status SpillFile::create(const std::string& directory, std::shared_ptr<SpillFile>* file) {
  std::string name = directory + "/ndloom-spill-" + std::to_string(getpid()) + "-XXXXXX";
  const int fd = mkostemp(name.data(), O_CLOEXEC);
  if (fd < 0) {
    return error(ErrorCode::kStorage, "cannot create a spill file in " + directory + ": " + errno_text(errno));
  }
  unlink(name.c_str());
  const bool direct = fcntl(fd, F_SETFL, O_DIRECT) == 0;
  const bool can_drop = fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, kSpillPage) == 0;
  file->reset(new SpillFile(fd, "the spill file in " + directory, direct, can_drop));
  return {};
}

void SpillFile::close() {
  const std::lock_guard lock(mutex_);
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Status SpillFile::write(SpillRegion& region, const std::byte* data, int64_t capacity, AlignedBuffer& scratch,
                        const std::atomic<bool>& stop) {
  Checksum checksum;
  const Status status = for_pieces(
      region.bytes, const_cast<std::byte*>(data), capacity, direct_, scratch, stop,
      [&](std::byte* memory, int64_t offset, int64_t size, int64_t whole) {
        if (memory != data + offset) {
          std::memcpy(memory, data + offset, static_cast<size_t>(size));
          std::memset(memory + size, 0, static_cast<size_t>(whole - size));
        }
        checksum.add(memory, size);
        return write_at(fd_, memory, whole, region.at + offset, name_);
      });
  region.checksum = checksum.value();
  region.written = status.ok();
  return status;
}

Status SpillFile::read(const SpillRegion& region, std::byte* data, int64_t capacity, AlignedBuffer& scratch,
                       const std::atomic<bool>& stop) {
  Checksum checksum;
  Status status = for_pieces(region.bytes, data, capacity, direct_, scratch, stop,
                             [&](std::byte* memory, int64_t offset, int64_t size, int64_t whole) {
                               Status read = read_at(fd_, memory, whole, region.at + offset, name_);
                               if (!read.ok()) return read;
                               checksum.add(memory, size);
                               if (memory != data + offset) std::memcpy(data + offset, memory, static_cast<size_t>(size));
                               return read;
                             });
  if (status.ok() && checksum.value() != region.checksum) {
    return file_error("read", region.bytes, region.at, name_, "the checksum differs: the disk has changed the data");
  }
  return status;
}

void SpillFile::drop(const SpillRegion& region) {
  const std::lock_guard lock(mutex_);
  if (fd_ < 0 || !can_drop_ || region.bytes == 0) return;
  // What fails here fails to free room of a file that has no name, and that ends with the run.
  [[maybe_unused]] const int ignored =
      fallocate(fd_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, region.at, spilled_bytes(region.bytes));
}

}  // namespace ndl
