// Verbs that read a results folder. The folder is filled through the same code as a coordinator's.

#include <chrono>
#include <filesystem>

#include <gtest/gtest.h>

#include "storage/files/journal.h"
#include "storage/files/run_folder.h"
#include "storage/safetensors/checkpoint.h"
#include "storage/sqlite/results_store.h"
#include "tests/integration/glimpse_runner.h"
#include "tests/integration/journal_line.h"
#include "tests/integration/json_value.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

using storage::ResultsFolder;
using storage::ResultsStore;

constexpr std::int64_t kNowMs = 1'700'000'000'000;

std::string key_of(int trial) {
  std::string key(64, '0');
  key[0] = static_cast<char>('a' + trial);
  return key;
}

// A study of two trials: the first done after two epochs, the second failed.
class FilledResults : public testing::Test {
 protected:
  FilledResults() {
    const ResultsFolder folder(glimpse_.results());
    fs::create_directories(folder.root());
    ResultsStore store(folder.database());
    const std::vector<std::string> keys = {key_of(0), key_of(1)};
    const std::vector<storage::PlannedTrialEntry> trials = {
        {.key = keys[0], .code = "1", .dataset = "d", .parameters_json = R"({"model":"conv"})"},
        {.key = keys[1], .code = "1", .dataset = "d", .parameters_json = R"({"model":"ffn-spn"})"}};
    store.ledger().add_plan(
        {.name = "small", .text_hash = "44136fa355b3678a1146ad16f7e8649e", .resolved_json = "{}"},
        trials,
        kNowMs);
    fs::create_directories(folder.studies());
    save_bytes(folder.study_file("44136fa355b3678a1146ad16f7e8649e"), "{}");
    run_first(store, folder);
    run_second(store, folder);
    store.database().close_cleanly();
  }

  // Gives the journal of the attempt what the database gets.
  static void record(ResultsStore& store,
                     storage::JournalWriter& journal,
                     const storage::StartedAttempt& attempt,
                     const storage::Record& record) {
    const std::uint64_t number =
        journal.append(kNowMs, journal_line(key_of(0).substr(0, 32), attempt.number, record));
    ASSERT_EQ(
        store.ingest().ingest(attempt.attempt, static_cast<std::int64_t>(number), kNowMs, record),
        storage::IngestResult::kTaken);
  }

  static void run_first(ResultsStore& store, const ResultsFolder& folder) {
    const auto trial = store.reader().find_trial(key_of(0));
    const auto attempt = store.ledger().start_attempt(*trial, {"node1", 0}, kNowMs);
    const auto attempt_folder = folder.make_attempt(key_of(0).substr(0, 32), 1);
    storage::JournalWriter journal(attempt_folder.journal());
    record(store, journal, attempt, storage::EpochRecord{1, {{"valid_error", 20}}, {}, ""});
    record(store, journal, attempt, storage::EpochRecord{2, {{"valid_error", 10}}, {}, ""});
    record(store, journal, attempt, storage::FinishedRecord{});
    journal.close();
    storage::CheckpointFacts facts;
    facts.key = key_of(0);
    facts.attempt = 1;
    storage::write_checkpoint(attempt_folder.path, facts, {});
  }

  static void run_second(ResultsStore& store, const ResultsFolder& folder) {
    const auto trial = store.reader().find_trial(key_of(1));
    const auto attempt = store.ledger().start_attempt(*trial, {"node2", 1}, kNowMs);
    const auto attempt_folder = folder.make_attempt(key_of(1).substr(0, 32), 1);
    storage::JournalWriter journal(attempt_folder.journal());
    record(store, journal, attempt, storage::FailedRecord{"oom", "out of \x1b[31mmemory"});
    journal.close();
    store.ledger().fail_trial(*trial);
  }

  [[nodiscard]] RunResult query(const std::string& sql,
                                const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"query", sql};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return glimpse_.run(arguments);
  }

  GlimpseRunner glimpse_;
};

