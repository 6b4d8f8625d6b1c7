#pragma once

// `serve`: trains what an agent tells it, one attempt after the other in a warm process. Commands
// come on one descriptor and records leave on another; between batches the trainer looks for both
// commands and signals.

#include <functional>
#include <string>

#include "worker/execute.h"
#include "worker/record_pipe.h"

namespace glimpse::worker {

struct ServePorts {
  std::function<double()> now_s;
  std::function<bool()> has_stop_come;  // a signal: save, and leave
  std::function<void(const std::string& line)> tell;
};

// An exit code of experiments/faults.h: done after `shutdown` or when the agent is gone,
// interrupted after a signal, protocol after a line that is no command or comes out of turn.
int serve(LineReader& commands,
          RecordWriter& records,
          const experiments::Assignment& environment,
          const EngineFactory& engines,
          const ServePorts& ports);

}  // namespace glimpse::worker
