// The copy kernels, for other families of the same library.
#pragma once
#include "kernels/table.h"

namespace ndl::copy {

// For items of 1, 2, 4, 8 or 16 bytes.
CopyFn copy_for(int64_t item_bytes);

}  // namespace ndl::copy
