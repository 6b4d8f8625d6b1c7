#include "experiments/json/record_json.h"

#include <cmath>
#include <limits>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

namespace glimpse::experiments {
namespace {

constexpr std::string_view kRun = "0123456789abcdef0123456789abcdef";
const AttemptName kAttempt{.run = std::string(kRun), .number = 2};

// A record with these members behind the three that all have.
std::string line_of(std::string_view type, std::string_view members) {
  return "{\"type\":\"" + std::string(type) + R"(","run":")" + std::string(kRun) +
         R"(","attempt":2)" + std::string(members) + "}";
}

template <typename Parse>
std::string complaint_of(Parse parse) {
  try {
    parse();
  } catch (const RecordError& error) {
    return error.what();
  }
  return "";
}

std::string complaint(std::string_view line) {
  return complaint_of([&] { parse_record(line); });
}

TEST(RecordJson, WritesKeysInOneOrderAndLeavesOutWhatIsEmpty) {
  EXPECT_EQ(render_record({kAttempt, EpochRecord{.epoch = 3, .metrics = {{"b", 0.5}, {"a", 1}}}}),
            line_of("epoch", R"(,"epoch":3,"metrics":{"a":1,"b":0.5})"));
  EXPECT_EQ(render_record({kAttempt, FinishedRecord{}}),
            line_of("finished", R"(,"outcome":"completed")"));
  EXPECT_EQ(render_record({kAttempt, StoppedRecord{}}), line_of("stopped", ""));
  EXPECT_EQ(render_record({kAttempt, PreemptedRecord{"gone"}}),
            line_of("preempted", R"(,"message":"gone")"));
  EXPECT_EQ(render_command(ShutdownCommand{}), R"({"type":"shutdown"})");
}

TEST(RecordJson, KeepsThatANumberWasNotFinite) {
  const double infinity = std::numeric_limits<double>::infinity();
  const Record record{kAttempt,
                      EpochRecord{.epoch = 1, .metrics = {{"a", infinity}, {"b", std::nan("")}}}};
  const std::string line = render_record(record);
  EXPECT_EQ(line, line_of("epoch", R"(,"epoch":1,"metrics":{"a":null,"b":null})"));
  const Record read = parse_record(line);
  EXPECT_TRUE(std::isnan(std::get<EpochRecord>(read.body).metrics.at("a")));
  EXPECT_EQ(render_record(read), line);
}

TEST(RecordJson, IsWrittenAgainAsLongAsItsLineMayBe) {
  Record record{kAttempt, EpochRecord{.epoch = 1, .metrics = {{"a", 0.1}}}};
  EXPECT_EQ(render_read_record(parse_record(render_record(record))), render_record(record));
  NamedNumbers& metrics = std::get<EpochRecord>(record.body).metrics;
  for (int i = 0; i < 600; ++i) {
    metrics.emplace(std::string(110, 'm') + std::to_string(i), 0.5);
  }
  EXPECT_THROW(render_read_record(record), RecordError);
}

