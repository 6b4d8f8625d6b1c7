#include "storage/sqlite/merge.h"

#include <sqlite3.h>

#include "storage/sqlite/database.h"
#include "storage/sqlite/merge_sql.h"
#include "storage/sqlite/schema.h"
#include "storage/sqlite/statement.h"
#include "storage/sqlite/transaction.h"
#include "storage/storage_error.h"

namespace glimpse::storage {
namespace {

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

std::vector<RenumberedAttempt> read_renumbered(Database& target) {
  std::vector<RenumberedAttempt> renumbered;
  Statement statement(target, merge_sql::kListRenumbered);
  Rows rows = statement.query();
  while (rows.next()) {
    renumbered.push_back({.run_id = rows.text(0),
                          .uid = rows.text(1),
                          .from = rows.integer(2),
                          .to = rows.integer(3),
                          .is_from_source = rows.integer(4) != 0});
  }
  return renumbered;
}

MergeOutcome take_over(Database& target) {
  MergeOutcome outcome;
  outcome.studies = run_counted(target, merge_sql::kAddStudies);
  target.execute(merge_sql::kUpdateStudies);
  outcome.trials = run_counted(target, merge_sql::kAddTrials);
  target.execute(merge_sql::kUpdateTrials);
  target.execute(merge_sql::kAddLinks);
  target.execute(merge_sql::kRememberNumbers);
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
  outcome.renumbered = read_renumbered(target);
  target.execute(merge_sql::kForgetNumbers);
  return outcome;
}

}  // namespace

void check_merge_source(const std::filesystem::path& source) {
  Database database(source, OpenMode::kReadOnly);
  check_schema_is_current(database);
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
  check_merge_source(source);
  const Attached attached(target, source);
  Transaction transaction(target);
  MergeOutcome outcome = take_over(target);
  transaction.commit();
  return outcome;
}

}  // namespace glimpse::storage
