// Distributions whose parameters are arrays, as element-wise operations: in[0] is a uniform number, the others are the
// parameters. The bits of the uniform number choose the element's own stream.
#include <bit>

#include "kernels/random/continuous.h"
#include "kernels/random/discrete.h"
#include "kernels/register.h"

namespace ndl {
namespace {

template <class Distribution, int kParameters>
void draw(void* const* out, const void* const* in, int64_t n) {
  const auto* uniform = static_cast<const double*>(in[0]);
  auto* values = static_cast<double*>(out[0]);
  const random::ArsKeys keys(0);
  for (int64_t i = 0; i < n; ++i) {
    RandomParams params{};
    for (int k = 0; k < kParameters; ++k) params.p[k] = static_cast<const double*>(in[1 + k])[i];
    const auto index = std::bit_cast<uint64_t>(uniform[i]);
    random::ElementStream stream(keys, index, random::ars(keys, random::stream_start(index)));
    values[i] = static_cast<double>(Distribution(params).draw(stream));
  }
}

template <Op op, class Distribution, int kParameters>
void add(KernelTable& table) {
  table.map[static_cast<int>(op)][static_cast<int>(DType::kFloat64)] = draw<Distribution, kParameters>;
}

}  // namespace

#define NDL_DRAW(op, distribution, parameters)                         \
  template <>                                                          \
  void register_loops<Op::op>(KernelTable & table) {                   \
    add<Op::op, random::distribution, parameters>(table);              \
  }
NDL_DRAW(random_beta, BetaValues, 2)
NDL_DRAW(random_binomial, Binomial, 2)
NDL_DRAW(random_gamma, GammaValues, 1)
NDL_DRAW(random_geometric, Geometric, 1)
NDL_DRAW(random_logseries, Logseries, 1)
NDL_DRAW(random_negative_binomial, NegativeBinomial, 2)
NDL_DRAW(random_noncentral_chisquare, NoncentralChisquare, 2)
NDL_DRAW(random_poisson, Poisson, 1)
NDL_DRAW(random_vonmises, Vonmises, 1)
NDL_DRAW(random_zipf, Zipf, 1)
#undef NDL_DRAW

}  // namespace ndl
