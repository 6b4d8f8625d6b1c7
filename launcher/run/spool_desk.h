#pragma once

// Answers what people say to a running coordinator through the spool. One thread.

#include <functional>
#include <string>

#include "launcher/run/coordinator.h"
#include "launcher/spool/spool_server.h"

namespace glimpse::launcher {

class SpoolDesk {
 public:
  // `submit` takes up one more study and tells what came of it; what it throws is the answer.
  using Submit = std::function<std::string(const SubmitCommand&)>;

  SpoolDesk(SpoolServer& server, Coordinator& coordinator, Submit submit)
      : server_(server), coordinator_(coordinator), submit_(std::move(submit)) {}

  void tick();

 private:
  SpoolReply answer(const SpoolCommand& command);
  SpoolReply stop(const StopCommand& command);

  SpoolServer& server_;
  Coordinator& coordinator_;
  Submit submit_;
};

}  // namespace glimpse::launcher
