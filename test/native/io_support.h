// Files in a directory of their own, and the words of tasks that use them.
#pragma once
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "plan_builder.h"

namespace ndl::testing {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = std::filesystem::temp_directory_path() / "ndloom-test-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline void write_file(const std::string& path, const std::vector<uint8_t>& bytes) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  ASSERT_NE(file, nullptr);
  if (!bytes.empty()) {  // no bytes have no address
    ASSERT_EQ(std::fwrite(bytes.data(), 1, bytes.size(), file), bytes.size());
  }
  std::fclose(file);
}

inline std::vector<uint8_t> read_file(const std::string& path) {
  std::vector<uint8_t> bytes(std::filesystem::file_size(path));
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (!bytes.empty()) {
    EXPECT_EQ(std::fread(bytes.data(), 1, bytes.size(), file), bytes.size());
  }
  std::fclose(file);
  return bytes;
}

inline constexpr int kReadFile = 2, kWriteFile = 3, kSpillOut = 4, kSpillIn = 5;

struct CopyWords {
  int64_t file, slot;
  std::vector<int64_t> extents, file_strides, slot_strides;
  int64_t file_offset = 0, slot_offset = 0, item = 8, swap = 0;

  Words words() const {
    Words out;
    out.put({file, slot, swap, static_cast<int64_t>(extents.size())}).put(extents);
    out.put({file_offset}).put(file_strides).put({slot_offset}).put(slot_strides).put({item});
    return out;
  }
};

inline const uint8_t* bytes_of(Engine& engine, uint64_t id, std::shared_ptr<Slot>* slot) {
  const Status status = engine.export_slot(id, slot);
  EXPECT_TRUE(status.ok()) << status.message;
  return status.ok() ? reinterpret_cast<const uint8_t*>((*slot)->data) : nullptr;
}

// Two programs: 0 fills with a constant, 1 sums a float64 slot.
inline void add_programs(Batch& batch, double constant = 1) {
  const int64_t f64 = index_of(DType::kFloat64);
  batch.program(Words().put({0, 0, 1, 0, 1, 0, 1, f64}).bits(std::bit_cast<uint64_t>(constant)).bits(0).put({0}));
  batch.program(Words().put({1, 0, 0, 0, 0, 1, 1, f64, 0, static_cast<int64_t>(Reducer::kSum), f64, 0, 1, 0}));
}
inline Words fill_words(int64_t slot, int64_t n) { return Words().put({0, 0, 1, 1, n, slot, 0, 1}); }
inline Words sum_words(int64_t from, int64_t n, int64_t to) {
  return Words().put({1, 1, to, 0, 1, 1, n, from, 0, 1, 0, 0, 0, 0});
}

}  // namespace ndl::testing
