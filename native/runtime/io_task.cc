#include "runtime/io_task.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "runtime/file.h"

namespace ndl {
namespace {

constexpr int64_t kDirectPiece = int64_t{4} << 20;   // moved in place by one call, between two looks at `stop`
constexpr int64_t kScratchPiece = int64_t{1} << 20;  // moved through scratch: it should still be in cache when copied
constexpr int64_t kDirectRow = int64_t{64} << 10;    // rows at least so long are moved in place, one by one
constexpr int64_t kAsked = int64_t{64} << 20;  // a box of the file at most so long is asked for at once
constexpr int64_t kGap = 8192;  // reading over it costs no more than another call

// What is moved: a box that lies in the file and in the slot, with strides in elements on both sides.
struct Box {
  int64_t item = 1;
  int ndim = 0;
  int64_t extents[kMaxDims], file[kMaxDims], slot[kMaxDims];

  void add(int64_t extent, int64_t file_stride, int64_t slot_stride) {
    if (extent == 1) return;
    int d = ndim++;
    for (; d > 0 && file[d - 1] < file_stride; --d) move(d - 1, d);  // the file's order, outermost first
    extents[d] = extent;
    file[d] = file_stride;
    slot[d] = slot_stride;
  }
  // Makes one axis of two that lie on both sides as one would. There is at least one axis afterwards.
  void merge() {
    int last = 0;
    for (int d = 1; d < ndim; ++d) {
      if (file[last] == extents[d] * file[d] && slot[last] == extents[d] * slot[d]) {
        extents[last] *= extents[d];
        file[last] = file[d];
        slot[last] = slot[d];
      } else {
        move(d, ++last);
      }
    }
    if (ndim > 0) {
      ndim = last + 1;
    } else {
      ndim = 1;
      extents[0] = file[0] = slot[0] = 1;
    }
  }

 private:
  void move(int from, int to) {
    extents[to] = extents[from];
    file[to] = file[from];
    slot[to] = slot[from];
  }
};

template <typename T>
void reverse_each(std::byte* data, int64_t bytes) {
  for (int64_t i = 0; i < bytes; i += static_cast<int64_t>(sizeof(T))) {
    T value;
    std::memcpy(&value, data + i, sizeof(T));
    if constexpr (sizeof(T) == 2) value = __builtin_bswap16(value);
    if constexpr (sizeof(T) == 4) value = __builtin_bswap32(value);
    if constexpr (sizeof(T) == 8) value = __builtin_bswap64(value);
    std::memcpy(data + i, &value, sizeof(T));
  }
}

void reverse_bytes(std::byte* data, int64_t bytes, int64_t piece) {
  switch (piece) {
    case 2: return reverse_each<uint16_t>(data, bytes);
    case 4: return reverse_each<uint32_t>(data, bytes);
    case 8: return reverse_each<uint64_t>(data, bytes);
  }
}

// How a box is cut into calls: each moves a part of axis `axis`, whole in the axes within it.
struct Cut {
  int axis;
  int64_t count;      // along the axis
  int64_t inner;      // bytes from the first to the last of the axes within
  bool in_place;      // between the file and the slot's own memory

