// What each family of kernels adds to the table. Defined once per ISA library, never visible outside of it.
#pragma once
#include "kernels/table.h"

#pragma GCC visibility push(hidden)
namespace ndl {

// One specialisation for each op of generated/ops.inc, at the bottom of a file in kernels/map. An op without one
// does not link; a declared loop without a functor does not compile.
template <Op op>
void register_loops(KernelTable& table);

void register_cast(KernelTable& table);
void register_copy(KernelTable& table);
void register_random(KernelTable& table);
void register_reduce(KernelTable& table);
void register_scan(KernelTable& table);
void register_block(KernelTable& table);

}  // namespace ndl
#pragma GCC visibility pop
