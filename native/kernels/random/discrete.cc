#include "kernels/random/discrete.h"

#include "kernels/random/families.h"
#include "kernels/random/generate.h"

namespace ndl::random {

void add_discrete(KernelTable& table) {
  const auto set = [&](Generator kind, GenerateFn fn) { table.generate[static_cast<int>(kind)] = fn; };
  set(Generator::kPoisson, generate_each<Poisson>);
  set(Generator::kBinomial, generate_each<Binomial>);
  set(Generator::kNegativeBinomial, generate_each<NegativeBinomial>);
  set(Generator::kGeometric, generate_each<Geometric>);
  set(Generator::kHypergeometric, generate_each<Hypergeometric>);
  set(Generator::kLogseries, generate_each<Logseries>);
  set(Generator::kZipf, generate_each<Zipf>);
}

}  // namespace ndl::random
