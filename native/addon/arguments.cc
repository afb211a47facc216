#include "addon/arguments.h"

#include <cmath>

#include "core/check.h"

namespace ndl::addon {
namespace {

std::string describe(Napi::Value value) {
  if (value.IsNull()) return "null";
  switch (value.Type()) {
    case napi_undefined: return "undefined";
    case napi_boolean: return "a boolean";
    case napi_number: return value.ToString().Utf8Value();
    case napi_string: return "a string";
    case napi_function: return "a function";
    case napi_bigint: return "a bigint";
    default: return "an object";
  }
}

[[noreturn]] void throw_expected(Napi::Value value, const char* name, const std::string& expected) {
  throw_type_error(value.Env(), std::string(name) + ": expected " + expected + ", got " + describe(value));
}

template <typename E>
[[noreturn]] void throw_with_code(Napi::Env env, const std::string& message, const char* code) {
  E error = E::New(env, message);
  error.Set("code", Napi::String::New(env, code));
  throw error;
}

}  // namespace

void throw_type_error(Napi::Env env, const std::string& message) {
  throw_with_code<Napi::TypeError>(env, message, error_name(ErrorCode::kArgument));
}

void throw_if_failed(Napi::Env env, const Status& status) {
  if (status.ok()) return;
  if (status.code == ErrorCode::kArgument) throw_type_error(env, status.message);
  throw_with_code<Napi::Error>(env, status.message, error_name(status.code));
}

int64_t whole_argument(Napi::Value value, const char* name, int64_t low, int64_t high) {
  const auto whole = value.IsNumber() ? whole_number(value.As<Napi::Number>().DoubleValue(), low, high) : std::nullopt;
  if (!whole) {
    throw_expected(value, name, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  }
  return *whole;
}

double finite_argument(Napi::Value value, const char* name) {
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : NAN;
  if (!std::isfinite(number)) throw_expected(value, name, "a finite number");
  return number;
}

std::string string_argument(Napi::Value value, const char* name) {
  if (!value.IsString()) throw_expected(value, name, "a string");
  return value.As<Napi::String>().Utf8Value();
}

std::string path_argument(Napi::Value value, const char* name) {
  std::string path = string_argument(value, name);
  if (path.empty() || path.find('\0') != std::string::npos) throw_expected(value, name, "a path");
  return path;
}

bool boolean_argument(Napi::Value value, const char* name) {
  if (!value.IsBoolean()) throw_expected(value, name, "a boolean");
  return value.As<Napi::Boolean>().Value();
}

Napi::Object object_argument(Napi::Value value, const char* name) {
  if (!value.IsObject() || value.IsFunction()) throw_expected(value, name, "an object");
  return value.As<Napi::Object>();
}

Napi::Function function_argument(Napi::Value value, const char* name) {
  if (!value.IsFunction()) throw_expected(value, name, "a function");
  return value.As<Napi::Function>();
}

std::vector<uint64_t> ids_argument(Napi::Value value, const char* name) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_float64_array) {
    throw_expected(value, name, "a Float64Array");
  }
  const auto array = value.As<Napi::Float64Array>();
  std::vector<uint64_t> ids(array.ElementLength());
  for (size_t i = 0; i < ids.size(); ++i) {
    const auto id = whole_number(array[i], 0, kMaxExact);
    if (!id) throw_type_error(value.Env(), std::string(name) + ": expected whole numbers");
    ids[i] = static_cast<uint64_t>(*id);
  }
  return ids;
}

Memory memory_argument(Napi::Value value, const char* name) {
  const Napi::Env env = value.Env();
  void* data = nullptr;
  size_t bytes = 0, offset = 0;
  napi_value buffer = value;
  napi_status status = napi_generic_failure;
  if (value.IsTypedArray()) {
    napi_typedarray_type type;
    size_t length = 0;
    status = napi_get_typedarray_info(env, value, &type, &length, &data, &buffer, &offset);
    static constexpr size_t kSizes[] = {1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8};
    bytes = length * kSizes[type];
  } else if (value.IsDataView()) {
    status = napi_get_dataview_info(env, value, &bytes, &data, &buffer, &offset);
  } else if (value.IsArrayBuffer()) {
    status = napi_get_arraybuffer_info(env, value, &data, &bytes);
  }
  if (status != napi_ok) throw_expected(value, name, "an ArrayBuffer or a view of one");
  const Napi::Value backing(env, buffer);
  if (!backing.IsArrayBuffer()) {
    throw_type_error(env, std::string(name) + ": expected memory that is not shared");
  }
  if (backing.As<Napi::Object>().Get("resizable").ToBoolean()) {
    throw_type_error(env, std::string(name) + ": expected memory that cannot be resized");
  }
  return {static_cast<std::byte*>(data), static_cast<int64_t>(bytes), backing};
}

}  // namespace ndl::addon
