// The files of this folder, each adding its generators to the table.
#pragma once
#include "kernels/table.h"

namespace ndl::random {

void add_uniform(KernelTable& table);
void add_ziggurat(KernelTable& table);
void add_continuous(KernelTable& table);
void add_discrete(KernelTable& table);
void add_permutation(KernelTable& table);

}  // namespace ndl::random