TEST_F(FilledResults, AreCountedByStatus) {
  const JsonValue json(glimpse_.run({"status", "--json"}).out);
  EXPECT_EQ(json.text("/studies/0/study"), "small");
  EXPECT_EQ(json.number("/studies/0/trials"), 2);
  EXPECT_EQ(json.number("/studies/0/done"), 1);
  EXPECT_EQ(json.number("/studies/0/failed"), 1);
  EXPECT_EQ(json.text("/failures/0/class"), "oom");
  const RunResult wrong = glimpse_.run({"status", "smal"});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_NE(wrong.err.find("did you mean \"small\"?"), std::string::npos) << wrong.err;
}

TEST_F(FilledResults, ShowARunByAnyStartOfItsId) {
  const JsonValue json(glimpse_.run({"show", "a0", "--json"}).out);
  EXPECT_EQ(json.text("/run/0/run_id"), key_of(0).substr(0, 32));
  EXPECT_EQ(json.text("/run/0/outcome"), "completed");
  EXPECT_EQ(json.number("/metrics/0/min"), 10);
  EXPECT_EQ(json.text("/attempts/0/node"), "node1");
  EXPECT_EQ(glimpse_.run({"show", "f"}).status, 2);
}

TEST_F(FilledResults, ShowTheCurvesOfARun) {
  const std::string shown = glimpse_.run({"show", "a0"}).out;
  EXPECT_NE(shown.find("valid_error     20  █▁       10"), std::string::npos) << shown;
  const JsonValue json(glimpse_.run({"show", "a0", "--json"}).out);
  EXPECT_EQ(json.size("/curves"), 2U);
  EXPECT_EQ(json.number("/curves/1/epoch"), 2);
  EXPECT_EQ(json.number("/curves/1/value"), 10);
}

TEST_F(FilledResults, ShowWhereTheParametersOfARunCameFrom) {
  EXPECT_EQ(JsonValue(glimpse_.run({"show", "a0", "--json"}).out).text("/parameters/0/value"),
            "conv")
      << "as planned";
  const std::string run = key_of(0).substr(0, 32);
  ResultsFolder(glimpse_.results())
      .write_trial(run,
                   R"({"parameters": {"model": "conv", "dropout": 0.25},
                       "origins": {"dropout": "./mine.json:7", "model": "study"}})");
  const std::string shown = glimpse_.run({"show", "a0", "--json"}).out;
  const std::size_t dropout = shown.find(R"("dropout")");
  ASSERT_NE(dropout, std::string::npos) << shown;
  EXPECT_LT(shown.find("0.25", dropout), shown.find("./mine.json:7", dropout)) << shown;
  EXPECT_NE(shown.find("./mine.json:7", dropout), std::string::npos) << shown;
}

TEST_F(FilledResults, ShowAStudyWithItsCells) {
  const JsonValue json(glimpse_.run({"show", "small", "--json"}).out);
  EXPECT_EQ(json.number("/study/0/trials"), 2);
  EXPECT_EQ(json.size("/trials"), 2U);
  EXPECT_EQ(json.number("/cells/0/mean"), 10);
}

TEST_F(FilledResults, NeverSendControlCharactersToPeople) {
  const RunResult result = glimpse_.run({"show", "b0"});
  EXPECT_NE(result.out.find("out of \\x1b[31mmemory"), std::string::npos) << result.out;
  EXPECT_EQ(result.out.find('\x1b'), std::string::npos);
}

