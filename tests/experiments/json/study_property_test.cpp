// What holds for every study, tried on random ones, and for every text, tried on damaged ones.

#include <algorithm>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "experiments/json/json_document.h"
#include "experiments/json/json_print.h"
#include "experiments/json/shipped_studies.h"
#include "experiments/json/study_json.h"
#include "experiments/plan/plan.h"
#include "tests/experiments/json/study_generator.h"

namespace glimpse::experiments {
namespace {

RC_GTEST_PROP(StudyProperty, APrintedStudyReadsBackAsTheSame, ()) {
  const Study study = random_study();
  const std::string text = print_study(study);
  RC_LOG() << text;
  RC_ASSERT(parse_study(text, "printed") == study);
}

RC_GTEST_PROP(StudyProperty, AResolvedTextReadsBackAsTheSame, ()) {
  const Study study = random_study();
  const ResolvedStudy resolved = resolve_study(print_study(study), "a,\n\"b*/");
  RC_ASSERT(parse_study(print_resolved(resolved.study, resolved.origins), "r") == study);
}

void shuffle_members(JsonNode& node, std::mt19937& random) {
  if (auto* members = std::get_if<JsonMembers>(&node.value)) {
    std::shuffle(members->begin(), members->end(), random);
    for (JsonMember& member : *members) {
      shuffle_members(member.node, random);
    }
  } else if (auto* items = std::get_if<JsonItems>(&node.value)) {
    for (JsonNode& item : *items) {
      shuffle_members(item, random);
    }
  }
}

std::string shuffled(std::string_view text, unsigned seed) {
  IssueList issues;
  JsonNode root = parse_json(text, issues).value();
  std::mt19937 random(seed);
  shuffle_members(root, random);
  return print_json(root);
}

RC_GTEST_PROP(StudyProperty, TheOrderOfKeysMeansNothing, (unsigned seed)) {
  const Study study = random_study();
  RC_ASSERT(parse_study(shuffled(print_study(study), seed), "shuffled") == study);
}

TEST(StudyProperty, KeysOfTrialsIgnoreTheOrderOfKeys) {
  for (const ShippedStudy& shipped : shipped_studies()) {
    const Plan plan = make_plan(parse_study(shipped.text, std::string(shipped.name)), {});
    for (unsigned seed = 0; seed < 5; ++seed) {
      const Plan other = make_plan(parse_study(shuffled(shipped.text, seed), "shuffled"), {});
      ASSERT_EQ(plan.trials.size(), other.trials.size());
      for (std::size_t i = 0; i < plan.trials.size(); ++i) {
        ASSERT_EQ(plan.trials[i].key, other.trials[i].key) << shipped.name << " trial " << i;
      }
    }
  }
}

// Damages a text in one of the ways in which files get damaged, or people mistype.
class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::string mutate(std::string text) {
    for (std::size_t times = 1 + below(4); times > 0; --times) {
      damage(text);
    }
    return text;
  }

 private:
  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }

  void damage(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    const std::size_t length = std::min(1 + below(40), text.size() - at);
    switch (below(7)) {
      case 0:
        if (at < text.size()) {
          text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        }
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(at, std::string(text, at, length));
        break;
      case 3:
        text.resize(at);
        break;
      case 4:
        text.insert(below(text.size() + 1), std::string(text, at, length));
        break;
      default:
        text.replace(at, std::min(length, below(12)), word());
    }
  }

  std::string word() {
    static const std::vector<std::string> kWords{"{",
                                                 "}",
                                                 "[",
                                                 "]",
                                                 ",",
                                                 ":",
                                                 "\"",
                                                 "\\",
                                                 "null",
                                                 "true",
                                                 "-1",
                                                 "0",
                                                 "1e999",
                                                 "NaN",
                                                 "18446744073709551616",
                                                 "\"values\":",
                                                 "\"value\":",
                                                 "{\"min\":1,\"max\":2}",
                                                 "\"parameters\":",
                                                 "\"\\u0000\"",
                                                 "\"\\ud800\"",
                                                 "\"mu\":0,\"sigma\":1",
                                                 "\"distribution\":\"normal\"",
                                                 "[[[[",
                                                 "\"kind\":\"command\",",
                                                 "\"table\":{",
                                                 "\"rlimits\":",
                                                 "\xFF",
                                                 "/*",
                                                 "//",
                                                 "[20, 0.5]",
                                                 "\"claims\":[{\"below\":[{},{}]}]",
                                                 "\"when\":{\"dropout\":{\"dropout\":[0]}},",
                                                 "\"9999999TiB\"",
                                                 "\"method\":\"list\",\"points\":[{}],",
                                                 "[]",
                                                 "{}",
                                                 "\"dataset.train\""};
    return kWords[below(kWords.size())];
  }

  std::mt19937 random_;
};

TEST(StudyProperty, TenThousandDamagedStudiesAreReadOrRefused) {
  Mutator mutator(20260705);
  int read = 0;
  for (int i = 0; i < 10'000; ++i) {
    const ShippedStudy& shipped = shipped_studies()[static_cast<std::size_t>(i) % 4];
    const std::string text = mutator.mutate(std::string(shipped.text));
    try {
      const Study study = parse_study(text, "damaged");
      ASSERT_EQ(parse_study(print_study(study), "printed"), study) << text;
      ++read;
    } catch (const StudyError& error) {
      ASSERT_FALSE(error.issues().empty()) << text;
    }
  }
  // Damage in a comment does no harm; most of it is found.
  EXPECT_GT(read, 500);
  EXPECT_LT(read, 6000);
}

}  // namespace
}  // namespace glimpse::experiments
