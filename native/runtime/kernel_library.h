// Opens the kernel library of an instruction set. Libraries are opened once for the process and never closed.
#pragma once
#include <string>
#include <vector>

#include "core/status.h"
#include "kernels/table.h"

namespace ndl {

// Names of the instruction sets of this build, the fastest first, that this CPU can run and `directory` holds.
std::vector<std::string> available_isas(const std::string& directory);

// The table of `isa`, or of the fastest one when `isa` is empty.
Status open_kernels(const std::string& directory, const std::string& isa, const KernelTable** table);

}  // namespace ndl
