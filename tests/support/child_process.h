#pragma once

// A child process with pipes to its standard input and from its standard output (which carries
// standard error too). It is killed and reaped with the object, and by the kernel when the test
// dies, so no test leaves one behind.

#include <string>
#include <vector>

#include <sys/types.h>

namespace glimpse::tests {

struct ChildEnd {
  int exit_code = -1;  // -1: ended by a signal
  int signal = 0;
};

class ChildProcess {
 public:
  // `variables` ("NAME=value") are put over those of this process.
  explicit ChildProcess(std::vector<std::string> command,
                        const std::vector<std::string>& variables = {});
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ChildProcess(ChildProcess&&) = delete;
  ChildProcess& operator=(ChildProcess&&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  void write(const std::string& text) const;
  void close_input();
  // Waits for a whole line and gives it without its newline; what there is at the end of output.
  [[nodiscard]] std::string read_line();
  // Waits until nobody holds the output open any more.
  [[nodiscard]] std::string read_to_end();
  void send_signal(int signal) const;
  ChildEnd wait();

 private:
  pid_t pid_ = -1;  // -1 once reaped
  int input_ = -1;
  int output_ = -1;
  std::string unread_;
};

}  // namespace glimpse::tests
