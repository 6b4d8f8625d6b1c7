#include "launcher/run/spool_desk.h"

#include "launcher/exit_code.h"

namespace glimpse::launcher {
namespace {

using experiments::ExitCode;

}  // namespace

void SpoolDesk::tick() {
  for (const SpoolRequest& request : server_.poll()) {
    const SpoolReply reply = answer(request.command);
    server_.reply(request, reply.exit, reply.text);
  }
}

SpoolReply SpoolDesk::answer(const SpoolCommand& command) {
  if (const auto* const wanted = std::get_if<StopCommand>(&command)) {
    return stop(*wanted);
  }
  const auto* const submitted = std::get_if<SubmitCommand>(&command);
  if (submitted == nullptr) {
    return {ExitCode::kDone, "here"};
  }
  try {
    return {ExitCode::kDone, submit_(*submitted)};
  } catch (const std::exception& error) {
    const Failure failure = explain(error);
    return {failure.code, failure.lines.empty() ? error.what() : failure.lines.front()};
  }
}

SpoolReply SpoolDesk::stop(const StopCommand& command) {
  const std::string how = command.is_now ? "is ended at once" : "saves a checkpoint and ends";
  switch (command.what) {
    case StopCommand::What::kAll:
      coordinator_.stop();
      if (command.is_now) {
        coordinator_.stop();
      }
      return {ExitCode::kDone, "everything that runs " + how};
    case StopCommand::What::kStudy:
      return coordinator_.stop_study(command.name, command.is_now)
                 ? SpoolReply{ExitCode::kDone, "what runs of " + command.name + " " + how}
                 : SpoolReply{ExitCode::kUsage, command.name + " is not being run here"};
    case StopCommand::What::kRun:
      break;
  }
  return coordinator_.stop_run(command.name, command.is_now)
             ? SpoolReply{ExitCode::kDone, "run " + command.name + " " + how}
             : SpoolReply{ExitCode::kUsage, "run " + command.name + " is not being run here"};
}

}  // namespace glimpse::launcher
