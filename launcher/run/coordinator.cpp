#include "launcher/run/coordinator.h"

#include <algorithm>
#include <utility>

#include "experiments/faults.h"
#include "experiments/json/record_json.h"
#include "launcher/run/retry.h"
#include "launcher/run/to_storage.h"
#include "reports/text_table.h"
#include "storage/sqlite/results_store.h"

namespace glimpse::launcher {
namespace {

using experiments::FailedRecord;
using experiments::FinishedRecord;
using experiments::RecordBody;
using storage::ResultsStore;

// How soon a stop that was asked for is noticed.
constexpr std::chrono::milliseconds kTick{100};

std::string describe(const RecordBody& last) {
  if (const auto* const finished = std::get_if<FinishedRecord>(&last)) {
    if (finished->outcome == experiments::Outcome::kDiverged) {
      return "diverged";
    }
    const auto error = finished->metrics.find("test_error");
    return error == finished->metrics.end()
               ? "done"
               : "done, test_error " + reports::render_short(error->second) + " %";
  }
  if (const auto* const failed = std::get_if<FailedRecord>(&last)) {
    return "failed: " + std::string(experiments::fault_row(failed->fault).name) + ", " +
           failed->message;
  }
  return "stopped";
}

struct Missed {
  std::vector<storage::NumberedRecord> records;  // that the database did not take
  std::vector<std::string> gone;                 // checkpoints that the worker removed
};

Missed read_missed(storage::JournalReader& journal, const storage::AttemptFacts& attempt) {
  Missed missed;
  KeptCheckpoints kept;
  while (true) {
    const std::optional<storage::JournalEntry> entry = journal.next();
    if (!entry) {
      return missed;
    }
    const RecordBody body = experiments::parse_record(entry->record).body;
    const auto number = static_cast<std::int64_t>(entry->number);
    if (number > attempt.records_taken) {
      missed.records.push_back({attempt.attempt, number, entry->t_ms, to_storage(body)});
    }
    if (const auto* const checkpoint = std::get_if<experiments::CheckpointRecord>(&body)) {
      const std::vector<std::string> gone = kept.add(checkpoint->file);
      missed.gone.insert(missed.gone.end(), gone.begin(), gone.end());
    }
  }
}

}  // namespace

Coordinator::Coordinator(storage::ResultsFolder folder,
                         storage::DatabaseThread& database,
                         Agent& agent,
                         CoordinatorPorts ports)
    : folder_(std::move(folder)), database_(database), agent_(agent), ports_(std::move(ports)) {}

void Coordinator::settle() {
  const auto unfinished =
      database_.submit([](ResultsStore& store) { return store.reader().unfinished_attempts(); })
          .get();
  for (const storage::AttemptFacts& attempt : unfinished) {
    settle(attempt);
  }
}

void Coordinator::settle(const storage::AttemptFacts& attempt) {
  const auto folder =
      folder_.attempt_folder(attempt.run_id, static_cast<std::uint64_t>(attempt.number));
  Missed missed;
  if (std::filesystem::exists(folder.journal())) {
    storage::JournalReader journal(folder.journal());
    missed = read_missed(journal, attempt);
  }
  const std::int64_t now_ms = ports_.clock_ms();
  database_
      .submit([&](ResultsStore& store) {
        store.ingest().ingest(missed.records);
        for (const std::string& file : missed.gone) {
          store.ledger().remove_artifact(attempt.attempt, file);
        }
        const auto open = store.reader().unfinished_attempts();
        if (std::ranges::any_of(
                open, [&](const auto& other) { return other.attempt == attempt.attempt; })) {
          store.ledger().end_attempt(attempt.attempt,
                                     {.state = storage::AttemptState::kLost,
                                      .message = "its coordinator ended without a word"},
                                     now_ms);
        }
      })
      .get();
}

RunEnding Coordinator::run(std::vector<RunnableTrial> queue, int most_failures) {
  most_failures_ = most_failures;
  done_ = 0;
  planned_ = queue.size();
  // The next one is at the back: the longest.
  std::ranges::stable_sort(queue, {}, &RunnableTrial::flops);
  int stops_seen = 0;
  while (!agent_.is_idle() || (!queue.empty() && stops_seen == 0)) {
    const int stops = ports_.stops_asked();
    if (stops > 0 && stops_seen == 0) {
      ports_.tell("stopping: running trials save a checkpoint (again: at once)");
      agent_.stop_all();
    } else if (stops > 1 && stops_seen == 1) {
      agent_.kill_all();
    }
    stops_seen = stops;
    if (stops_seen == 0) {
      fill_slots(queue);
    }
    for (const AgentRecord& record : agent_.wait(kTick)) {
      take(record, queue);
    }
  }
  return queue.empty() && stops_seen == 0 ? RunEnding::kDone : RunEnding::kStopped;
}

void Coordinator::fill_slots(std::vector<RunnableTrial>& queue) {
  for (std::size_t slot = 0; slot < agent_.slots() && !queue.empty(); ++slot) {
    if (agent_.is_free(slot)) {
      RunnableTrial next = std::move(queue.back());
      queue.pop_back();
      start(slot, std::move(next));
    }
  }
}

void Coordinator::start(std::size_t slot, RunnableTrial trial) {
  const std::int64_t now_ms = ports_.clock_ms();
  const storage::StartedAttempt started =
      database_
          .submit([&](ResultsStore& store) {
            return store.ledger().start_attempt(
                trial.trial, {.node = "localhost", .slot = static_cast<int>(slot)}, now_ms);
          })
          .get();
  experiments::StartCommand command = trial.start;
  const std::string run = command.attempt.run;
  command.attempt.number = started.number;
  std::vector<std::uint64_t> older = folder_.list_attempts(run);
  for (const std::uint64_t number : older) {
    command.resume_from.insert(command.resume_from.begin(),
                               folder_.attempt_folder(run, number).path.string());
  }
  command.folder =
      folder_.make_attempt(run, static_cast<std::uint64_t>(started.number)).path.string();
  running_[slot] = {std::move(trial), started.attempt, {}};
  agent_.start(slot, command);
}

void Coordinator::take(const AgentRecord& record, std::vector<RunnableTrial>& queue) {
  const auto running = running_.find(record.slot);
  if (running == running_.end()) {
    return;
  }
  const storage::AttemptId attempt = running->second.attempt;
  std::vector<std::string> gone;
  if (const auto* const written = std::get_if<experiments::CheckpointRecord>(&record.record.body)) {
    gone = running->second.kept.add(written->file);
  }
  // Not waited for: the journal has it, and jobs keep their order.
  database_.post(
      [attempt, record, gone](ResultsStore& store) {
        store.ingest().ingest(attempt, record.number, record.t_ms, to_storage(record.record.body));
        for (const std::string& file : gone) {
          store.ledger().remove_artifact(attempt, file);
        }
      },
      [](const std::exception_ptr&) {});
  if (is_last(record.record.body)) {
    Running ended = std::move(running->second);
    running_.erase(running);
    finish(std::move(ended), record.record.body, queue);
  }
}

void Coordinator::finish(Running running,
                         const RecordBody& last,
                         std::vector<RunnableTrial>& queue) {
  std::string line = running.trial.label + ": " + describe(last);
  if (const auto* const failed = std::get_if<FailedRecord>(&last)) {
    if (retries(running, *failed)) {
      line += "; tried again";
      // Behind those that were never tried: the next one is at the back.
      queue.insert(queue.begin(), std::move(running.trial));
    } else {
      database_.submit([&](ResultsStore& store) { store.ledger().fail_trial(running.trial.trial); })
          .get();
      ++done_;
    }
  } else if (std::holds_alternative<FinishedRecord>(last)) {
    ++done_;
  }
  ports_.tell(line + " (" + std::to_string(done_) + " of " + std::to_string(planned_) + ")");
}

bool Coordinator::retries(const Running& running, const FailedRecord& failed) {
  const std::vector<storage::AttemptFacts> attempts =
      database_
          .submit([&](ResultsStore& store) { return store.reader().attempts(running.trial.trial); })
          .get();
  return is_retried(failed.fault, attempts, most_failures_);
}

}  // namespace glimpse::launcher
