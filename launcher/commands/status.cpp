#include "launcher/commands/status.h"

#include <charconv>
#include <chrono>
#include <sstream>
#include <thread>

#include "launcher/output.h"
#include "launcher/results.h"
#include "launcher/results_folder.h"
#include "launcher/study_source.h"
#include "launcher/usage_error.h"
#include "storage/files/file_lock.h"
#include "storage/sqlite/query.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

using storage::QueryParameter;

constexpr std::string_view kCounts =
    "select study, count(*) as trials,"
    " coalesce(sum(state = 'pending'), 0) as pending,"
    " coalesce(sum(state = 'running'), 0) as running,"
    " coalesce(sum(state = 'done'), 0) as done,"
    " coalesce(sum(outcome = 'diverged'), 0) as diverged,"
    " coalesce(sum(state = 'failed'), 0) as failed,"
    " coalesce(sum(state = 'cancelled'), 0) as cancelled"
    " from v_plan where :study is null or study = :study group by study order by study";
constexpr std::size_t kPending = 2;  // columns of it
constexpr std::size_t kRunning = 3;

// Ages by this host's clock: good enough for people.
constexpr std::string_view kAttempts =
    "select min(p.study) as study, a.run_id, a.attempt, a.node, a.slot,"
    " (select max(m.epoch) from v_metrics m where m.run_id = a.run_id) as epoch,"
    " p.objective as best, max(0, :now - a.started_ms / 1000) as age_s"
    " from v_plan p cross join v_attempts a on a.run_id = p.run_id"
    " where p.state = 'running' and a.state = 'running' and (:study is null or p.study = :study)"
    " group by a.run_id, a.attempt order by a.node, a.slot";

constexpr std::string_view kFailures =
    "select p.study, f.class, count(*) as attempts, count(distinct f.run_id) as runs,"
    " max(f.ended) as latest, max(f.message) as example"
    " from v_failures f join v_plan p on p.run_id = f.run_id"
    " where :study is null or p.study = :study group by p.study, f.class order by attempts desc";

struct Look {
  std::vector<Section> sections;
  std::int64_t left = 0;  // trials that are not over
};

Look look(const std::string& study, const Env& env) {
  storage::Query results = open_results(env.settings);
  QueryParameter name{.name = "study", .value = std::monostate()};
  if (!study.empty()) {
    name.value = stored_study_name(study, env.settings);
  }
  Look found;
  found.sections = {
      {"studies", "", query_table(results, kCounts, {name})},
      {"running",
       "Running now",
       query_table(results, kAttempts, {name, {"now", env.clock_ms() / 1000}})},
      {"failures", "Failed attempts by class", query_table(results, kFailures, {name})}};
  for (const reports::Row& row : found.sections[0].table.rows) {
    found.left += std::get<std::int64_t>(row[kPending]) + std::get<std::int64_t>(row[kRunning]);
  }
  return found;
}

// Over what stood there before; what is left of that is cleared, a line at a time, so nothing
// flickers.
void redraw(const std::string& text, bool is_first, std::ostream& out) {
  out << (is_first ? "\x1b[2J" : "") << "\x1b[H";
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    out << line << "\x1b[K\n";
  }
  out << "\x1b[J" << std::flush;
}

class Watch {
 public:
  Watch(const StatusOptions& options, Env& env)
      : options_(options),
        env_(env),
        study_(options.study),
        is_in_place_(env.terminal.out_is_terminal && env.environment.term != "dumb" &&
                     !options.output.is_json && !options.output.has_format()) {
    read_interval();
  }

  int run() {
    int looks_with_nothing = 0;
    while (true) {
      const bool is_held =
          storage::find_lock_holder(results_folder(env_.settings).lock()).has_value();
      if (const auto found = try_look(is_held)) {
        draw(*found);
        looks_with_nothing = found->left == 0 ? looks_with_nothing + 1 : 0;
        // A coordinator plans a selection's second stage when the first is over.
        constexpr int kEnough = 2;
        if (looks_with_nothing >= (is_held ? kEnough : 1)) {
          return 0;
        }
      }
      std::this_thread::sleep_for(interval_);
    }
  }

 private:
  void read_interval() {
    if (!options_.every) {
      return;
    }
    constexpr double kMin = 0.1;
    constexpr double kMax = 86400;
    const std::string& text = *options_.every;
    double seconds = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (result.ec == std::errc() && result.ptr == text.data() + text.size()) {
      const bool is_within = seconds >= kMin && seconds <= kMax;  // which no NaN is
      if (!is_within) {
        throw UsageError("status: -w takes 0.1 to 86400 seconds, not '" + text + "'");
      }
      interval_ = std::chrono::duration<double>(seconds);
    } else if (study_.empty()) {
      study_ = text;
    } else {
      throw UsageError("status: -w takes seconds, not '" + text + "'");
    }
  }

  // Nothing: whoever holds the folder is still at its datasets, or makes its database just now.
  std::optional<Look> try_look(bool is_held) {
    if (is_held && !has_database(env_.settings)) {
      return std::nullopt;
    }
    try {
      return look(study_, env_);
    } catch (const storage::StorageError&) {
      constexpr int kPatience = 20;
      if (!is_held || !is_first_ || ++failures_ > kPatience) {
        throw;
      }
      return std::nullopt;
    }
  }

  void draw(const Look& found) {
    std::ostringstream text;
    Env frame = {.out = text,
                 .err = env_.err,
                 .log = env_.log,
                 .environment = env_.environment,
                 .settings = env_.settings,
                 .terminal = env_.terminal,
                 .has_colour = env_.has_colour,
                 .shows_progress = false,
                 .program_dir = env_.program_dir,
                 .now_s = env_.now_s,
                 .clock_ms = env_.clock_ms};
    print_sections("status", found.sections, options_.output, frame);
    if (is_in_place_) {
      redraw(text.str(), is_first_, env_.out);
    } else {
      env_.out << (is_first_ || options_.output.is_json ? "" : "\n") << text.str() << std::flush;
    }
    is_first_ = false;
  }

  const StatusOptions& options_;
  Env& env_;
  std::string study_;
  bool is_in_place_;
  bool is_first_ = true;
  int failures_ = 0;
  std::chrono::duration<double> interval_ = std::chrono::seconds(2);
};

}  // namespace

int status(const StatusOptions& options, Env& env) {
  if (options.watches) {
    return Watch(options, env).run();
  }
  print_sections("status", look(options.study, env).sections, options.output, env);
  return 0;
}

}  // namespace glimpse::launcher