TEST_F(FilledResults, AnswerSqlInEveryFormat) {
  const std::string sql = "select run_id, objective from v_trials where state = 'done'";
  const std::string id = key_of(0).substr(0, 32);
  EXPECT_EQ(query(sql, {"--format", "csv"}).out, "run_id,objective\r\n" + id + ",10\r\n");
  EXPECT_EQ(query(sql, {"--format", "jsonl"}).out,
            "{\"run_id\":\"" + id + "\",\"objective\":10}\n");
  EXPECT_EQ(query(sql, {"--format", "md"}).out,
            "| run_id | objective |\n| --- | --- |\n| " + id + " | 10 |\n");
  const JsonValue json(query(sql, {"--json"}).out);
  EXPECT_EQ(json.text("/columns/1"), "objective");
  EXPECT_EQ(json.number("/rows/0/objective"), 10);
}

TEST_F(FilledResults, RefuseColumnsThatJsonCannotTellApart) {
  for (const std::vector<std::string>& format :
       std::vector<std::vector<std::string>>{{"--json"}, {"--format", "jsonl"}}) {
    const RunResult result = query("select 1 as a, 2 as a", format);
    EXPECT_EQ(result.status, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_NE(result.err.find("two columns are called 'a'"), std::string::npos) << result.err;
  }
  EXPECT_EQ(query("select 1 as a, 2 as a", {"--format", "csv"}).out, "a,a\r\n1,2\r\n");
}

TEST_F(FilledResults, NameTheViewsWhereATableIsUnknown) {
  const RunResult result = query("select * from trails");
  EXPECT_EQ(result.status, 2);
  EXPECT_NE(result.err.find("no such table: trails (there are v_artifacts, v_attempts, "),
            std::string::npos)
      << result.err;
}

TEST_F(FilledResults, BindParametersOfSql) {
  EXPECT_EQ(
      query("select :a + 1 as x, :b as y", {"-p", "a=41", "-p", "b=a'b", "--format", "csv"}).out,
      "x,y\r\n42,a'b\r\n");
  EXPECT_EQ(query("select :a", {"-p", "b=1"}).status, 2);
  EXPECT_EQ(query("select :a", {"-p", "nonsense"}).status, 2);
  const RunResult twice = query("select :a", {"-p", "a=1", "-p", "a=2"});
  EXPECT_EQ(twice.status, 2);
  EXPECT_NE(twice.err.find("-p a=2: the parameter is given twice"), std::string::npos) << twice.err;
}

TEST_F(FilledResults, TurnParametersIntoColumns) {
  const RunResult result = glimpse_.run({"query", "--wide", "small", "--format", "csv"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.substr(0, result.out.find('\n')).find("model"), std::string::npos);
  EXPECT_NE(result.out.find("ffn-spn"), std::string::npos);
  const RunResult wrong = glimpse_.run({"query", "--wide", "smal"});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_NE(wrong.err.find("did you mean \"small\"?"), std::string::npos) << wrong.err;
}

TEST_F(FilledResults, CannotBeChangedBySql) {
  const std::string before = load_bytes(glimpse_.results() / "glimpse.db");
  for (const char* sql : {"delete from trials",
                          "update trials set seed = 2",
                          "drop table trials",
                          "attach 'x' as y",
                          "pragma user_version = 9",
                          "select 1; select 2",
                          "selct 1"}) {
    EXPECT_EQ(query(sql).status, 2) << sql;
  }
  EXPECT_EQ(load_bytes(glimpse_.results() / "glimpse.db"), before);
}

TEST_F(FilledResults, StopSqlAtItsLimits) {
  const std::string endless =
      "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n";
  EXPECT_EQ(query(endless, {"--limit-rows", "10", "--format", "csv"}).status, 2);
  EXPECT_EQ(query("with recursive n(i) as (select 1 union all select i + 1 from n) "
                  "select count(*) from n",
                  {"--time-limit", "0.3"})
                .status,
            2);
}

// Dozens of comparisons of long texts within one step of SQLite, which looks at no clock meanwhile.
TEST_F(FilledResults, EndAQueryThatNoClockReaches) {
  std::string sql =
      "with t(a, b) as (select hex(zeroblob(100000)),"
      " substr(hex(zeroblob(100000)), 1, 90000) || '1') select 0";
  for (int i = 0; i < 60; ++i) {
    sql += " + instr(a, b || " + std::to_string(i) + ")";
  }
  const auto start = std::chrono::steady_clock::now();
  const RunResult result = query(sql + " from t", {"--time-limit", "0.2"});
  EXPECT_EQ(result.status, 2);
  EXPECT_NE(result.err.find("stopped after 200 ms"), std::string::npos) << result.err;
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(6));
}

// Of an answer without end, whoever wants its beginning gets that at once.
TEST_F(FilledResults, StreamEveryFormButTheTable) {
  const std::string endless =
      "with recursive n(i) as (select 1 union all select i + 1 from n) "
      "select hex(zeroblob(10000)) from n";
  for (const std::string form : {"--json", "--format csv", "--format jsonl", "--format md"}) {
    const RunResult result =
        glimpse_.shell("$GLIMPSE query '" + endless + "' --limit-rows 1000000000 --time-limit 20 " +
                       form + " | head -c 100000 | wc -c; echo ${PIPESTATUS[0]}");
    EXPECT_EQ(result.out, "100000\n141\n") << form << result.err;
  }
  const RunResult table = query(endless);
  EXPECT_EQ(table.status, 2);
  EXPECT_NE(table.err.find("--format csv"), std::string::npos) << table.err;
}

TEST_F(FilledResults, TakeOnlyTimeLimitsThatAClockCanCount) {
  for (const char* limit : {"1e300", "nan", "inf", "0", "-1", "604801"}) {
    EXPECT_EQ(query("select 1", {"--time-limit", limit}).status, 2) << limit;
  }
  EXPECT_EQ(query("select 1", {"--time-limit", "604800"}).status, 0);
}

TEST_F(FilledResults, AreVerifiedFileByFile) {
  const RunResult good = glimpse_.run({"verify", "--json"});
  EXPECT_EQ(good.status, 0) << good.out << good.err;
  EXPECT_EQ(JsonValue(good.out).size("/files"), 5U)
      << "database, study, two journals, one checkpoint";
}

TEST_F(FilledResults, MissWhatTheDatabaseKnowsOf) {
  const ResultsFolder folder(glimpse_.results());
  const auto expect_damage = [&](const fs::path& what) {
    fs::rename(what, glimpse_.folder() / "aside");
    const RunResult result = glimpse_.run({"verify", "--format", "csv"});
    EXPECT_EQ(result.status, 65) << what;
    EXPECT_NE(result.out.find(what.lexically_relative(folder.root()).string()), std::string::npos)
        << what << " in " << result.out;
    EXPECT_NE(result.out.find("missing"), std::string::npos) << result.out;
    fs::rename(glimpse_.folder() / "aside", what);
  };
  const std::string run = key_of(0).substr(0, 32);
  const auto attempt = folder.attempt_folder(run, 1);
  const fs::path checkpoint = storage::list_checkpoints(attempt.path).at(0).path;
  ResultsStore(folder.database())
      .ledger()
      .add_artifact(1, {.kind = "checkpoint", .file = checkpoint.filename().string()});
  expect_damage(checkpoint);
  expect_damage(folder.run_folder(run));
  expect_damage(folder.study_file("44136fa355b3678a1146ad16f7e8649e"));
  expect_damage(folder.database());
  EXPECT_EQ(glimpse_.run({"verify"}).status, 0);
  ResultsStore(folder.database()).ledger().remove_artifact(1, checkpoint.filename().string());
  fs::remove(checkpoint);
  EXPECT_EQ(glimpse_.run({"verify"}).status, 0) << "what was removed is no loss";
}

TEST_F(FilledResults, NameADamagedStudyAndAFileInPlaceOfAFolder) {
  const ResultsFolder folder(glimpse_.results());
  save_bytes(folder.study_file("44136fa355b3678a1146ad16f7e8649e"), "[]");
  save_bytes(folder.run_folder(key_of(0).substr(0, 32)) / "attempt-2", "");
  const RunResult result = glimpse_.run({"verify", "--format", "csv"});
  EXPECT_EQ(result.status, 65);
  EXPECT_NE(result.out.find("44136fa355b3678a1146ad16f7e8649e.json,damaged"), std::string::npos);
  EXPECT_NE(result.out.find("attempt-2,damaged"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("journal.jsonl,ok"), std::string::npos) << "the rest is looked at";
}

TEST_F(FilledResults, AreNotCalledDamagedWhileSomebodyHoldsThem) {
  storage::Database holder(ResultsFolder(glimpse_.results()).database(),
                           storage::OpenMode::kReadWrite);
  holder.execute("PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE");
  const RunResult result = glimpse_.run({"verify"});
  EXPECT_EQ(result.status, 78) << result.out;
  EXPECT_NE(result.err.find("another process holds it"), std::string::npos) << result.err;
}

TEST_F(FilledResults, NameADamagedJournal) {
  const fs::path journal =
      ResultsFolder(glimpse_.results()).attempt_folder(key_of(0).substr(0, 32), 1).journal();
  std::string bytes = load_bytes(journal);
  bytes[5] ^= 1;
  save_bytes(journal, bytes);
  const RunResult result = glimpse_.run({"verify", "--format", "csv"});
  EXPECT_EQ(result.status, 65);
  EXPECT_NE(result.out.find("journal,runs/a0/" + key_of(0).substr(0, 32) +
                            "/attempt-1/journal.jsonl,damaged,"),
            std::string::npos)
      << result.out;
}

TEST_F(FilledResults, NoticeAJournalThatLostItsEnd) {
  const fs::path journal =
      ResultsFolder(glimpse_.results()).attempt_folder(key_of(0).substr(0, 32), 1).journal();
  const std::string bytes = load_bytes(journal);
  save_bytes(journal, bytes.substr(0, bytes.find('\n') + 1));
  EXPECT_EQ(glimpse_.run({"verify"}).status, 65);
}

TEST_F(FilledResults, NameADamagedCheckpoint) {
  const auto folder = ResultsFolder(glimpse_.results()).attempt_folder(key_of(0).substr(0, 32), 1);
  const fs::path checkpoint = storage::list_checkpoints(folder.path).at(0).path;
  std::string bytes = load_bytes(checkpoint);
  bytes[bytes.size() / 2] ^= 1;
  fs::permissions(checkpoint, fs::perms(0644));
  save_bytes(checkpoint, bytes);
  const RunResult result = glimpse_.run({"verify"});
  EXPECT_EQ(result.status, 65);
  EXPECT_NE(result.out.find(checkpoint.filename().string()), std::string::npos);
}

TEST_F(FilledResults, NameADamagedDatabase) {
  save_bytes(glimpse_.results() / "glimpse.db", "SQLite format 3, or is it?");
  const RunResult result = glimpse_.run({"verify"});
  EXPECT_EQ(result.status, 65);
  EXPECT_NE(result.out.find("glimpse.db"), std::string::npos);
  EXPECT_EQ(query("select 1").status, 65);
}

TEST_F(FilledResults, MergeIntoAnotherFolderOnce) {
  const std::vector<std::string> into_other = {"--results", "other", "--json"};
  const auto merge = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"merge", "glimpse-results"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.insert(arguments.end(), into_other.begin(), into_other.end());
    return glimpse_.run(arguments);
  };
  const RunResult dry = merge({"--dry-run"});
  ASSERT_EQ(dry.status, 0) << dry.err;
  EXPECT_EQ(JsonValue(dry.out).number("/sources/0/trials"), 2);
  EXPECT_FALSE(fs::exists(glimpse_.folder() / "other/glimpse.db"));

  const RunResult first = merge({});
  ASSERT_EQ(first.status, 0) << first.err;
  EXPECT_EQ(JsonValue(first.out).number("/sources/0/trials"), 2);
  EXPECT_EQ(JsonValue(first.out).number("/sources/0/folders"), 2);
  const JsonValue again(merge({}).out);
  EXPECT_EQ(again.number("/sources/0/trials"), 0);
  EXPECT_EQ(again.number("/sources/0/folders"), 0);
  EXPECT_EQ(glimpse_.run({"verify", "--results", "other"}).status, 0);
  const JsonValue merged(glimpse_.run({"status", "--results", "other", "--json"}).out);
  EXPECT_EQ(merged.number("/studies/0/done"), 1);
}

TEST_F(FilledResults, RefuseToMergeWhatIsNoResults) {
  EXPECT_EQ(glimpse_.run({"merge", "nowhere"}).status, 66);
  save_bytes(glimpse_.folder() / "text.db", "not a database at all, just some text");
  EXPECT_EQ(glimpse_.run({"merge", "text.db"}).status, 65);
}

TEST_F(FilledResults, AreOfferedToTheShell) {
  EXPECT_NE(glimpse_.run({"completion", "--candidates", "studies"}).out.find("small\n"),
            std::string::npos);
  EXPECT_EQ(glimpse_.run({"completion", "--candidates", "runs"}).out,
            key_of(0).substr(0, 32) + "\n" + key_of(1).substr(0, 32) + "\n");
  EXPECT_EQ(glimpse_.run({"completion", "--candidates", "datasets"}).out, "");
  EXPECT_EQ(glimpse_.run({"completion", "--candidates", "models"}).out, "rnn-spn\nffn-spn\nconv\n");
}

TEST(EmptyResults, AreSaidToBeEmpty) {
  const GlimpseRunner glimpse;
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"status"}, {"show", "a"}, {"query", "select 1"}}) {
    const RunResult result = glimpse.run(arguments);
    EXPECT_EQ(result.status, 66);
    EXPECT_NE(result.err.find("nothing has run yet"), std::string::npos) << result.err;
  }
  EXPECT_EQ(glimpse.run({"verify"}).status, 66);
}

