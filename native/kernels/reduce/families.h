// Each file of this folder fills its reducers.
#pragma once
#include "kernels/table.h"

namespace ndl::reduce {

void register_sum(KernelTable&);
void register_product(KernelTable&);
void register_extreme(KernelTable&);
void register_arg_extreme(KernelTable&);
void register_moments(KernelTable&);

inline ReduceFns& entry(KernelTable& t, Reducer r, DType d) {
  return t.reduce[static_cast<int>(r)][static_cast<int>(d)];
}

}  // namespace ndl::reduce
