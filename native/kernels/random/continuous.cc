#include "kernels/random/continuous.h"

#include "kernels/random/families.h"
#include "kernels/random/generate.h"

namespace ndl::random {

void add_continuous(KernelTable& table) {
  const auto set = [&](Generator kind, GenerateFn fn) { table.generate[static_cast<int>(kind)] = fn; };
  set(Generator::kGamma, generate_each<GammaValues>);
  set(Generator::kBeta, generate_each<BetaValues>);
  set(Generator::kNoncentralChisquare, generate_each<NoncentralChisquare>);
  set(Generator::kVonmises, generate_each<Vonmises>);
}

}  // namespace ndl::random
