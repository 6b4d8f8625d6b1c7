#include "reports/export/tensorboard.h"

#include <gtest/gtest.h>

#include "reports/export/event_record.h"
#include "tests/reports/export/small_study.h"

namespace glimpse::reports {
namespace {

using tests::load_bytes;

class TensorBoard : public tests::SmallStudy {};

TEST_F(TensorBoard, GetsAFilePerRun) {
  EXPECT_EQ(export_tensorboard(*reader_, study_, folder_, out()), 2U);
  const std::string second =
      load_bytes(out() / run_id(1) / "events.out.tfevents.1700000123.glimpse.0.0");
  const double start = 1'700'000'123;
  const SessionStart session{
      .parameters = study_.runs[1].parameters, .group = "configuration 0", .start_s = start};
  EXPECT_EQ(second,
            render_version_event(start) + render_session_start(start, session) +
                render_scalar_event({.wall_s = start + 1, .step = 1}, "loss", 3) +
                render_session_end(start, {.status = SessionStatus::kRunning, .end_s = {}}));
}

}  // namespace
}  // namespace glimpse::reports
