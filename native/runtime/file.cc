#include "runtime/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace ndl {

std::string errno_text(int code) { return std::generic_category().message(code); }

std::string bytes_text(int64_t bytes) {
  if (bytes > 0 && bytes % (1 << 20) == 0) return std::to_string(bytes >> 20) + " MiB";
  if (bytes > 0 && bytes % (1 << 10) == 0) return std::to_string(bytes >> 10) + " KiB";
  return std::to_string(bytes) + " bytes";
}

Status file_error(const char* what, int64_t bytes, int64_t at, const std::string& name, const std::string& why) {
  return error(ErrorCode::kStorage, std::string("cannot ") + what + " " + bytes_text(bytes) + " at byte " +
                                        std::to_string(at) + " of " + name + ": " + why);
}

Status read_at(int fd, std::byte* data, int64_t bytes, int64_t at, const std::string& name) {
  for (int64_t done = 0; done < bytes;) {
    const ssize_t got = pread(fd, data + done, static_cast<size_t>(bytes - done), at + done);
    if (got > 0) {
      done += got;
    } else if (got == 0) {
      return file_error("read", bytes, at, name, "it ends at byte " + std::to_string(at + done));
    } else if (errno != EINTR) {
      return file_error("read", bytes, at, name, errno_text(errno));
    }
  }
  return {};
}

Status write_at(int fd, const std::byte* data, int64_t bytes, int64_t at, const std::string& name) {
  for (int64_t done = 0; done < bytes;) {
    const ssize_t put = pwrite(fd, data + done, static_cast<size_t>(bytes - done), at + done);
    if (put > 0) {
      done += put;
    } else if (put == 0 || errno != EINTR) {
      return file_error("write", bytes, at, name, put == 0 ? "nothing was taken" : errno_text(errno));
    }
  }
  return {};
}

File::~File() {
  if (fd_ >= 0) close(fd_);
}

Status File::open() {
  if (fd_ >= 0) return {};
  const std::lock_guard lock(mutex_);
  if (fd_ >= 0) return {};
  // O_NONBLOCK: what is no file must not hold the thread.
  const int fd = ::open(path_.c_str(), (writable_ ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return error(ErrorCode::kStorage, "cannot open " + path_ + ": " + errno_text(errno));
  fd_ = fd;
  return {};
}

Status File::expect(int64_t at, int64_t end) const {
  struct stat info {};
  if (fstat(fd_, &info) != 0) return file_error("read", end - at, at, path_, errno_text(errno));
  if (!S_ISREG(info.st_mode) || info.st_size >= end) return {};
  return file_error("read", end - at, at, path_, "it has only " + bytes_text(info.st_size));
}

void File::will_read(int64_t at, int64_t end) const {
  posix_fadvise(fd_, at, end - at, POSIX_FADV_WILLNEED);  // advice only
}

}  // namespace ndl
