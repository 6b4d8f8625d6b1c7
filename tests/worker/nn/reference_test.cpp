// The networks against tests/worker/nn/reference/make_reference.py, which writes them down a second
// time in plain PyTorch.

#include "tests/worker/nn/reference.h"

#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "experiments/hash/sha256.h"
#include "worker/nn/dropout.h"

namespace glimpse::worker {
namespace {

class AgainstTheReference : public testing::TestWithParam<ReferenceCase> {};

TEST_P(AgainstTheReference, AgreesInDoublePrecision) {
  expect_reference(GetParam(), 1e-10, torch::kFloat64, torch::kCPU);
}

TEST_P(AgainstTheReference, AgreesInSinglePrecision) {
  expect_reference(GetParam(), 1e-5, torch::kFloat32, torch::kCPU);
}

INSTANTIATE_TEST_SUITE_P(Networks,
                         AgainstTheReference,
                         testing::ValuesIn(reference_cases()),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(Reference, HoldsTheMasksThatDropoutDraws) {
  for (const ReferenceCase& each : reference_cases()) {
    const Reference reference(each.name);
    Dropout dropout;
    dropout.begin_batch(each.seed, each.epoch, reference.samples(), each.dropout);
    for (std::size_t site = 0; site < reference.count("mask."); ++site) {
      const torch::Tensor expected = reference.at("mask." + std::to_string(site));
      const torch::Tensor mask = dropout.apply(torch::ones(expected.sizes(), torch::kFloat64));
      EXPECT_TRUE(torch::equal(mask, expected.to(torch::kFloat64) / (1 - each.dropout)))
          << each.name << " site " << site;
    }
  }
}

TEST(Reference, WasWrittenByTheScriptBesideIt) {
  std::ifstream script(reference_folder() / "make_reference.py", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(script), {}};
  for (const ReferenceCase& each : reference_cases()) {
    EXPECT_EQ(Reference(each.name).recipe(), experiments::hex(experiments::sha256(text)))
        << "run make_reference.py and commit what it writes";
  }
}

}  // namespace
}  // namespace glimpse::worker
