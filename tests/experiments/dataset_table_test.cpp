#include "experiments/dataset_table.h"

#include <set>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "experiments/hash/sha256.h"
#include "experiments/mnist_files.h"

namespace glimpse::experiments {
namespace {

std::string no_file(const std::string& /*path*/) {
  return "";
}

std::string pointers(const DatasetSpec& spec) {
  std::string text;
  for (const Issue& issue : dataset_issues(spec)) {
    text += issue.pointer + " ";
  }
  return text;
}

TEST(DatasetTable, HoldsTheDefaultsOfThePlainStruct) {
  EXPECT_EQ(make_dataset_spec({}), DatasetSpec{});
  EXPECT_TRUE(given_dataset_values({}).empty());
  for (const ParameterRow& row : dataset_rows()) {
    EXPECT_FALSE(value_problem(row, row.default_value)) << row.name;
    EXPECT_EQ(dataset_value({}, row.name), row.default_value);
    EXPECT_FALSE(row.doc.empty());
    EXPECT_EQ(row.when.empty(), row.name != "patch_side" && row.name != "clutter") << row.name;
  }
}

TEST(DatasetTable, NamesEveryKeyOfAStudy) {
  std::set<std::string> names;
  for (const ParameterRow& row : dataset_rows()) {
    names.insert(row.name);
  }
  EXPECT_EQ(names,
            (std::set<std::string>{"recipe",
                                   "source",
                                   "seed",
                                   "width",
                                   "height",
                                   "digits",
                                   "digit_side",
                                   "patches",
                                   "patch_side",
                                   "slope",
                                   "clutter",
                                   "train",
                                   "valid",
                                   "test",
                                   "shuffle_labels",
                                   "file"}));
}

TEST(DatasetTable, SetsEveryKindOfValue) {
  const Assignment values = {{"source", "builtin"},
                             {"seed", 9007199254740991.0},
                             {"width", 72.0},
                             {"slope", "paper"},
                             {"clutter", "train_twice_valid"},
                             {"shuffle_labels", true}};
  const DatasetSpec spec = make_dataset_spec(values);
  EXPECT_EQ(spec.source, DigitSourceKind::kBuiltin);
  EXPECT_EQ(spec.seed, std::uint64_t{kMaxWhole});
  EXPECT_EQ(spec.width, 72);
  EXPECT_EQ(spec.slope, SlopeRange::kPaper);
  EXPECT_EQ(spec.clutter, ClutterBank::kTrainTwiceValid);
  EXPECT_TRUE(spec.shuffle_labels);
  EXPECT_EQ(given_dataset_values(spec), values);
}

TEST(DatasetTable, RefusesValuesOutOfRange) {
  DatasetSpec spec;
  EXPECT_THROW(set_dataset_value(spec, "width", Value(0.0)), std::invalid_argument);
  EXPECT_THROW(set_dataset_value(spec, "patchs", Value(1.0)), std::invalid_argument);
  EXPECT_THROW(set_dataset_value(spec, "source", Value("fashion")), std::invalid_argument);
  EXPECT_EQ(spec, DatasetSpec{});
  EXPECT_EQ(dataset_value_problem("digit_side", Value(29.0)).value(),
            "must be a whole number from 4 to 28, not 29");
  EXPECT_TRUE(dataset_value_problem("patchs", Value(1.0)));
}

TEST(DatasetTable, LetsPatchesFollowSmallDigits) {
  EXPECT_EQ(make_dataset_spec({{"digit_side", 24.0}}).patch_side, 9);
  DatasetSpec spec = make_dataset_spec({{"digit_side", 8.0}});
  EXPECT_EQ(spec.patch_side, 7);
  EXPECT_EQ(given_dataset_values(spec), (Assignment{{"digit_side", 8.0}}));
  set_dataset_value(spec, "digit_side", Value(28.0));
  EXPECT_EQ(spec, DatasetSpec{});
  EXPECT_EQ(make_dataset_spec({{"digit_side", 8.0}, {"patch_side", 4.0}}).patch_side, 4);
}

TEST(DatasetTable, HasNoSideOrSourceOfPatchesThatAreNotThere) {
  const DatasetSpec spec =
      make_dataset_spec({{"patches", 0.0}, {"patch_side", 5.0}, {"clutter", "per_split"}});
  EXPECT_EQ(given_dataset_values(spec), (Assignment{{"patches", 0.0}}));
  EXPECT_EQ(dataset_identity(spec, no_file), dataset_identity({.patches = 0}, no_file));
}

TEST(DatasetIssues, NameWhatDoesNotFit) {
  EXPECT_EQ(pointers({}), "");
  EXPECT_EQ(pointers({.width = 83}), "/dataset/width ");
  EXPECT_EQ(pointers({.width = 84}), "");
  EXPECT_EQ(pointers({.width = 84, .height = 27}), "/dataset/height ");
  EXPECT_EQ(pointers({.digit_side = 9}), "/dataset/patch_side ");
  EXPECT_EQ(pointers({.digit_side = 9, .patches = 0}), "");
  EXPECT_EQ(pointers({.width = 2000000000, .digits = 2000000000}),
            "/dataset/width /dataset/digits ");
  EXPECT_EQ(pointers({.recipe = "soup"}), "/dataset/recipe ");
  EXPECT_EQ(pointers({.digits = 2, .file = "a.h5"}), "/dataset/digits ");
  EXPECT_EQ(pointers({.file = "a.h5"}), "");
}

TEST(DatasetIdentity, IsTheHashOfACanonicalText) {
  const std::string text =
      R"({"generator":1,"recipe":"cluttered-sequences","seed":1234,"sources":[)"
      R"("ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",)"
      R"("65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",)"
      R"("0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",)"
      R"("ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"],"values":{}})";
  EXPECT_EQ(dataset_identity_text({}, no_file), text);
  EXPECT_EQ(dataset_identity({}, no_file), hex(sha256(text)));
  EXPECT_EQ(dataset_identity_text({.source = DigitSourceKind::kBuiltin, .seed = 7, .patches = 0},
                                  no_file),
            R"({"generator":1,"recipe":"cluttered-sequences","seed":7,)"
            R"("sources":["builtin-digits-1"],"values":{"patches":0,"source":"builtin"}})");
}

TEST(DatasetIdentity, ChangesWithEveryValue) {
  const Assignment others = {{"source", "builtin"},
                             {"seed", 1.0},
                             {"width", 101.0},
                             {"height", 101.0},
                             {"digits", 2.0},
                             {"digit_side", 24.0},
                             {"patches", 0.0},
                             {"patch_side", 3.0},
                             {"slope", "paper"},
                             {"clutter", "per_split"},
                             {"train", 1.0},
                             {"valid", 1.0},
                             {"test", 1.0},
                             {"shuffle_labels", true}};
  std::set<std::string> seen = {dataset_identity({}, no_file)};
  for (const auto& [name, value] : others) {
    EXPECT_TRUE(seen.insert(dataset_identity(make_dataset_spec({{name, value}}), no_file)).second)
        << name;
  }
}

TEST(DatasetIdentity, OfAnImportIsItsContentAlone) {
  const auto same = [](const std::string&) { return std::string("abc"); };
  EXPECT_EQ(dataset_identity_text({.file = "a.h5"}, same),
            R"({"recipe":"import","sources":["abc"]})");
  EXPECT_EQ(dataset_identity({.file = "a.h5"}, same), dataset_identity({.file = "b.h5"}, same));
  EXPECT_THROW(dataset_identity({.file = "a.h5"}, no_file), StudyError);
  EXPECT_THROW(dataset_identity({.file = "a.h5"}, {}), StudyError);
}

}  // namespace
}  // namespace glimpse::experiments
