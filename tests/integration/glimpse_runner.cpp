#include "tests/integration/glimpse_runner.h"

#include <array>
#include <cstdlib>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/integration/json_value.h"

namespace glimpse::tests {
namespace {

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> list;
  for (std::string& word : words) {
    list.push_back(word.data());
  }
  list.push_back(nullptr);
  return list;
}

// In the child: only calls that are safe after a fork.
[[noreturn]] void become(
    const char* folder, char** arguments, char** environment, int out, int err) {
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  if (chdir(folder) == 0) {
    execvpe(arguments[0], arguments, environment);
  }
  _exit(126);
}

pid_t launch(const std::filesystem::path& folder,
             std::vector<std::string> command,
             const std::map<std::string, std::string>& variables,
             int out,
             int err) {
  std::vector<std::string> environment;
  for (const auto& [name, value] : variables) {
    environment.push_back(name + "=" + value);
  }
  const std::vector<char*> argv = pointers(command);
  const std::vector<char*> envp = pointers(environment);
  const pid_t child = fork();
  if (child == 0) {
    become(
        folder.c_str(), const_cast<char**>(argv.data()), const_cast<char**>(envp.data()), out, err);
  }
  if (child < 0) {
    throw std::runtime_error("fork failed");
  }
  return child;
}

void read_both(int out, int err, RunResult& result) {
  std::array<pollfd, 2> ends = {pollfd{out, POLLIN, 0}, pollfd{err, POLLIN, 0}};
  const std::array<std::string*, 2> texts = {&result.out, &result.err};
  std::array<char, 65536> buffer{};
  for (int open = 2; open > 0;) {
    poll(ends.data(), ends.size(), -1);
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (ends[i].fd < 0 || ends[i].revents == 0) {
        continue;
      }
      const ssize_t got = read(ends[i].fd, buffer.data(), buffer.size());
      if (got <= 0) {
        close(ends[i].fd);
        ends[i].fd = -1;
        --open;
      } else {
        texts[i]->append(buffer.data(), static_cast<std::size_t>(got));
      }
    }
  }
}

}  // namespace

GlimpseRunner::GlimpseRunner() {
  environment_["PATH"] = std::getenv("PATH");
  environment_["HOME"] = (dir_ / "home").string();
  environment_["GLIMPSE"] = GLIMPSE_PROGRAM;
}

std::vector<std::string> GlimpseRunner::command(const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {GLIMPSE_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return words;
}

RunResult GlimpseRunner::run(const std::vector<std::string>& arguments) const {
  return run_program(command(arguments));
}

RunResult GlimpseRunner::shell(const std::string& line) const {
  return run_program({"bash", "-c", line});
}

std::string GlimpseRunner::build_dataset(const std::vector<std::string>& given) const {
  std::vector<std::string> arguments = {"dataset", "build", "--json", "source=builtin"};
  arguments.insert(arguments.end(), given.begin(), given.end());
  const RunResult built = run(arguments);
  if (built.status != 0) {
    throw std::runtime_error(built.err);
  }
  return (folder() / JsonValue(built.out).text("/datasets/0/path")).lexically_normal();
}

RunResult GlimpseRunner::run_program(const std::vector<std::string>& command) const {
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (pipe2(out.data(), O_CLOEXEC) != 0 || pipe2(err.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("pipe failed");
  }
  const pid_t child = launch(folder(), command, environment_, out[1], err[1]);
  close(out[1]);
  close(err[1]);
  RunResult result;
  read_both(out[0], err[0], result);
  result.status = wait_for(child);
  return result;
}

pid_t GlimpseRunner::start(const std::vector<std::string>& arguments) const {
  return start_program(command(arguments));
}

pid_t GlimpseRunner::start_program(const std::vector<std::string>& command) const {
  const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
  const pid_t child = launch(folder(), command, environment_, nothing, nothing);
  close(nothing);
  return child;
}

int wait_for(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace glimpse::tests
