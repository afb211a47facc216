// Matrix products of the types that BLAS has not.
#pragma once
#include "kernels/block/operand.h"

namespace ndl::block {

// bool (any of and), integers (they wrap) and float16 (added in float32, rounded once).
// False when it was stopped.
bool multiply_blocked(const BlockArgs* args);
int64_t blocked_scratch_bytes(const BlockArgs* args);

}  // namespace ndl::block
