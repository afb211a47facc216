// The outcome of an operation that can fail: a code that JavaScript sees and a message for people.
#pragma once
#include <cstdint>
#include <string>
#include <utility>

namespace ndl {

enum class ErrorCode : uint8_t {
  kOk, kPlanInvalid, kMemory, kIndex, kKernel, kSample, kStorage, kSpillLimit, kCancelled, kClosed, kArgument
};

constexpr const char* error_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kOk: return "OK";
    case ErrorCode::kPlanInvalid: return "ERR_PLAN_INVALID";
    case ErrorCode::kMemory: return "ERR_MEMORY";
    case ErrorCode::kIndex: return "ERR_INDEX";
    case ErrorCode::kKernel: return "ERR_KERNEL";
    case ErrorCode::kSample: return "ERR_SAMPLE";
    case ErrorCode::kStorage: return "ERR_STORAGE";
    case ErrorCode::kSpillLimit: return "ERR_SPILL_LIMIT";
    case ErrorCode::kCancelled: return "ERR_CANCELLED";
    case ErrorCode::kClosed: return "ERR_CLOSED";
    case ErrorCode::kArgument: return "ERR_INVALID_ARG";
  }
  return "ERR_UNKNOWN";
}

struct [[nodiscard]] Status {
  ErrorCode code = ErrorCode::kOk;
  std::string message;

  bool ok() const { return code == ErrorCode::kOk; }
};

inline Status error(ErrorCode code, std::string message) { return Status{code, std::move(message)}; }

}  // namespace ndl
