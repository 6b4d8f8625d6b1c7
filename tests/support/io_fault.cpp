#include "tests/support/io_fault.h"

#include <array>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/temp_dir.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> make_environment(const IoFault& fault, const fs::path& map) {
  std::vector<std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    variables.emplace_back(*entry);
  }
  variables.push_back("LD_PRELOAD=" GLIMPSE_FAILING_IO);
  variables.push_back("GLIMPSE_TEST_FAIL_DIR=" + fault.folder.string());
  variables.push_back("GLIMPSE_TEST_FAIL_OPS=" + fault.operations);
  variables.push_back("GLIMPSE_TEST_FAIL_MAP=" + map.string());
  variables.push_back("GLIMPSE_TEST_FAIL_IO=" + std::to_string(fault.at) +
                      (fault.goes_on ? "+:" : ":") + fault.action);
  // The address sanitizer wants to be loaded first and works as well when it is not.
  variables.emplace_back("ASAN_OPTIONS=verify_asan_link_order=0");
  return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

// Everything is allocated before the fork; the child only calls what is safe after one.
int run_to_end(std::vector<std::string> command,
               std::vector<std::string> environment,
               const fs::path& output) {
  const std::vector<char*> arguments = pointers_to(command);
  const std::vector<char*> variables = pointers_to(environment);
  const int file = ::open(output.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const pid_t child = ::fork();
  if (file < 0 || child < 0) {
    throw std::runtime_error("cannot start " + command.at(0));
  }
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(file, STDOUT_FILENO);
    ::dup2(file, STDERR_FILENO);
    ::execve(arguments[0], arguments.data(), variables.data());
    ::_exit(127);
  }
  ::close(file);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      throw std::runtime_error("lost child " + command.at(0));
    }
  }
  return status;
}

}  // namespace

ChildResult run_with_fault(const std::vector<std::string>& command, const IoFault& fault) {
  const TempDir own;
  save_bytes(own / "map", std::string(16, '\0'));
  const int status = run_to_end(command, make_environment(fault, own / "map"), own / "output");

  ChildResult result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  result.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  result.output = load_bytes(own / "output");
  std::array<std::uint64_t, 2> counts{};
  std::memcpy(counts.data(), load_bytes(own / "map").data(), sizeof(counts));
  result.calls = counts[0];
  result.has_fired = counts[1] > 0;
  if (result.exit_code == 127 || result.signal == SIGABRT) {
    throw std::runtime_error("child could not run: " + result.output);
  }
  return result;
}

std::uint64_t fail_every_operation(const FaultCampaign& campaign) {
  for (std::uint64_t at = 1;; ++at) {
    const TempDir dir;
    if (campaign.prepare) {
      campaign.prepare(dir.path());
    }
    const ChildResult result = run_with_fault(campaign.command(dir.path()),
                                              {.folder = dir.path(),
                                               .at = at,
                                               .action = campaign.action,
                                               .goes_on = campaign.goes_on,
                                               .operations = campaign.operations});
    if (!result.has_fired) {
      if (result.exit_code != 0) {
        throw std::runtime_error("child fails without a fault: " + result.output);
      }
      return at - 1;
    }
    campaign.judge(dir.path(), result);
  }
}

}  // namespace glimpse::tests
