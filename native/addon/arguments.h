// Checks of what JavaScript passes. They throw TypeError with code ERR_INVALID_ARG, which names what was expected.
#pragma once
#include <napi.h>

#include <string>
#include <vector>

#include "core/status.h"

namespace ndl::addon {

[[noreturn]] void throw_type_error(Napi::Env env, const std::string& message);
// Throws the error that `status` tells of, unless it is ok.
void throw_if_failed(Napi::Env env, const Status& status);

int64_t whole_argument(Napi::Value value, const char* name, int64_t low, int64_t high);
double finite_argument(Napi::Value value, const char* name);
std::string string_argument(Napi::Value value, const char* name);
std::string path_argument(Napi::Value value, const char* name);  // not empty, without a zero byte
bool boolean_argument(Napi::Value value, const char* name);
Napi::Object object_argument(Napi::Value value, const char* name);
Napi::Function function_argument(Napi::Value value, const char* name);
std::vector<uint64_t> ids_argument(Napi::Value value, const char* name);  // a Float64Array

// The memory of a typed array, DataView or buffer that can neither shrink nor be shared.
struct Memory {
  std::byte* data;
  int64_t bytes;
  Napi::Value buffer;
};
Memory memory_argument(Napi::Value value, const char* name);

}  // namespace ndl::addon
