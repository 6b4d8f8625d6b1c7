// What holds for every command and record, tried on random ones, and for every line, tried on
// damaged ones.

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "experiments/json/record_json.h"
#include "tests/experiments/json/record_generator.h"
#include "tests/experiments/json/records_page.h"
#include "tests/support/damage.h"

namespace glimpse::experiments {
namespace {

RC_GTEST_PROP(RecordProperty, ACommandReadsBackAsTheSame, ()) {
  const Command command = random_command();
  const std::string line = render_command(command);
  RC_LOG() << line;
  RC_ASSERT(line.find('\n') == std::string::npos);
  RC_ASSERT(parse_command(line) == command);
}

RC_GTEST_PROP(RecordProperty, ARecordReadsBackAsTheSame, ()) {
  const Record record = random_record();
  const std::string line = render_record(record);
  RC_LOG() << line;
  RC_ASSERT(line.find('\n') == std::string::npos);
  RC_ASSERT(parse_record(line) == record);
  RC_ASSERT(parse_user_record(line, record.attempt) == record);
}

// Damage of the usual kinds, or what only JSON can suffer from.
std::string damaged(std::string_view line, std::mt19937_64& random) {
  if (random() % 8 != 0) {
    return tests::mutate(line, random);
  }
  const std::size_t depth = random() % 200;
  const std::vector<std::string> wilds{std::string(depth, '[') + std::string(depth, ']'),
                                       R"("\ud800")",
                                       R"("\u0000":1,)",
                                       "\"" + std::string(random() % 70'000, 'x') + "\"",
                                       "\"" + std::string(depth, '\xC3') + "\"",
                                       std::string(400, '9'),
                                       "1e-400",
                                       "/*",
                                       "{\"type\":\"epoch\"}"};
  std::string text(line);
  const std::size_t at = text.find(random() % 2 == 0 ? ':' : '"', random() % text.size());
  return text.insert(at == std::string::npos ? 0 : at + 1, wilds[random() % wilds.size()]);
}

struct Campaign {
  int read = 0;
  int refused = 0;
};

// Reads each damaged line; what is read must be fit to be written, what is refused must say why.
template <typename Parse, typename Render>
Campaign read_damaged(const std::vector<std::string>& lines, Parse parse, Render render) {
  std::mt19937_64 random(20260705);
  Campaign campaign;
  for (int i = 0; i < 10'000; ++i) {
    const std::string line = damaged(lines[static_cast<std::size_t>(i) % lines.size()], random);
    try {
      const std::string again = render(parse(line));
      EXPECT_EQ(render(parse(again)), again) << line;
      ++campaign.read;
    } catch (const RecordError& error) {
      const std::string_view text = error.what();
      EXPECT_FALSE(error.issue().message.empty()) << line;
      EXPECT_EQ(text.find_first_of("\n\r\x1b"), std::string::npos) << text;
      EXPECT_LT(text.size(), 1000U) << text;
      ++campaign.refused;
    }
  }
  return campaign;
}

TEST(RecordProperty, TenThousandDamagedRecordsAreReadOrRefused) {
  const Campaign campaign = read_damaged(
      tests::example_records(),
      [](auto line) { return parse_record(line); },
      [](const Record& record) { return render_record(record); });
  EXPECT_GT(campaign.read, 100);
  EXPECT_GT(campaign.refused, 5000);
}

TEST(RecordProperty, TenThousandDamagedUserRecordsAreReadOrRefused) {
  const AttemptName attempt{.run = std::string(32, 'a'), .number = 7};
  const std::vector<std::string> lines{R"({"epoch": 3, "metrics": {"loss": 0.2}})",
                                       R"({"type": "failed", "class": "oom", "message": "no"})"};
  const Campaign campaign = read_damaged(
      lines,
      [&](auto line) { return parse_user_record(line, attempt); },
      [](const Record& record) { return render_record(record); });
  EXPECT_GT(campaign.read, 100);
  EXPECT_GT(campaign.refused, 5000);
}

TEST(RecordProperty, TenThousandDamagedCommandsAreReadOrRefused) {
  const Campaign campaign = read_damaged(
      tests::example_commands(),
      [](auto line) { return parse_command(line); },
      [](const Command& command) { return render_command(command); });
  EXPECT_GT(campaign.read, 100);
  EXPECT_GT(campaign.refused, 5000);
}

}  // namespace
}  // namespace glimpse::experiments
