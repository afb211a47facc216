#include "kernels/register.h"

#include "kernels/random/families.h"

namespace ndl {

void register_random(KernelTable& table) {
  random::add_uniform(table);
  random::add_ziggurat(table);
  random::add_continuous(table);
  random::add_discrete(table);
  random::add_permutation(table);
}

}  // namespace ndl
