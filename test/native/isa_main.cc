// Runs the tests if this CPU has the instruction set that the linked kernels use; else ends with 77, "skipped".
#include <gtest/gtest.h>

int main(int argc, char** argv) {
#if defined(NDLOOM_TEST_ISA_avx512)
  if (!__builtin_cpu_supports("x86-64-v4")) return 77;
#elif defined(NDLOOM_TEST_ISA_avx2)
  if (!__builtin_cpu_supports("x86-64-v3")) return 77;
#endif
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
