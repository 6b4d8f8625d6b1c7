#include "launcher/run/agent.h"

#include <algorithm>
#include <utility>

#include <poll.h>

#include "experiments/faults.h"
#include "experiments/json/record_json.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using experiments::FailedRecord;
using experiments::FaultClass;
using experiments::RecordBody;

std::string describe_end(int status) {
  return status > 128 ? "the worker was ended by signal " + std::to_string(status - 128)
                      : "the worker ended with exit code " + std::to_string(status);
}

// What an attempt gets whose process went without a word.
RecordBody last_words(int status) {
  if (const auto fault = experiments::fault_of_exit(status)) {
    return FailedRecord{*fault, describe_end(status) + " (see worker.log)"};
  }
  return experiments::StoppedRecord{};
}

}  // namespace

bool is_last(const RecordBody& body) {
  return std::holds_alternative<experiments::FinishedRecord>(body) ||
         std::holds_alternative<experiments::StoppedRecord>(body) ||
         std::holds_alternative<FailedRecord>(body);
}

Agent::Agent(std::vector<WorkerSettings> slots, std::function<std::int64_t()> clock_ms)
    : clock_ms_(std::move(clock_ms)) {
  for (WorkerSettings& settings : slots) {
    slots_.push_back({.settings = std::move(settings), .process = nullptr, .attempt = {}});
  }
}

bool Agent::is_idle() const {
  return std::ranges::none_of(slots_, [](const Slot& slot) { return slot.attempt.has_value(); });
}

void Agent::start(std::size_t number, const experiments::StartCommand& command) {
  Slot& slot = slots_.at(number);
  const fs::path folder = command.folder;
  slot.attempt.emplace(Attempt{command.attempt, storage::JournalWriter(folder / "journal.jsonl")});
  if (!slot.process) {
    slot.process = std::make_unique<WorkerProcess>(slot.settings, folder / "worker.log");
  }
  // A process that is gone is found when its pipe ends.
  static_cast<void>(slot.process->send(command));
}

void Agent::stop_all() {
  for (Slot& slot : slots_) {
    if (slot.attempt) {
      static_cast<void>(slot.process->send(experiments::StopCommand{slot.attempt->name}));
    }
  }
}

void Agent::kill_all() {
  for (Slot& slot : slots_) {
    if (slot.process) {
      slot.process->kill();
    }
  }
}

std::vector<AgentRecord> Agent::wait(std::chrono::milliseconds timeout) {
  std::vector<pollfd> waiting;
  std::vector<std::size_t> numbers;
  for (std::size_t number = 0; number < slots_.size(); ++number) {
    if (slots_[number].process) {
      waiting.push_back(
          {.fd = slots_[number].process->descriptor(), .events = POLLIN, .revents = 0});
      numbers.push_back(number);
    }
  }
  std::vector<AgentRecord> records;
  if (poll(waiting.data(), waiting.size(), static_cast<int>(timeout.count())) > 0) {
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if (waiting[i].revents != 0) {
        read_all(numbers[i], records);
      }
    }
  }
  return records;
}

void Agent::read_all(std::size_t number, std::vector<AgentRecord>& records) {
  while (slots_.at(number).process) {
    const worker::LineEvent event = slots_.at(number).process->try_read();
    switch (event.kind) {
      case worker::LineEvent::Kind::kNothing:
        return;
      case worker::LineEvent::Kind::kLine:
        take_line(number, event.text, records);
        break;
      case worker::LineEvent::Kind::kTooLong:
        bury(number, FailedRecord{FaultClass::kProtocol, "a record of more than 64 KiB"}, records);
        break;
      case worker::LineEvent::Kind::kEnd:
        bury(number, std::nullopt, records);
        break;
    }
  }
}

void Agent::take_line(std::size_t number,
                      const std::string& line,
                      std::vector<AgentRecord>& records) {
  try {
    const experiments::Record record = experiments::parse_record(line);
    const auto& attempt = slots_.at(number).attempt;
    if (attempt && attempt->name == record.attempt) {
      take(number, record.body, records);
    }
  } catch (const experiments::RecordError& error) {
    bury(number, FailedRecord{FaultClass::kProtocol, error.what()}, records);
  }
}

void Agent::take(std::size_t number, const RecordBody& body, std::vector<AgentRecord>& records) {
  std::optional<Attempt>& attempt = slots_.at(number).attempt;
  if (!attempt) {
    return;
  }
  AgentRecord taken{.slot = number, .number = 0, .t_ms = clock_ms_(), .record = {}};
  taken.record = {attempt->name, body};
  taken.number = static_cast<std::int64_t>(
      attempt->journal.append(taken.t_ms, experiments::render_record(taken.record)));
  if (is_last(body)) {
    attempt->journal.close();
    attempt.reset();
  }
  records.push_back(std::move(taken));
}

void Agent::bury(std::size_t number,
                 std::optional<FailedRecord> why,
                 std::vector<AgentRecord>& records) {
  Slot& slot = slots_.at(number);
  if (why) {
    slot.process->kill();
  }
  const int status = slot.process->wait();
  slot.process = nullptr;
  if (slot.attempt) {
    take(number, why ? RecordBody(*std::move(why)) : last_words(status), records);
  }
}

}  // namespace glimpse::launcher
