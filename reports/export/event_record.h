#pragma once

// Records of TensorBoard's event files, as bytes: framing, check sums and the few messages that
// curves, pictures and the HParams table need. Pure.
//
// The messages are event.proto, summary.proto and plugins/hparams/plugin_data.proto of TensorBoard.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "experiments/value.h"

namespace glimpse::reports {

struct EventTime {
  double wall_s = 0;  // since 1970
  std::int64_t step = 0;
};

// Begins every file.
std::string render_version_event(double wall_s);
std::string render_scalar_event(const EventTime& time, std::string_view tag, float value);

struct EventPicture {
  int width = 0;
  int height = 0;
  std::span<const std::byte> png = {};  // grey
};
std::string render_picture_event(const EventTime& time,
                                 std::string_view tag,
                                 const EventPicture& picture);

// A session is what the HParams table has a row for.
struct SessionStart {
  experiments::Assignment parameters = {};
  std::string group = {};  // sessions of one name are averaged
  double start_s = 0;
};
std::string render_session_start(double wall_s, const SessionStart& start);

enum class SessionStatus { kSuccess = 1, kFailure = 2, kRunning = 3 };
struct SessionEnd {
  SessionStatus status = SessionStatus::kSuccess;
  std::optional<double> end_s = {};
};
std::string render_session_end(double wall_s, const SessionEnd& end);

}  // namespace glimpse::reports
