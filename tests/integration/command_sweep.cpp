#include "tests/integration/command_sweep.h"

#include <charconv>
#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

#include <unistd.h>

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

bool has_variable(pid_t process, const std::string& start) {
  std::ifstream file("/proc/" + std::to_string(process) + "/environ", std::ios::binary);
  const std::string all((std::istreambuf_iterator<char>(file)), {});
  return ('\0' + all).find('\0' + start) != std::string::npos;
}

std::vector<pid_t> processes_with(const std::string& start) {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    pid_t process = 0;
    const auto end = std::from_chars(name.data(), name.data() + name.size(), process);
    if (end.ec == std::errc() && has_variable(process, start)) {
      found.push_back(process);
    }
  }
  return found;
}

}  // namespace

CommandSweep::CommandSweep() : mark_("GLIMPSE_TEST_MARK=" + runner_.folder().string()) {
  runner_.set("GLIMPSE_TEST_MARK", runner_.folder().string());
}

CommandSweep::~CommandSweep() {
  for (const pid_t process : marked()) {
    kill(process, SIGKILL);
  }
}

void CommandSweep::write_study(const std::string& json) const {
  write_file("study.json", json);
}

void CommandSweep::write_file(const std::string& name, const std::string& text) const {
  std::ofstream(runner_.folder() / name) << text;
}

RunResult CommandSweep::run(std::vector<std::string> more) const {
  more.insert(more.begin(), {"run", "./study.json", "--slots", "2"});
  return runner_.run(more);
}

pid_t CommandSweep::start(std::vector<std::string> more) const {
  more.insert(more.begin(), {"run", "./study.json", "--slots", "2"});
  return runner_.start(more);
}

std::string CommandSweep::query(const std::string& sql) const {
  const std::string text = runner_.run({"query", sql, "--format", "csv"}).out;
  const std::size_t head = text.find("\r\n");
  return head == std::string::npos ? "" : text.substr(head + 2);
}

bool CommandSweep::wait_for_at_least(const std::string& sql, int least, int seconds) const {
  for (int i = 0; i < 20 * seconds; ++i) {
    const std::string text = query(sql);
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    if (value >= least) {
      return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return false;
}

std::string CommandSweep::table() const {
  return query("select run_id, epoch, name, value from v_metrics order by run_id, name, epoch") +
         query(
             "select run_id, state, outcome, objective, best_epoch from v_trials order by run_id");
}

std::vector<pid_t> CommandSweep::marked() const {
  return processes_with(mark_);
}

std::vector<pid_t> CommandSweep::programs() const {
  std::vector<pid_t> found;
  for (const pid_t process : marked()) {
    if (has_variable(process, "GLIMPSE_RUN_ID=")) {
      found.push_back(process);
    }
  }
  return found;
}

bool CommandSweep::ends_soon() const {
  for (int i = 0; i < 40; ++i) {
    if (marked().empty()) {
      return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return false;
}

}  // namespace glimpse::tests
