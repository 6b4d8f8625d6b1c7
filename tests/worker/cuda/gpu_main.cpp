// gpu_tests: exits with 0 when all passed, 1 when some failed, and 69 when some were skipped
// because there is no GPU. Who asks for these tests wants a GPU to be tried.

#include <gtest/gtest.h>

#include "experiments/faults.h"
#include "worker/nn/torch_runtime.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  glimpse::worker::prepare_torch(/*threads=*/2);
  const int failed = RUN_ALL_TESTS();
  const bool was_skipped = testing::UnitTest::GetInstance()->skipped_test_count() > 0;
  return failed == 0 && was_skipped ? static_cast<int>(glimpse::experiments::ExitCode::kUnavailable)
                                    : failed;
}
