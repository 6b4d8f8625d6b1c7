#pragma once

// The worker's command line: a verb, what it works on, and options of the form "--name value" or
// "--name". Few enough to need no library. Everything that is not asked for is an error.

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace glimpse::worker {

class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Arguments {
 public:
  Arguments(int argc, const char* const* argv);

  // All throw UsageError for what does not fit.
  [[nodiscard]] std::string positional(const std::string& what);  // needed; in order
  [[nodiscard]] std::optional<std::string> try_positional();
  [[nodiscard]] bool flag(const std::string& name);
  [[nodiscard]] std::optional<std::string> option(const std::string& name);
  [[nodiscard]] std::string needed(const std::string& name);
  [[nodiscard]] int whole(const std::string& name, int otherwise);  // from 1
  // Complains about what nobody asked for.
  void finish() const;

 private:
  std::vector<std::string> words_;
};

}  // namespace glimpse::worker
