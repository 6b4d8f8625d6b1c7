#include "storage/sqlite/merge.h"

#include <sqlite3.h>

#include "storage/sqlite/attempt_moves.h"
#include "storage/sqlite/database.h"
#include "storage/sqlite/merge_sql.h"
#include "storage/sqlite/schema.h"
#include "storage/sqlite/statement.h"
#include "storage/sqlite/transaction.h"
#include "storage/storage_error.h"

namespace glimpse::storage {
namespace {

// A second renumbering on top of one whose folders are half way would lose track of them.
void check_no_moves(Database& database) {
  if (!AttemptMoves(database).list().empty()) {
    throw StorageError(StorageFault::kRefused,
                       database.path(),
                       "merge: a merge into " + database.path().string() +
                           " was cut off before its folders had moved (merge into it again)");
  }
}

// As a file: URI, which alone lets ATTACH open read-only.
std::string read_only_uri(const std::filesystem::path& path) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string uri = "file:";
  for (const char letter : std::filesystem::absolute(path).string()) {
    const auto byte = static_cast<unsigned char>(letter);
    if (std::string_view("%?#").find(letter) != std::string_view::npos) {
      uri += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
    } else {
      uri += letter;
    }
  }
  return uri + "?mode=ro";
}

// The source beside the target, under the name "source", for as long as this lives.
class Attached {
 public:
  Attached(Database& target, const std::filesystem::path& source) : target_(&target) {
    Statement(target, "ATTACH ?1 AS source").execute(std::string_view(read_only_uri(source)));
  }
  ~Attached() { sqlite3_exec(target_->handle(), "DETACH source", nullptr, nullptr, nullptr); }
  Attached(const Attached&) = delete;
  Attached& operator=(const Attached&) = delete;
  Attached(Attached&&) = delete;
  Attached& operator=(Attached&&) = delete;

 private:
  Database* target_;
};

std::int64_t run_counted(Database& target, std::string_view sql) {
  Statement statement(target, sql);
  statement.execute();
  return target.changed_rows();
}

MergeOutcome take_over(Database& target) {
  MergeOutcome outcome;
  outcome.studies = run_counted(target, merge_sql::kAddStudies);
  target.execute(merge_sql::kUpdateStudies);
  outcome.trials = run_counted(target, merge_sql::kAddTrials);
  target.execute(merge_sql::kUpdateTrials);
  target.execute(merge_sql::kAddLinks);
  target.execute(merge_sql::kRememberNumbers);
  target.execute(merge_sql::kForgetPresumptions);
  outcome.attempts = run_counted(target, merge_sql::kAddAttempts);
  target.execute(merge_sql::kUpdateAttempts);
  target.execute(merge_sql::kRenumberAttempts);
  target.execute(merge_sql::kAddNames);
  outcome.conflicts = run_counted(target, merge_sql::kReportConflicts);
  outcome.metrics = run_counted(target, merge_sql::kAddMetrics);
  target.execute(merge_sql::kKeepLargerMetrics);
  target.execute(merge_sql::kAddAttemptRows);
  target.execute(merge_sql::kAddEvents);
  target.execute(merge_sql::kSettle);
  target.execute(merge_sql::kListMoves);
  target.execute(merge_sql::kForgetNumbers);
  return outcome;
}

}  // namespace

void check_merge_source(const std::filesystem::path& source) {
  Database database(source, OpenMode::kReadOnly);
  check_schema_is_current(database);
  check_no_moves(database);
  Rows rows = database.prepared("PRAGMA integrity_check(1)").query();
  if (!rows.next() || rows.text(0) != "ok") {
    throw StorageError(
        StorageFault::kDamaged,
        source,
        "merge " + source.string() + ": it is damaged: " + rows.text(0) + " (nothing was taken)");
  }
}

MergeOutcome merge(Database& target, const std::filesystem::path& source) {
  std::error_code ignored;
  if (std::filesystem::equivalent(source, target.path(), ignored)) {
    throw StorageError(StorageFault::kRefused,
                       source,
                       "merge " + source.string() + ": it is the database to merge into");
  }
  check_no_moves(target);
  check_merge_source(source);
  const Attached attached(target, source);
  Transaction transaction(target);
  MergeOutcome outcome = take_over(target);
  transaction.commit();
  return outcome;
}

}  // namespace glimpse::storage
