#include "kernels/table.h"

#include "kernels/register.h"

#ifndef NDL_ISA_NAME
#error "NDL_ISA_NAME is given by the build: one library per ISA"
#endif

namespace ndl {

#define NDL_OP(name, nin, nout, loops) \
  template <>                          \
  void register_loops<Op::name>(KernelTable & table);
#include "generated/ops.inc"
#undef NDL_OP

namespace {

KernelTable make_table() {
  KernelTable table{};
  table.version = kKernelTableVersion;
  table.isa = NDL_ISA_NAME;
#define NDL_OP(name, nin, nout, loops) register_loops<Op::name>(table);
#include "generated/ops.inc"
#undef NDL_OP
  register_cast(table);
  register_copy(table);
  register_random(table);
  register_reduce(table);
  register_scan(table);
  register_block(table);
  return table;
}

}  // namespace
}  // namespace ndl

const ndl::KernelTable* ndloom_kernels() {
  static const ndl::KernelTable table = ndl::make_table();
  return &table;
}
