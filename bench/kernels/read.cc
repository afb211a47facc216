// A Node addon that reads memory as quickly as the machine can: read(array) adds the array up on all threads and returns the seconds that it took.
// Memory is quicker in some minutes than in others, so what only reads is compared with this, in the same process, between its repeats.
#include <node_api.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "stopwatch.h"

namespace {

typedef double Vector __attribute__((vector_size(64), aligned(8)));

void add_up(const char* bytes, size_t n, double* sum) {
  Vector sums[8] = {};
  for (size_t i = 0; i + sizeof sums <= n; i += sizeof sums) {
#pragma GCC unroll 8
    for (size_t k = 0; k < 8; ++k) {
      __builtin_prefetch(bytes + i + 8192 + 64 * k);
      sums[k] += *reinterpret_cast<const Vector*>(bytes + i + 64 * k);
    }
  }
  for (int k = 1; k < 8; ++k) sums[0] += sums[k];
  *sum = sums[0][0];
}

napi_value read(napi_env env, napi_callback_info info) {
  size_t argc = 1, length = 0, offset = 0;
  napi_value array, buffer, result;
  napi_typedarray_type type;
  void* data = nullptr;
  napi_get_cb_info(env, info, &argc, &array, nullptr, nullptr);
  if (napi_get_typedarray_info(env, array, &type, &length, &data, &buffer, &offset) != napi_ok) {
    napi_throw_type_error(env, nullptr, "read: expected a typed array");
    return nullptr;
  }
  const size_t bytes = length * (type == napi_float64_array ? 8 : 4);
  const size_t threads = std::max(1u, std::thread::hardware_concurrency()), part = bytes / threads / 64 * 64;
  std::vector<double> sums(threads);
  std::vector<std::thread> others;
  const double start = ndl::bench::now();
  for (size_t t = 1; t < threads; ++t) others.emplace_back(add_up, static_cast<const char*>(data) + t * part, part, &sums[t]);
  add_up(static_cast<const char*>(data), part, &sums[0]);
  for (std::thread& other : others) other.join();
  const double took = ndl::bench::now() - start;
  asm volatile("" : : "m"(sums[0]));
  napi_create_double(env, took, &result);
  return result;
}

napi_value define(napi_env env, napi_value exports) {
  napi_value function;
  napi_create_function(env, "read", NAPI_AUTO_LENGTH, read, nullptr, &function);
  napi_set_named_property(env, exports, "read", function);
  return exports;
}

}  // namespace

NAPI_MODULE(reading, define)