  int64_t span(const Box& box, int64_t n) const { return (n - 1) * box.file[axis] * box.item + inner; }
};

Cut cut_box(const Box& box, bool reads, bool swaps) {
  const int innermost = box.ndim - 1;
  Cut cut{innermost, 1, box.item, false};
  const bool contiguous = box.file[innermost] == 1 && box.slot[innermost] == 1;
  cut.in_place = contiguous && (reads || !swaps) &&
                 (box.ndim == 1 || box.extents[innermost] * box.item >= kDirectRow);
  const int64_t most = cut.in_place ? kDirectPiece : kScratchPiece;
  // Gaps may be read over when they are small, but never written over.
  const auto crosses = [&](int axis, int64_t inner) {
    return box.file[axis] * box.item - inner <= (reads ? std::max(inner, kGap) : 0);
  };
  if (!crosses(innermost, box.item)) return cut;
  for (; cut.axis > 0 && !cut.in_place; --cut.axis) {
    const int64_t span = cut.span(box, box.extents[cut.axis]);
    if (span > most || !crosses(cut.axis - 1, span)) break;
    cut.inner = span;
  }
  const int64_t step = box.file[cut.axis] * box.item, extent = box.extents[cut.axis];
  cut.count = step == 0 ? extent : std::clamp<int64_t>((most - cut.inner) / step + 1, 1, extent);
  return cut;
}

Status move_piece(File& file, int64_t at, std::byte* data, const Box& box, const Cut& cut, int64_t n, bool reads,
                  int64_t swap, CopyFn copy, AlignedBuffer& scratch) {
  const int64_t bytes = cut.span(box, n);
  if (cut.in_place) {
    if (!reads) return file.write(data, bytes, at);
    Status status = file.read(data, bytes, at);
    if (status.ok()) reverse_bytes(data, bytes, swap);
    return status;
  }
  std::byte* memory = scratch.reserve(bytes);
  if (memory == nullptr) return error(ErrorCode::kMemory, "no memory to read or write a file through");
  const int32_t ndim = box.ndim - cut.axis;
  int64_t extents[kMaxDims];
  std::copy_n(box.extents + cut.axis, ndim, extents);
  extents[0] = n;
  const int64_t *in_file = box.file + cut.axis, *in_slot = box.slot + cut.axis;
  if (reads) {
    Status status = file.read(memory, bytes, at);
    if (!status.ok()) return status;
    reverse_bytes(memory, bytes, swap);
    copy(data, in_slot, memory, in_file, extents, ndim);
    return {};
  }
  copy(memory, in_file, data, in_slot, extents, ndim);
  reverse_bytes(memory, bytes, swap);
  return file.write(memory, bytes, at);
}

// Words: file slot swap item ndim file-offset (bytes) slot-offset extent* file-stride* slot-stride*
Status copy_box(const Task& task, const KernelTable& table, AlignedBuffer& scratch, const std::atomic<bool>& stop) {
  const int64_t* words = task.words;
  File& file = *file_of(words[0]);
  const int64_t swap = words[2], ndim = words[4], file_offset = words[5];
  const bool reads = task.kind == TaskKind::kReadFile;
  Box box;
  box.item = words[3];
  for (int64_t d = 0; d < ndim; ++d) box.add(words[7 + d], words[7 + ndim + d], words[7 + 2 * ndim + d]);
  box.merge();
  if (Status status = file.open(); !status.ok()) return status;
  if (reads) {
    int64_t last = 0;
    for (int d = 0; d < box.ndim; ++d) last += (box.extents[d] - 1) * box.file[d];
    Status status = file.expect(file_offset, file_offset + (last + 1) * box.item);
    if (!status.ok()) return status;
    // Else a disk has no more to do than a piece for each thread: half as fast, or less, where boxes are small.
    const int64_t span = (last + 1) * box.item;
    if (span <= kAsked && span <= 2 * task.moved) file.will_read(file_offset, file_offset + span);
  }
  const Cut cut = cut_box(box, reads, swap != 0);
  const CopyFn copy = table.copy[std::countr_zero(static_cast<uint64_t>(box.item))];
  std::byte* const data = slot_of(words[1])->data + words[6] * box.item;
  int64_t at[kMaxDims] = {};  // along the axes up to the cut
  while (true) {
    int64_t file_at = 0, slot_at = 0;
    for (int d = 0; d <= cut.axis; ++d) {
      file_at += at[d] * box.file[d];
      slot_at += at[d] * box.slot[d];
    }
    if (stop.load(std::memory_order_relaxed)) return error(ErrorCode::kCancelled, "cancelled");
    const int64_t n = std::min(cut.count, box.extents[cut.axis] - at[cut.axis]);
    Status status = move_piece(file, file_offset + file_at * box.item, data + slot_at * box.item, box, cut, n, reads,
                               swap, copy, scratch);
    if (!status.ok()) return status;
    at[cut.axis] += n;
    int d = cut.axis;
    for (; d > 0 && at[d] == box.extents[d]; --d) {
      at[d] = 0;
      ++at[d - 1];
    }
    if (at[0] == box.extents[0]) return {};
  }
}

int64_t capacity(const Slot& slot) { return std::max(slot.bytes, slot.block.bytes()); }

}  // namespace

Status run_io_task(const Task& task, const KernelTable& table, SpillFile* spill, Scratch& scratch,
                   const std::atomic<bool>& stop) {
  switch (task.kind) {
    case TaskKind::kSpillOut: {
      const Slot& slot = *slot_of(task.words[0]);
      return spill->write(*slot_of(task.words[1])->region, slot.data, capacity(slot), scratch.state, stop);
    }
    case TaskKind::kSpillIn: {
      const Slot& slot = *slot_of(task.words[1]);
      return spill->read(*slot_of(task.words[0])->region, slot.data, capacity(slot), scratch.state, stop);
    }
    default: return copy_box(task, table, scratch.state, stop);
  }
}

}  // namespace ndl
