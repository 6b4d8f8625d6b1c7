#include "launcher/run/run_status.h"

#include <algorithm>

#include "reports/text_table.h"
#include "reports/text_width.h"

namespace glimpse::launcher {
namespace {

// Before that share is done, how long the rest takes is a guess.
constexpr double kLeastDone = 0.02;

std::string render_faults(const RunStatus& status) {
  std::string text;
  for (const auto& [name, count] : status.faults) {
    text += (text.empty() ? " (" : ", ") + name + " " + std::to_string(count);
  }
  return text.empty() ? text : text + ")";
}

std::string render_running(const RunningTrial& trial, const std::string& metric) {
  std::string text = "  " + trial.place + "  " + trial.label;
  if (trial.epoch > 0) {
    text += "  epoch " + std::to_string(trial.epoch);
    text += trial.epochs > 0 ? " of " + std::to_string(trial.epochs) : "";
  }
  if (trial.best) {
    text += "  best " + metric + " " + reports::render_short(*trial.best);
  }
  return text + "  " + reports::render_rough_time(trial.elapsed_s);
}

}  // namespace

std::optional<double> expected_rest_s(double elapsed_s, double done, double left) {
  if (done < kLeastDone * (done + left) || done <= 0) {
    return std::nullopt;
  }
  return elapsed_s * left / done;
}

std::string render_summary(const RunStatus& status) {
  std::string text =
      std::to_string(status.done) + " of " + std::to_string(status.planned) + " done";
  if (status.failed > 0 || !status.faults.empty()) {
    text += ", " + std::to_string(status.failed) + " failed" + render_faults(status);
  }
  text += ", " + std::to_string(status.running.size()) + " running, " +
          std::to_string(status.pending) + " waiting, " +
          reports::render_rough_time(status.elapsed_s);
  if (status.left_s) {
    text += ", about " + reports::render_rough_time(*status.left_s) + " left";
  }
  return text;
}

std::vector<std::string> render_screen(const RunStatus& status,
                                       std::size_t width,
                                       std::size_t height) {
  std::vector<std::string> lines = {render_summary(status)};
  for (const RunningTrial& trial : status.running) {
    if (lines.size() + 1 >= height && lines.size() < status.running.size()) {
      lines.push_back("  and " + std::to_string(status.running.size() + 1 - lines.size()) +
                      " more");
      break;
    }
    lines.push_back(render_running(trial, status.metric));
  }
  for (std::string& line : lines) {
    line = reports::cut_to_width(reports::escape_controls(line), width);
  }
  return lines;
}

}  // namespace glimpse::launcher
