#include "storage/hdf5/dataset_info.h"

#include <functional>

#include <gtest/gtest.h>

#include "tests/storage/hdf5/dataset_samples.h"

namespace glimpse::storage {
namespace {

std::string problem(const std::function<void(DatasetInfo&)>& change) {
  DatasetInfo info = tests::sample_info();
  change(info);
  return dataset_info_problem(info);
}

TEST(DatasetInfo, SaysWhatCannotBe) {
  EXPECT_EQ(problem([](DatasetInfo&) {}), "");
  EXPECT_NE(problem([](DatasetInfo& info) { info.recipe = "a/b"; }), "");
  EXPECT_NE(problem([](DatasetInfo& info) { info.identity = "12"; }), "");
  EXPECT_NE(problem([](DatasetInfo& info) { info.recipe_text = std::string(40'000, 'x'); }), "");
  EXPECT_NE(problem([](DatasetInfo& info) { info.recipe_text = std::string("a\0b", 3); }), "");
  EXPECT_NE(problem([](DatasetInfo& info) { info.width = 0; }), "");
  EXPECT_NE(problem([](DatasetInfo& info) { info.height = 1U << 20; }), "");
  EXPECT_NE(problem([](DatasetInfo& info) { info.labels_per_image = 0; }), "");
  EXPECT_NE(problem([](DatasetInfo& info) { info.splits[1].count = 0; }), "");
  EXPECT_NE(problem([](DatasetInfo& info) { info.splits[2].count = 1ULL << 40; }), "");
  EXPECT_NE(problem([](DatasetInfo& info) { info.provenance["a b"] = ""; }), "");
  EXPECT_NE(problem([](DatasetInfo& info) {
              for (int i = 0; i < 100; ++i) {
                info.provenance["n" + std::to_string(i)] = "";
              }
            }),
            "");
}

}  // namespace
}  // namespace glimpse::storage
