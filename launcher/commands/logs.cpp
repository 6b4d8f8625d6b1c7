#include "launcher/commands/logs.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>
#include <vector>

#include "launcher/log_file.h"
#include "launcher/results.h"
#include "launcher/results_folder.h"
#include "launcher/usage_error.h"
#include "reports/text_width.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kNap{200};

// Passes a log on. On a terminal what would be obeyed is shown, a line at a time: a character may
// come in two parts.
class LogPrinter {
 public:
  explicit LogPrinter(Env& env) : env_(env) {}

  void print(const std::string& text) {
    if (!env_.terminal.out_is_terminal) {
      env_.out << text;
      return;
    }
    constexpr std::size_t kLongestLine = std::size_t{64} << 10;
    rest_ += text;
    std::size_t start = 0;
    for (std::size_t end = rest_.find('\n'); end != std::string::npos;
         start = end + 1, end = rest_.find('\n', start)) {
      print_line(std::string_view(rest_).substr(start, end - start));
    }
    rest_.erase(0, start);
    if (rest_.size() > kLongestLine) {
      flush();
    }
  }
  // Ends a line that has no end yet.
  void flush() {
    if (!rest_.empty()) {
      print_line(rest_);
      rest_.clear();
    }
    env_.out << std::flush;
  }

 private:
  // A tab moves the cursor no further than a blank would.
  void print_line(std::string_view line) {
    for (std::size_t start = 0; start <= line.size();) {
      const std::size_t end = std::min(line.find('\t', start), line.size());
      env_.out << reports::escape_controls(line.substr(start, end - start))
               << (end < line.size() ? "\t" : "\n");
      start = end + 1;
    }
  }

  Env& env_;
  std::string rest_;
};

class LogReader {
 public:
  LogReader(const LogsOptions& options, Env& env)
      : options_(options),
        env_(env),
        folder_(results_folder(env.settings)),
        run_(find_run()),
        printer_(env) {}

  int print() {
    pick_attempt();
    if (attempt_ == 0 && !options_.follows) {
      throw UsageError("logs " + options_.run + ": it has not been started yet (-f waits for it)");
    }
    print_what_is_there();
    if (!options_.follows && !is_begun_) {
      env_.log.info("attempt " + std::to_string(attempt_) +
                    " has no log: it printed nothing, or gc took it away");
    }
    while (options_.follows && goes_on()) {
      std::this_thread::sleep_for(kNap);
      print_what_is_there();
    }
    printer_.flush();
    return 0;
  }

 private:
  [[nodiscard]] std::string find_run() const {
    storage::Query results = open_results(env_.settings);
    return pick_run(options_.run, results);
  }

  [[nodiscard]] std::uint64_t newest_attempt() const {
    const std::vector<std::uint64_t> attempts = folder_.list_attempts(run_);
    return attempts.empty() ? 0 : attempts.back();
  }

  void pick_attempt() {
    attempt_ = newest_attempt();
    if (!options_.attempt) {
      return;
    }
    const auto wanted = static_cast<std::uint64_t>(*options_.attempt);
    if (wanted > attempt_) {
      throw UsageError("logs " + options_.run + ": there is no attempt " + std::to_string(wanted) +
                       ", the newest is " + std::to_string(attempt_));
    }
    attempt_ = wanted;
  }

  // All of an attempt before the next one begins.
  void print_what_is_there() {
    print_attempt();
    for (std::uint64_t next = next_attempt(); next > attempt_; next = next_attempt()) {
      print_attempt();  // what came between
      printer_.flush();
      attempt_ = next;
      env_.log.info("attempt " + std::to_string(attempt_));
      offset_ = 0;
      print_attempt();
    }
    env_.out << std::flush;
  }

  // The one that follows; itself where there is none, or only one was asked for.
  [[nodiscard]] std::uint64_t next_attempt() const {
    const std::vector<std::uint64_t> attempts = folder_.list_attempts(run_);
    const auto next = std::ranges::upper_bound(attempts, attempt_);
    return options_.attempt || next == attempts.end() ? attempt_ : *next;
  }

  void print_attempt() {
    const fs::path file = attempt_ == 0 ? fs::path() : log_file();
    if (attempt_ == 0 || !fs::exists(file)) {
      return;  // it has printed nothing yet, or nothing any more
    }
    const LogFile log(file);
    if (!is_begun_ && options_.lines) {
      offset_ = log.start_of_last(static_cast<std::size_t>(*options_.lines));
    }
    is_begun_ = true;
    for (std::string text = log.read(offset_); !text.empty(); text = log.read(offset_)) {
      printer_.print(text);
      offset_ += text.size();
    }
  }

  [[nodiscard]] fs::path log_file() const {
    return folder_.attempt_folder(run_, attempt_).worker_log();
  }

  // Whether more may come; then it is looked at once more before the end, since the last lines may
  // have come between.
  bool goes_on() {
    if (is_last_look_) {
      return false;
    }
    storage::Query results = open_results(env_.settings);
    const char* const sql =
        options_.attempt ? "select 1 from v_attempts where run_id = :run and attempt = :attempt"
                           " and state <> 'running'"
                         : "select 1 from v_trials where run_id = :run and :attempt is not null"
                           " and state in ('done', 'failed', 'cancelled')";
    is_last_look_ =
        !query_table(
             results, sql, {{"run", run_}, {"attempt", static_cast<std::int64_t>(attempt_)}})
             .rows.empty();
    return true;
  }

  const LogsOptions& options_;
  Env& env_;
  storage::ResultsFolder folder_;
  std::string run_;
  LogPrinter printer_;
  std::uint64_t attempt_ = 0;
  std::uint64_t offset_ = 0;
  bool is_begun_ = false;
  bool is_last_look_ = false;
};

}  // namespace

int logs(const LogsOptions& options, Env& env) {
  return LogReader(options, env).print();
}

}  // namespace glimpse::launcher
