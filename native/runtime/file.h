// Files of the plan: whole reads and writes at a place, and a Status that says what could not be done.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>

#include "core/status.h"

namespace ndl {

// "cannot <what> <bytes> at byte <at> of <name>: <why>"
Status file_error(const char* what, int64_t bytes, int64_t at, const std::string& name, const std::string& why);
std::string errno_text(int code);
std::string bytes_text(int64_t bytes);

// All of `bytes`, however many calls it takes. `name` is the file's, for messages.
Status read_at(int fd, std::byte* data, int64_t bytes, int64_t at, const std::string& name);
Status write_at(int fd, const std::byte* data, int64_t bytes, int64_t at, const std::string& name);

// A file by its path, opened at its first use. Thread-safe.
class File {
 public:
  File(std::string path, bool writable) : path_(std::move(path)), writable_(writable) {}
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool writable() const { return writable_; }
  Status open();  // at its first call
  Status expect(int64_t at, int64_t end) const;  // that bytes [at, end) are there
  void will_read(int64_t at, int64_t end) const;  // so that the system may begin
  Status read(std::byte* data, int64_t bytes, int64_t at) const { return read_at(fd_, data, bytes, at, path_); }
  Status write(const std::byte* data, int64_t bytes, int64_t at) const { return write_at(fd_, data, bytes, at, path_); }

 private:
  const std::string path_;
  const bool writable_;
  std::mutex mutex_;  // while it is opened
  std::atomic<int> fd_{-1};
};

}  // namespace ndl
