#include "worker/serve.h"

#include <chrono>
#include <optional>
#include <utility>
#include <variant>

#include "experiments/json/record_json.h"
#include "worker/dataset_shelf.h"

namespace glimpse::worker {
namespace {

using experiments::CheckpointCommand;
using experiments::Command;
using experiments::ExitCode;
using experiments::ShutdownCommand;
using experiments::StartCommand;
using experiments::StopCommand;

// How soon an idle worker notices a signal.
constexpr std::chrono::milliseconds kIdle{200};

class Server {
 public:
  Server(LineReader& commands,
         RecordWriter& records,
         const experiments::Assignment& environment,
         const EngineFactory& engines,
         const ServePorts& ports)
      : commands_(commands),
        records_(records),
        environment_(environment),
        engines_(engines),
        ports_(ports) {}

  int run() {
    while (!leaving_) {
      const LineEvent event = commands_.next(kIdle);
      if (ports_.has_stop_come()) {
        leave(ExitCode::kInterrupted);
      } else if (const auto command = take(event)) {
        obey(*command);
      }
    }
    return static_cast<int>(*leaving_);
  }

 private:
  void leave(ExitCode code) { leaving_ = leaving_.value_or(code); }

  // What cannot be read leaves no way to go on: the next line may be lost as well.
  std::optional<Command> take(const LineEvent& event) {
    switch (event.kind) {
      case LineEvent::Kind::kNothing:
        return std::nullopt;
      case LineEvent::Kind::kEnd:
        leave(ExitCode::kDone);
        return std::nullopt;
      case LineEvent::Kind::kTooLong:
        leave(ExitCode::kProtocol);
        return std::nullopt;
      case LineEvent::Kind::kLine:
        break;
    }
    try {
      return experiments::parse_command(event.text);
    } catch (const experiments::RecordError&) {
      leave(ExitCode::kProtocol);
      return std::nullopt;
    }
  }

  // Between attempts. What is meant for one that has ended comes late, not wrong.
  void obey(const Command& command) {
    if (const auto* const start = std::get_if<StartCommand>(&command)) {
      execute(*start,
              environment_,
              engines_,
              shelf_,
              {.now_s = ports_.now_s,
               .poll = [this, start] { return poll(start->attempt); },
               .emit =
                   [this](const experiments::Record& record) {
                     records_.write(experiments::render_record(record));
                   },
               .tell = ports_.tell});
    } else if (std::holds_alternative<ShutdownCommand>(command)) {
      leave(ExitCode::kDone);
    }
  }

  // During an attempt, after every batch.
  Request poll(const experiments::AttemptName& attempt) {
    if (ports_.has_stop_come()) {
      leave(ExitCode::kInterrupted);
    }
    const auto command = leaving_ ? std::nullopt : take(commands_.try_next());
    Request request = Request::kGoOn;
    if (command) {
      request = answer(*command, attempt);
    }
    return leaving_ ? Request::kStop : request;
  }

  Request answer(const Command& command, const experiments::AttemptName& attempt) {
    if (const auto* const stop = std::get_if<StopCommand>(&command)) {
      return stop->attempt == attempt ? Request::kStop : Request::kGoOn;
    }
    if (const auto* const checkpoint = std::get_if<CheckpointCommand>(&command)) {
      return checkpoint->attempt == attempt ? Request::kCheckpoint : Request::kGoOn;
    }
    // One attempt at a time: another start is out of turn.
    leave(std::holds_alternative<ShutdownCommand>(command) ? ExitCode::kDone : ExitCode::kProtocol);
    return Request::kStop;
  }

  LineReader& commands_;
  RecordWriter& records_;
  const experiments::Assignment& environment_;
  const EngineFactory& engines_;
  const ServePorts& ports_;
  DatasetShelf shelf_;
  std::optional<ExitCode> leaving_;
};

}  // namespace

int serve(LineReader& commands,
          RecordWriter& records,
          const experiments::Assignment& environment,
          const EngineFactory& engines,
          const ServePorts& ports) {
  return Server(commands, records, environment, engines, ports).run();
}

}  // namespace glimpse::worker