TEST(Doctor, ChecksEachThingOnALine) {
  const GlimpseRunner glimpse;
  const JsonValue json(glimpse.run({"doctor", "--json"}).out);
  EXPECT_GE(json.size("/checks"), 10U);
  EXPECT_EQ(json.text("/checks/0/check"), "glimpse");
  const RunResult table = glimpse.run({"doctor"});
  EXPECT_EQ(table.status, 0) << table.out;
  EXPECT_NE(table.out.find("MNIST"), std::string::npos);
}

TEST(Doctor, LeavesFilesAlone) {
  const GlimpseRunner glimpse;
  fs::create_directories(glimpse.results());
  save_bytes(glimpse.results() / "doctor-probe", "mine");
  EXPECT_EQ(glimpse.run({"doctor"}).status, 0);
  EXPECT_EQ(load_bytes(glimpse.results() / "doctor-probe"), "mine");
  EXPECT_EQ(std::distance(fs::directory_iterator(glimpse.results()), {}), 1);
}

TEST(Doctor, FailsWithAFixWhereAResultsFolderCannotBe) {
  const GlimpseRunner glimpse;
  save_bytes(glimpse.folder() / "file", "");
  const RunResult result = glimpse.run({"doctor", "--results", "/proc/results"});
  EXPECT_EQ(result.status, 78);
  EXPECT_NE(result.out.find("GLIMPSE_RESULTS"), std::string::npos) << result.out;
}

TEST(Schema, IsAJsonSchema) {
  const RunResult result = GlimpseRunner().run({"schema"});
  EXPECT_EQ(result.status, 0);
  const JsonValue json(result.out);
  EXPECT_EQ(json.text("/$schema"), "https://json-schema.org/draft/2020-12/schema");
}

}  // namespace
}  // namespace glimpse::tests
