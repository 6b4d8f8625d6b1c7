#include "launcher/run/run_screen.h"

#include <algorithm>

namespace glimpse::launcher {
namespace {

constexpr double kDrawPeriodSeconds = 0.25;
constexpr double kLinePeriodSeconds = 30;
constexpr std::size_t kMostLines = 16;
constexpr std::size_t kUnknownWidth = 80;

}  // namespace

RunScreen::RunScreen(Env& env)
    : env_(env),
      is_live_(env.terminal.err_is_terminal && env.environment.term != "dumb" &&
               env.shows_progress && !env.log.is_quiet()),
      shown_s_(env.now_s()) {}

RunScreen::~RunScreen() {
  clear();
}

void RunScreen::tick(const std::function<RunStatus()>& status) {
  const double now_s = env_.now_s();
  if (now_s - shown_s_ < (is_live_ ? kDrawPeriodSeconds : kLinePeriodSeconds)) {
    return;
  }
  shown_s_ = now_s;
  if (is_live_) {
    draw(status());
  } else if (env_.shows_progress) {
    env_.log.info(render_summary(status()));
  }
}

void RunScreen::info(const std::string& line) {
  clear();
  env_.log.info(line);
}

void RunScreen::warn(const std::string& line) {
  clear();
  env_.log.warn(line);
}

// The cursor stands at the beginning of the line below ours.
void RunScreen::clear() {
  if (drawn_ > 0) {
    env_.err << "\x1b[" << drawn_ << "A\x1b[J" << std::flush;
    drawn_ = 0;
  }
}

void RunScreen::draw(const RunStatus& status) {
  // A line as wide as the screen would take two.
  const std::size_t width =
      env_.terminal.err_width > 1 ? env_.terminal.err_width - 1 : kUnknownWidth;
  clear();
  for (const std::string& line : render_screen(status, width, kMostLines)) {
    env_.err << line << '\n';
    ++drawn_;
  }
  env_.err << std::flush;
}

}  // namespace glimpse::launcher
