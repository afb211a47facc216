// A Node addon that reads memory as quickly as the machine can: read(array) adds the array up on all threads and returns the seconds that it took.
// Memory is quicker in some minutes than in others, so what only reads is compared with this, in the same process, between its repeats.
#include <node_api.h>

#include "parallel_sum.h"
#include "stopwatch.h"

namespace {

typedef double Vector __attribute__((vector_size(64), aligned(8)));

double sum(const double* x, int64_t n) {
  constexpr int64_t kStep = 64;  // elements: eight lines
  Vector sums[8] = {};
  for (int64_t i = 0; i + kStep <= n; i += kStep) {
#pragma GCC unroll 8
    for (int k = 0; k < 8; ++k) {
      __builtin_prefetch(x + i + 1024 + 8 * k);
      sums[k] += *reinterpret_cast<const Vector*>(x + i + 8 * k);
    }
  }
  for (int k = 1; k < 8; ++k) sums[0] += sums[k];
  return sums[0][0];
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
  const auto* x = static_cast<const double*>(data);
  const auto n = static_cast<int64_t>(type == napi_float64_array ? length : length / 2);
  const double start = ndl::bench::now();
  const double total = ndl::bench::parallel_sum(n, ndl::bench::kThreads, [&](int64_t lo, int64_t hi) { return sum(x + lo, hi - lo); });
  const double took = ndl::bench::now() - start;
  asm volatile("" : : "m"(total));
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
