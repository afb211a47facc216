#include "runtime/kernel_task.h"

#include <iterator>

namespace ndl {

Status run_kernel_task(const Task& task, const KernelTable& table, Scratch& scratch, const std::atomic<bool>& stop) {
  const int64_t* words = task.words;
  const BlockFns& kernel = table.block[*words++];
  std::vector<BlockOperand> operands;
  for (int64_t ncalls = *words++; ncalls > 0; --ncalls) {
    if (stop.load(std::memory_order_relaxed)) return error(ErrorCode::kCancelled, "cancelled");
    const int64_t nin = words[0], nout = words[1], nparams = words[2], scratch_bytes = words[3];
    words += 4;
    operands.clear();
    for (int64_t i = 0; i < nin + nout; ++i) {
      const auto dtype = static_cast<DType>(words[1]);
      const int64_t ndim = words[2], offset = words[3];
      std::byte* data = slot_of(words[0])->data;
      if (data != nullptr) data += offset * item_size(dtype);  // null: an empty slot, of which nothing is read
      words += 4;
      operands.push_back({data, dtype, static_cast<int32_t>(ndim), words, words + ndim});
      words += 2 * ndim;
    }
    void* memory = nullptr;
    if (scratch_bytes > 0) {
      memory = scratch.state.reserve(scratch_bytes);
      if (memory == nullptr) return error(ErrorCode::kMemory, "no memory for a kernel's scratch");
    }
    const BlockArgs args{operands.data(),
                         operands.data() + nin,
                         static_cast<int32_t>(nin),
                         static_cast<int32_t>(nout),
                         reinterpret_cast<const double*>(words),
                         static_cast<int32_t>(nparams),
                         memory,
                         &stop};
    words += nparams;
    const int32_t code = kernel.run(&args);
    if (code == kBlockStopped) return error(ErrorCode::kCancelled, "cancelled");
    if (code == kBlockIndex) return error(ErrorCode::kIndex, kBlockErrors[code]);
    if (code == kBlockSample) return error(ErrorCode::kSample, kBlockErrors[code]);
    if (code != 0) {
      const bool known = code > 0 && code < static_cast<int32_t>(std::size(kBlockErrors));
      return error(ErrorCode::kKernel, known ? kBlockErrors[code] : "a kernel failed");
    }
  }
  return {};
}

}  // namespace ndl
