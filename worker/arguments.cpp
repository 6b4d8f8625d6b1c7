#include "worker/arguments.h"

#include <algorithm>
#include <charconv>

namespace glimpse::worker {

Arguments::Arguments(int argc, const char* const* argv) : words_(argv, argv + argc) {}

bool Arguments::flag(const std::string& name) {
  const auto found = std::ranges::find(words_, name);
  if (found == words_.end()) {
    return false;
  }
  words_.erase(found);
  return true;
}

std::optional<std::string> Arguments::option(const std::string& name) {
  const auto found = std::ranges::find(words_, name);
  if (found == words_.end()) {
    return std::nullopt;
  }
  if (found + 1 == words_.end()) {
    throw UsageError(name + " needs a value");
  }
  std::string value = *(found + 1);
  words_.erase(found, found + 2);
  return value;
}

std::string Arguments::needed(const std::string& name) {
  if (auto value = option(name)) {
    return *std::move(value);
  }
  throw UsageError(name + " is needed");
}

int Arguments::whole(const std::string& name, int otherwise) {
  const auto text = option(name);
  if (!text) {
    return otherwise;
  }
  int value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || value < 1) {
    throw UsageError(name + " must be a whole number from 1, not '" + *text + "'");
  }
  return value;
}

std::string Arguments::positional(const std::string& what) {
  if (auto word = try_positional()) {
    return *std::move(word);
  }
  throw UsageError(what + " is needed");
}

// Options have been taken out before, so whatever is left first is meant.
std::optional<std::string> Arguments::try_positional() {
  if (words_.empty() || words_.front().starts_with("-")) {
    return std::nullopt;
  }
  std::string word = words_.front();
  words_.erase(words_.begin());
  return word;
}

void Arguments::finish() const {
  if (!words_.empty()) {
    throw UsageError("unknown argument '" + words_.front() + "'");
  }
}

}  // namespace glimpse::worker
