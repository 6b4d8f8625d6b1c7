#include "reports/export/tensorboard.h"

#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "reports/export/crops_strip.h"
#include "reports/export/event_record.h"
#include "reports/export/export_folder.h"
#include "reports/reading/crops_of_run.h"
#include "storage/hdf5/crops_file.h"
#include "storage/storage_error.h"
#include "storage/zlib/png_writer.h"

namespace glimpse::reports {
namespace {

namespace fs = std::filesystem;

constexpr double kMsPerSecond = 1000;

double seconds(std::int64_t ms) {
  return static_cast<double>(ms) / kMsPerSecond;
}

double start_of(const RunFacts& run) {
  return seconds(*run.started_ms);
}

// TensorBoard reads the files of a folder by name and expects the time in it. All attempts of a run
// are in one file, since it is written when they are known.
fs::path file_of(const RunFacts& run) {
  constexpr std::size_t kDigits = 10;
  std::string time = std::to_string(*run.started_ms / static_cast<std::int64_t>(kMsPerSecond));
  time.insert(0, time.size() < kDigits ? kDigits - time.size() : 0, '0');
  return fs::path(run.run_id) / ("events.out.tfevents." + time + ".glimpse.0.0");
}

SessionStatus status_of(const RunFacts& run) {
  if (run.state == "failed" || run.state == "cancelled" || run.outcome == "diverged") {
    return SessionStatus::kFailure;
  }
  return run.state == "done" ? SessionStatus::kSuccess : SessionStatus::kRunning;
}

// Curves hold floats, and what is beyond them is no more a number there than infinity is.
bool fits_curve(double value) {
  return std::abs(value) <= std::numeric_limits<float>::max();
}

void write_curves(const StudyReader& reader, const RunFacts& run, ExportFile& out) {
  reader.read_metrics(run, [&](const MetricPoint& point) {
    if (point.value && fits_curve(*point.value)) {
      const EventTime time{.wall_s = point.time_ms ? seconds(*point.time_ms) : start_of(run),
                           .step = point.epoch};
      out.write(render_scalar_event(time, point.name, static_cast<float>(*point.value)));
    }
  });
}

// The same image has the same tag in every run, so that TensorBoard shows them beside each other.
std::string tag_of(std::uint32_t index) {
  const std::string number = std::to_string(index);
  return "crops/" + std::string(number.size() < 2 ? 1 : 0, '0') + number;
}

void write_pictures(const fs::path& file, const EventTime& time, ExportFile& out) {
  const storage::Crops crops = storage::load_crops(file);
  for (std::size_t image = 0; image < crops.shape.count; ++image) {
    const GreyPicture strip = draw_strip(crops, image);
    const std::vector<std::byte> png =
        storage::render_png(strip.pixels, strip.width, strip.height, storage::PngColor::kGrey);
    out.write(render_picture_event(time,
                                   tag_of(crops.index[image]),
                                   {.width = strip.width, .height = strip.height, .png = png}));
  }
}

void write_crops_of(const storage::ResultsFolder& results, const RunFacts& run, ExportFile& out) {
  const auto file = find_crops(results, run);
  if (!file) {
    return;
  }
  // They are made at the end, with the weights of the best epoch.
  const EventTime time{.wall_s = run.ended_ms ? seconds(*run.ended_ms) : start_of(run),
                       .step = run.best_epoch.value_or(0)};
  try {
    write_pictures(*file, time, out);
  } catch (const std::invalid_argument& error) {
    throw storage::StorageError(storage::StorageFault::kForeign,
                                *file,
                                "draw crops " + file->string() + ": " + error.what());
  }
}

SessionStart session_start(const RunFacts& run) {
  return {.parameters = run.parameters,
          .group = "configuration " + std::to_string(run.configuration),
          .start_s = start_of(run)};
}

SessionEnd session_end(const RunFacts& run) {
  return {.status = status_of(run),
          .end_s = run.ended_ms ? std::optional(seconds(*run.ended_ms)) : std::nullopt};
}

}  // namespace

std::size_t export_tensorboard(const StudyReader& reader,
                               const StudyFacts& study,
                               const storage::ResultsFolder& results,
                               const fs::path& folder) {
  std::vector<RunFacts> runs;
  std::vector<fs::path> files;
  for (const RunFacts& run : study.runs) {
    if (run.started_ms) {
      runs.push_back(run);
      files.push_back(file_of(run));
    }
  }
  const ExportFolder out(folder, files);
  for (const RunFacts& run : runs) {
    ExportFile file = out.create(file_of(run));
    file.write(render_version_event(start_of(run)));
    file.write(render_session_start(start_of(run), session_start(run)));
    write_curves(reader, run, file);
    write_crops_of(results, run, file);
    const SessionEnd end = session_end(run);
    file.write(render_session_end(end.end_s.value_or(start_of(run)), end));
    file.commit();
  }
  return runs.size();
}

}  // namespace glimpse::reports
