#pragma once

// For tests that need a GPU: skipped, in words, where there is none. gpu_main.cpp makes an exit
// code of its own of that.

#include <string>

#include <gtest/gtest.h>

#include "worker/device.h"

namespace glimpse::worker {

inline const std::string kGpu = "cuda:0";

// A mixin, because a parameterised test has another base.
template <typename Base>
class OnGpu : public Base {
 protected:
  void SetUp() override {
    if (list_devices().empty()) {
      GTEST_SKIP() << "no GPU";
    }
  }
};

using GpuTest = OnGpu<testing::Test>;

}  // namespace glimpse::worker
