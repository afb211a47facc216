#include "kernels/reduce/families.h"
#include "kernels/register.h"

namespace ndl {

void register_reduce(KernelTable& t) {
  reduce::register_sum(t);
  reduce::register_product(t);
  reduce::register_extreme(t);
  reduce::register_arg_extreme(t);
  reduce::register_moments(t);
}

}  // namespace ndl
