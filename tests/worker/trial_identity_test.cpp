#include "worker/trial_identity.h"

#include <gtest/gtest.h>

#include "experiments/model_table.h"
#include "storage/storage_error.h"

namespace glimpse::worker {
namespace {

const std::string kDataset(64, 'd');

experiments::TrialFile trial() {
  return {.seed = 3, .parameters = experiments::resolve({{"model", std::string("conv")}})};
}

TEST(TrialIdentity, IsFilledInWhereTheFileDoesNotSay) {
  const experiments::TrialFile known = identify_trial(trial(), kDataset, "trial.json");
  EXPECT_EQ(known.dataset, kDataset);
  EXPECT_EQ(known.key.size(), 64U);
  EXPECT_EQ(identify_trial(known, kDataset, "trial.json"), known);
  EXPECT_NE(identify_trial(trial(), std::string(64, 'e'), "trial.json").key, known.key);
}

TEST(TrialIdentity, IsNeverAnotherThanTheFileSays) {
  const auto refusal = [](const experiments::TrialFile& file) -> std::string {
    try {
      identify_trial(file, kDataset, "some/trial.json");
    } catch (const storage::StorageError& error) {
      EXPECT_EQ(error.fault(), storage::StorageFault::kForeign);
      return error.what();
    }
    return "";
  };
  experiments::TrialFile other = trial();
  other.dataset = std::string(64, 'e');
  EXPECT_NE(refusal(other).find("take trial some/trial.json: its dataset is eeee"),
            std::string::npos);
  other = trial();
  other.key = std::string(64, 'a');
  EXPECT_NE(refusal(other).find("its key is aaaa"), std::string::npos);
}

}  // namespace
}  // namespace glimpse::worker
