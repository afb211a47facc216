// Checks that what a task touches lies in its slot.
#pragma once
#include <algorithm>
#include <string>

#include "core/check.h"
#include "runtime/slot.h"
#include "runtime/word_reader.h"

namespace ndl {

// An imported block need not be aligned as ours are; the kernels rely on the element's own alignment.
inline bool aligned(const Slot& slot, int64_t item) {
  return !slot.external || reinterpret_cast<uintptr_t>(slot.data) % static_cast<uintptr_t>(std::min<int64_t>(item, 8)) == 0;
}

inline void check_range(WordReader& in, const char* what, const Slot& slot, const AffineRange& range, int64_t item) {
  if (!fits(range, item, slot.bytes)) {
    in.fail(std::string(what) + ": elements lie outside of slot " + std::to_string(slot.id) + " of " +
            std::to_string(slot.bytes) + " bytes");
  } else if (!aligned(slot, item)) {
    in.fail(std::string(what) + ": slot " + std::to_string(slot.id) + " is not aligned for its elements");
  }
}

}  // namespace ndl
