// The decoder's part for tasks that move bytes between slots and files.
#include "runtime/decode.h"
#include "runtime/slot_check.h"

namespace ndl {
namespace {

constexpr int64_t kMaxFileBytes = int64_t{1} << 62;

}  // namespace

File* Decoder::find_file(WordReader& in, bool written) {
  const auto id = static_cast<uint64_t>(in.whole(0, kMaxExact, "file"));
  if (!in.ok()) return nullptr;
  std::shared_ptr<File>& file = files_[id];
  if (file == nullptr) {
    if (const Status status = find_file_(id, &file); !status.ok()) {
      in.fail("file: " + status.message);
      return nullptr;
    }
  }
  if (written && !file->writable()) in.fail("file: file " + std::to_string(id) + " was imported to be read");
  return file.get();
}

void Decoder::decode_copy(WordReader& in, Task* task, std::vector<int64_t>* out) {
  const bool reads = task->kind == TaskKind::kReadFile;
  File* file = find_file(in, !reads);
  Slot* slot = find_slot(in, "slot", reads);
  const int64_t swap = in.whole(0, 8, "bytes to reverse");
  const auto ndim = static_cast<int>(in.whole(0, kMaxDims, "ndim"));
  int64_t extents[kMaxDims] = {}, file_strides[kMaxDims] = {}, slot_strides[kMaxDims] = {};
  __int128 elements = 1;
  for (int d = 0; d < ndim && in.ok(); ++d) {
    elements *= extents[d] = in.whole(1, kMaxExact, "extent");
    if (elements > kMaxExact) in.fail("extent: the box has more than 2^53 elements");
  }
  const int64_t file_offset = in.whole(0, kMaxExact, "offset in the file");
  for (int d = 0; d < ndim; ++d) file_strides[d] = in.whole(0, kMaxExact, "stride in the file");
  const int64_t slot_offset = in.whole(-kMaxExact, kMaxExact, "offset in the slot");
  for (int d = 0; d < ndim; ++d) slot_strides[d] = in.whole(-kMaxExact, kMaxExact, "stride in the slot");
  const int64_t item = in.whole(1, 16, "bytes of an element");
  if (!in.ok()) return;
  if ((item & (item - 1)) != 0) return in.fail("bytes of an element: expected 1, 2, 4, 8 or 16");
  if (swap != 0 && (swap < 2 || (swap & (swap - 1)) != 0 || swap > item)) {
    return in.fail("bytes to reverse: expected 0, or 2, 4 or 8 up to the element's");
  }
  for (int d = 0; d < ndim; ++d) {
    if (file_strides[d] % item != 0) return in.fail("stride in the file: expected whole elements");
    file_strides[d] /= item;
    if ((reads ? slot_strides : file_strides)[d] == 0 && extents[d] > 1) {
      return in.fail("stride of what is written: expected non-zero");
    }
  }
  check_range(in, "slot", *slot, affine_range(slot_offset, ndim, extents, slot_strides), item);
  const AffineRange range = affine_range(0, ndim, extents, file_strides);
  if (file_offset + (range.high + 1) * item > kMaxFileBytes) return in.fail("elements lie beyond 2^62 bytes of the file");
  task->moved = static_cast<int64_t>(elements) * item;
  out->insert(out->end(), {word_of(file), word_of(slot), swap, item, ndim, file_offset, slot_offset});
  for (const int64_t* numbers : {extents, file_strides, slot_strides}) out->insert(out->end(), numbers, numbers + ndim);
}

void Decoder::decode_spill(WordReader& in, Task* task, std::vector<int64_t>* out) {
  if (!options_.may_spill) return in.fail("the run has no directory to spill to");
  const bool leaves = task->kind == TaskKind::kSpillOut;
  Slot* first = leaves ? find_slot(in, "slot", false) : find_slot(in, "token", false, true);
  const int64_t at = in.whole(0, kMaxExact, "offset in the spill file");
  Slot* second = find_slot(in, leaves ? "token" : "slot", true);
  if (!in.ok()) return;
  if (at % kSpillPage != 0) return in.fail("offset in the spill file: expected a multiple of " + std::to_string(kSpillPage));
  Slot* token = leaves ? second : first;
  const Slot* slot = leaves ? first : second;
  if (leaves) {
    if (token->writers != 1 || token->writers_seen != 0 || token->keep) {
      return in.fail("token: expected a slot of its own, with one writer");
    }
    token->region = std::make_unique<SpillRegion>(SpillRegion{at, slot->bytes});
    spilled_ += spilled_bytes(slot->bytes);
  } else if (token->region->at != at || token->region->bytes != slot->bytes) {
    return in.fail("token: it stands for " + std::to_string(token->region->bytes) + " bytes at byte " +
                   std::to_string(token->region->at));
  }
  task->moved = spilled_bytes(slot->bytes);
  out->insert(out->end(), {word_of(first), word_of(second)});
}

}  // namespace ndl
