// Products: one accumulator per kept element, lanes inside a tile.
#include "kernels/complex_product.h"
#include "kernels/reduce/codec.h"
#include "kernels/reduce/driver.h"
#include "kernels/reduce/families.h"
#include "kernels/reduce/lanes.h"

namespace ndl::reduce {
namespace {

struct Multiply {
  template <class T>
  static constexpr T identity() {
    return T(1);
  }
  template <class V>
  static V apply(V a, V b) {
    if constexpr (std::is_integral_v<V>) return static_cast<V>(1u * a * b);  // not in int, which overflows
    else return a * b;
  }
};

template <class C>
struct Product {
  using Codec = C;
  using T = typename C::Value;
  static int64_t state_bytes(int64_t capacity) { return capacity * static_cast<int64_t>(sizeof(T)); }
  static void init(void* state, int64_t capacity) {
    for (int64_t k = 0; k < capacity; ++k) static_cast<T*>(state)[k] = T(1);
  }
  static void rows(const Part& p, const T* x) {
    T* products = static_cast<T*>(p.state) + p.kept0;
    for (int64_t k = 0; k < p.kept; ++k, x += p.pitch) {
      if constexpr (kIsComplex<T>) {
        constexpr int kLanes = 8;
        T lanes[kLanes];
        for (int l = 0; l < kLanes; ++l) lanes[l] = T(1);
        int64_t r = 0;
        for (; r + kLanes <= p.reduced; r += kLanes)
          for (int l = 0; l < kLanes; ++l) lanes[l] = complex_product(lanes[l], x[r + l]);
        for (int l = 0; r < p.reduced; ++r, ++l) lanes[l] = complex_product(lanes[l], x[r]);
        for (int half = kLanes / 2; half >= 1; half /= 2)
          for (int l = 0; l < half; ++l) lanes[l] = complex_product(lanes[l], lanes[l + half]);
        products[k] = complex_product(products[k], lanes[0]);
      } else {
        T product;
        fold_row<Multiply>(x, p.reduced, &product, p.ahead);
        products[k] = Multiply::apply(products[k], product);
      }
    }
  }
  static void columns(const Part& p, const T* x) {
    T* products = static_cast<T*>(p.state) + p.kept0;
    if constexpr (kIsComplex<T>) {
      for (int64_t r = 0; r < p.reduced; ++r)
        for (int64_t k = 0; k < p.kept; ++k) products[k] = complex_product(products[k], x[r * p.pitch + k]);
    } else {
      fold_columns<Multiply>(products, x, p.pitch, p.reduced, p.kept, p.ahead);
    }
  }
  static void merge(const ReduceTile* t) { update<Product>(t); }
  static void finish(const void* state, int64_t capacity, void* const* fields) {
    const T* products = static_cast<const T*>(state);
    auto* out = static_cast<typename C::Element*>(fields[0]);
    for (int64_t k = 0; k < capacity; ++k) out[k] = C::store(products[k]);
  }
};

}  // namespace

void register_product(KernelTable& t) {
  const auto set = [&](DType d, ReduceFns f) { entry(t, Reducer::kProd, d) = f; };
  set(DType::kInt8, functions<Product<Plain<uint8_t>>>());
  set(DType::kInt16, functions<Product<Plain<uint16_t>>>());
  set(DType::kInt32, functions<Product<Plain<uint32_t>>>());
  set(DType::kInt64, functions<Product<Plain<uint64_t>>>());
  set(DType::kUInt8, functions<Product<Plain<uint8_t>>>());
  set(DType::kUInt16, functions<Product<Plain<uint16_t>>>());
  set(DType::kUInt32, functions<Product<Plain<uint32_t>>>());
  set(DType::kUInt64, functions<Product<Plain<uint64_t>>>());
  set(DType::kFloat16, functions<Product<HalfAsFloat>>());
  set(DType::kFloat32, functions<Product<Plain<float>>>());
  set(DType::kFloat64, functions<Product<Plain<double>>>());
  set(DType::kComplex64, functions<Product<Plain<std::complex<float>>>>());
  set(DType::kComplex128, functions<Product<Plain<std::complex<double>>>>());
}

}  // namespace ndl::reduce
