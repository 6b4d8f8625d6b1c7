#pragma once

// How far a long piece of work is: a bar on a terminal, else a line every 30 seconds, so that a log
// file stays readable. advance() may be called by any thread.

#include <cstdint>
#include <mutex>
#include <string>

#include "launcher/env.h"

namespace glimpse::launcher {

class Progress {
 public:
  // `label` names the work ("building digits"), `unit` what is counted ("images").
  Progress(Env& env, std::string label, std::string unit, std::uint64_t total);
  // Leaves a clean line behind, also when the work ended early.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  Progress(Progress&&) = delete;
  Progress& operator=(Progress&&) = delete;

  void advance(std::uint64_t count);

 private:
  void show(double now_s);
  [[nodiscard]] std::string render_bar(double now_s) const;
  [[nodiscard]] std::string render_done(double now_s) const;

  Env& env_;
  std::string label_;
  std::string unit_;
  std::uint64_t total_;
  bool has_bar_;
  double start_s_;
  std::mutex mutex_;  // guards what follows, and the stream
  double shown_s_;
  std::uint64_t done_ = 0;
  std::size_t drawn_ = 0;  // columns of the bar on the screen
};

}  // namespace glimpse::launcher
