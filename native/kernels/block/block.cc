#include "kernels/block/operand.h"
#include "kernels/register.h"

namespace ndl {

void register_block(KernelTable& t) {
  block::register_scan(t);
  block::register_matmul(t);
  block::register_select(t);
  block::register_topk(t);
  block::register_quantile(t);
  block::register_long_quantile(t);
  block::register_histogram(t);
}

}  // namespace ndl
