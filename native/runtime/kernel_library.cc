#include "runtime/kernel_library.h"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>

namespace ndl {
namespace {

struct Isa {
  const char* name;
  bool (*runs_here)();
};

constexpr Isa kIsas[] = {
#if defined(__x86_64__)
    {"avx512", [] { return __builtin_cpu_supports("x86-64-v4") != 0; }},
    {"avx2", [] { return __builtin_cpu_supports("x86-64-v3") != 0; }},
#endif
    {"baseline", [] { return true; }},
};

std::string library_path(const std::string& directory, const std::string& isa) {
  return directory + "/libndloom_kernels_" + isa + ".so";
}

}  // namespace

std::vector<std::string> available_isas(const std::string& directory) {
  std::vector<std::string> names;
  for (const Isa& isa : kIsas) {
    if (isa.runs_here() && access(library_path(directory, isa.name).c_str(), R_OK) == 0) names.emplace_back(isa.name);
  }
  return names;
}

Status open_kernels(const std::string& directory, const std::string& isa, const KernelTable** table) {
  const std::vector<std::string> names = available_isas(directory);
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  if (names.empty()) {
    return error(ErrorCode::kArgument, "no kernel library for this CPU in " + directory);
  }
  if (!isa.empty() && std::find(names.begin(), names.end(), isa) == names.end()) {
    return error(ErrorCode::kArgument, "isa: expected one of " + list + ", got " + isa);
  }
  const std::string path = library_path(directory, isa.empty() ? names.front() : isa);
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    const char* reason = dlerror();
    return error(ErrorCode::kArgument, "cannot open " + path + ": " + (reason != nullptr ? reason : "unknown reason"));
  }
  auto* entry = reinterpret_cast<const KernelTable* (*)()>(dlsym(library, "ndloom_kernels"));
  const KernelTable* found = entry != nullptr ? entry() : nullptr;
  if (found == nullptr || found->version != kKernelTableVersion) {
    return error(ErrorCode::kArgument, path + " is not a kernel library of this version");
  }
  *table = found;
  return {};
}

}  // namespace ndl
