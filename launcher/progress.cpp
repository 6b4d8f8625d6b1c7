#include "launcher/progress.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "reports/text_width.h"

namespace glimpse::launcher {
namespace {

constexpr double kBarPeriodSeconds = 0.1;
constexpr double kLinePeriodSeconds = 30;
constexpr std::size_t kBarWidth = 24;
constexpr std::size_t kLeastLabel = 12;  // columns

std::string render_seconds(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::ceil(seconds));
  const std::int64_t minutes = whole / 60;
  if (minutes == 0) {
    return std::to_string(whole) + " s";
  }
  return minutes < 60
             ? std::to_string(minutes) + " min"
             : std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
}

}  // namespace

Progress::Progress(Env& env, std::string label, std::string unit, std::uint64_t total)
    : env_(env),
      label_(std::move(label)),
      unit_(std::move(unit)),
      total_(total),
      has_bar_(env.terminal.err_is_terminal && env.environment.term != "dumb"),
      start_s_(env.now_s()),
      shown_s_(start_s_) {}

Progress::~Progress() {
  if (drawn_ > 0) {
    env_.err << '\r' << std::string(drawn_, ' ') << '\r' << std::flush;
  }
}

void Progress::advance(std::uint64_t count) {
  const double now_s = env_.now_s();
  const std::scoped_lock lock(mutex_);
  done_ += count;
  if (now_s - shown_s_ >= (has_bar_ ? kBarPeriodSeconds : kLinePeriodSeconds)) {
    shown_s_ = now_s;
    show(now_s);
  }
}

void Progress::show(double now_s) {
  if (env_.log.is_quiet() || !env_.shows_progress) {
    return;
  }
  if (!has_bar_) {
    env_.log.info(label_ + ": " + render_done(now_s));
    return;
  }
  const std::string line = render_bar(now_s);
  const std::size_t width = reports::display_width(line);
  env_.err << '\r' << line << std::string(drawn_ > width ? drawn_ - width : 0, ' ') << std::flush;
  drawn_ = std::max(drawn_, width);
}

// On one line of the screen: the name of the work gives way first, and a full line would wrap.
std::string Progress::render_bar(double now_s) const {
  const std::string label = reports::escape_controls(label_);
  const std::string rest = ": " + render_done(now_s);
  if (env_.terminal.err_width <= 1) {
    return label + rest;
  }
  const std::size_t room = env_.terminal.err_width - 1;
  const std::size_t used = reports::display_width(rest);
  const std::size_t left = std::max(kLeastLabel, room > used ? room - used : 0);
  return reports::cut_to_width(reports::cut_to_width(label, left) + rest, room);
}

std::string Progress::render_done(double now_s) const {
  const double share = total_ == 0 ? 1 : static_cast<double>(done_) / static_cast<double>(total_);
  const auto percent = std::to_string(static_cast<int>(100 * share)) + " %";
  std::string text;
  if (has_bar_) {
    const auto filled = std::min(kBarWidth, static_cast<std::size_t>(share * kBarWidth));
    text += "[" + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "] ";
  }
  text += percent + ", " + std::to_string(done_) + " of " + std::to_string(total_) + " " + unit_;
  if (done_ > 0 && done_ < total_) {
    text += ", " + render_seconds((now_s - start_s_) * (1 - share) / share) + " left";
  }
  return text;
}

}  // namespace glimpse::launcher