TEST(RecordJson, MendsTheMessageOfAFailure) {
  const auto mended = [](const std::string& message) {
    const Record read = parse_record(
        render_record({kAttempt, FailedRecord{.fault = FaultClass::kOom, .message = message}}));
    return std::get<FailedRecord>(read.body).message;
  };
  EXPECT_EQ(mended("open \xFFx\xC3: no\n"), "open \uFFFDx\uFFFD: no\n");
  EXPECT_EQ(mended(std::string("a\0b\0", 4)), "a\uFFFDb\uFFFD");
  EXPECT_EQ(mended(std::string(10'000, 'x')), std::string(8192, 'x'));
  // Every byte of these becomes three or six; neither a character nor the line may burst.
  EXPECT_EQ(mended(std::string(8192, '\xFF')).size(), 8190U);
  EXPECT_EQ(mended(std::string(8192, '\x01')), std::string(8192, '\x01'));
  for (const std::size_t room : {0U, 1U, 2U, 3U}) {
    const std::string text(8192 - room, 'y');
    EXPECT_EQ(mended(text + "\xF0\x9F\x98\x80z"), text) << room;
  }
}

TEST(RecordJson, RefusesToWriteWhatTheOtherEndWouldRefuse) {
  const auto epoch = [](EpochRecord body) {
    return complaint_of([&] { render_record({kAttempt, std::move(body)}); });
  };
  EXPECT_NE(epoch({.epoch = 0}).find("/epoch: must be a whole number from 1"), std::string::npos);
  EXPECT_NE(epoch({.metrics = {{"a\n", 1}}}).find("must be a name of 1 to 128"), std::string::npos);
  EXPECT_NE(epoch({.metrics = {{"\xFF", 1}}}).find("not UTF-8"), std::string::npos);
  EXPECT_NE(epoch({.weights_hash = "ABC"}).find("/weights_hash: must be 1 to 64 lower-case"),
            std::string::npos);
  const std::string text =
      complaint_of([] { render_command(StartCommand{.attempt = kAttempt, .key = "12"}); });
  EXPECT_TRUE(text.starts_with("command to send:1:")) << text;
}

TEST(RecordJson, WritesTheLargestRecordThatFitsAndRefusesTheNext) {
  EpochRecord body{.epoch = 1};
  for (int i = 0; body.metrics.size() < 466; ++i) {
    body.metrics[std::to_string(i) + std::string(128 - std::to_string(i).size(), 'm')] = 1e-300;
  }
  const Record record{kAttempt, body};
  const std::string line = render_record(record);
  ASSERT_LE(line.size(), kMaxRecordBytes);
  EXPECT_EQ(parse_record(line), record);
  for (int i = 0; i < 10; ++i) {
    body.metrics["x" + std::to_string(i) + std::string(126, 'm')] = 1;
  }
  EXPECT_NE(complaint_of([&] {
              render_record({kAttempt, body});
            }).find("bytes are too many"),
            std::string::npos);
}

TEST(RecordJson, CountsBytesAndValues) {
  const std::string start = line_of("epoch", R"(,"epoch":1,"metrics":{})");
  std::string line = start;
  line.insert(line.size() - 1, kMaxRecordBytes - start.size(), ' ');
  EXPECT_EQ(complaint(line), "");
  line.insert(line.size() - 1, " ");
  EXPECT_EQ(complaint(line), "record: 65537 bytes are too many: at most 65536");

  std::string members;
  for (int i = 0; i < 1001; ++i) {
    members += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":1";
  }
  EXPECT_NE(complaint(line_of("epoch", R"(,"epoch":1,"metrics":{)" + members + "}"))
                .find("/metrics: 1001 values are too many: at most 1000"),
            std::string::npos);
}

TEST(RecordJson, TakesAHundredOlderFolders) {
  const auto start = [](std::size_t folders) {
    return complaint_of([&] {
      render_command(StartCommand{.attempt = kAttempt,
                                  .key = std::string(kRun) + std::string(32, '0'),
                                  .dataset = "d.h5",
                                  .folder = "f",
                                  .resume_from = std::vector<std::string>(folders, "older"),
                                  .metric = {}});
    });
  };
  EXPECT_EQ(start(100), "");
  EXPECT_NE(start(101).find("/resume_from: 101 values are too many: at most 100"),
            std::string::npos);
}

TEST(RecordJson, ReadsWhatAUsersProgramLeavesOut) {
  const Record epoch{kAttempt, EpochRecord{.epoch = 3, .metrics = {{"loss", 0.2}}}};
  EXPECT_EQ(parse_user_record(R"({"epoch": 3, "metrics": {"loss": 0.2}})", kAttempt), epoch);
  EXPECT_EQ(parse_user_record("{\"metrics\":{\"loss\":0.2},\"epoch\":3,\"attempt\":2}\r", kAttempt),
            epoch);
  EXPECT_EQ(parse_user_record(R"({"type": "finished", "outcome": "pruned"})", kAttempt),
            (Record{kAttempt, FinishedRecord{.outcome = Outcome::kPruned}}));
}

TEST(RecordJson, RefusesARecordForgedForAnotherAttempt) {
  const auto refused = [](std::string_view line) {
    return complaint_of([&] { parse_user_record(line, kAttempt); });
  };
  const std::string other(32, 'f');
  EXPECT_EQ(refused(R"({"run":")" + other + R"(","epoch":1,"metrics":{}})"),
            "record:1:1: names another attempt than that it comes from");
  EXPECT_EQ(refused(R"({"attempt":1,"epoch":1,"metrics":{}})"),
            "record:1:1: names another attempt than that it comes from");
  EXPECT_EQ(refused(R"({"run":null,"epoch":1,"metrics":{}})"),
            "record:1:8: /run: must be a string, not null");
}

TEST(RecordJson, SaysHowManyMoreMistakesThereAre) {
  EXPECT_EQ(complaint(R"({"type":"epoch","run":"x","attempt":0,"metric":{}})"),
            "record:1:1: missing key \"epoch\" (and 4 more)");
}

TEST(RecordJson, KeepsItsComplaintsOnOneLine) {
  EXPECT_EQ(complaint(line_of("started", ",\"a\\n\\u001b[31m\":1")),
            "record:1:72: /a??[31m: unknown key");
}

TEST(RecordJson, RefusesAKeyThatIsNotTheRuns) {
  const auto start = [](const std::string& key) {
    return complaint_of([&] {
      render_command(StartCommand{
          .attempt = kAttempt, .key = key, .dataset = "d.h5", .folder = "f", .metric = {}});
    });
  };
  EXPECT_EQ(start(std::string(kRun) + std::string(32, '0')), "");
  EXPECT_EQ(start(std::string(64, '0')),
            "command to send:1:1: \"key\" does not begin with \"run\"");
}

// A line that is no record, and how what is said about it begins.
struct Wrong {
  std::string line;
  std::string_view complaint;
};

void PrintTo(const Wrong& wrong, std::ostream* out) {
  *out << wrong.line;
}

class RecordMistake : public testing::TestWithParam<Wrong> {};

TEST_P(RecordMistake, IsTold) {
  const std::string wanted = "record:1:" + std::string(GetParam().complaint);
  EXPECT_EQ(complaint(GetParam().line).substr(0, wanted.size()), wanted);
}

INSTANTIATE_TEST_SUITE_P(
    Text,
    RecordMistake,
    testing::Values(Wrong{"", "1: the text is empty"},
                    Wrong{"null", "1: must be an object, not null"},
                    Wrong{"[1]", "1: must be an object, not a list"},
                    Wrong{"{} {}", "4: expected nothing more behind the value, found \"{\""},
                    Wrong{line_of("started", "") + " // that is all", "73: a comment"},
                    Wrong{"{\"type\":\"\xC3\x28\"}", "10: not UTF-8"},
                    Wrong{std::string("{\"type\":\"a\0\"}", 13), "11: a zero byte"},
                    Wrong{line_of("started", R"(,"type":"failed")"), "72: /type: duplicate key"},
                    Wrong{line_of("epoch", R"(,"epoch":1,"metrics":{"a":NaN})"),
                          "95: NaN is not a number that JSON knows"},
                    Wrong{line_of("epoch", R"(,"epoch":1,"metrics":{"a":1e999})"),
                          "95: 1e999 is too large for a number"},
                    Wrong{
                        line_of("started", ",\"a\":" + std::string(40, '[') + std::string(40, ']')),
                        "107: /a/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0: "
                        "nested deeper than 32 levels"}));

INSTANTIATE_TEST_SUITE_P(
    Fields,
    RecordMistake,
    testing::Values(
        Wrong{R"({"run":"x"})", "1: missing key \"type\""},
        Wrong{R"({"type":"epok","run":"x"})", "9: /type: must be one of"},
        Wrong{
            R"({"type":"started","run":"0123456789ABCDEF0123456789abcdef","attempt":2})",
            "25: /run: must be 32 lower-case hex digits, not \"0123456789ABCDEF0123456789abcdef\""},
        Wrong{R"({"type":"started","run":"0123456789abcdef0123456789abcdef","attempt":2.5})",
              "70: /attempt: must be a whole number from 1 to 1000000000, not 2.5"},
        Wrong{line_of("started", R"(,"pid":1)"), "72: /pid: unknown key"},
        Wrong{line_of("epoch", R"(,"epoch":1,"metrics":{"a":true})"),
              "95: /metrics/a: must be a number, or null where it is not finite, not true"},
        Wrong{line_of("epoch", R"(,"epoch":1,"metrics":{"":1})"),
              "91: /metrics/: must be a name of 1 to 128 bytes without control characters"},
        Wrong{line_of("epoch", R"(,"epoch":1,"metrics":{"a\u0085":1})"),
              "91: /metrics/a\u0085: must be a name of 1 to 128 bytes without control characters"},
        Wrong{line_of("epoch", R"(,"epoch":1,"metrics":{},"weights_hash":"")"),
              "108: /weights_hash: must be 1 to 64 lower-case hex digits, not \"\""},
        Wrong{line_of("checkpoint", R"(,"file":"../x","step":1,"epoch":1)"),
              "82: /file: must be a name of 1 to 64 letters"},
        Wrong{
            line_of("checkpoint", R"(,"file":"x","step":1e16,"epoch":1)"),
            "93: /step: must be a whole number from 0 to 9007199254740991, not 10000000000000000"},
        Wrong{line_of("finished", R"(,"outcome":"done")"),
              "83: /outcome: must be one of \"completed\", \"diverged\", \"pruned\", not \"done\""},
        Wrong{line_of("failed", R"(,"class":"ooom","message":"")"), "79: /class: must be one of"},
        Wrong{line_of("failed", R"(,"class":"oom","message":"a\u0000b")"),
              "95: /message: must not contain a zero character"},
        Wrong{line_of("hello", R"(,"environment":{"a":[1]})"),
              "89: /environment/a: must be a number, a string, true or false, not a list"}));

}  // namespace
}  // namespace glimpse::experiments
