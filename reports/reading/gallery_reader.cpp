#include "reports/reading/gallery_reader.h"

#include <algorithm>
#include <filesystem>
#include <span>
#include <string_view>

#include "reports/reading/crops_of_run.h"
#include "reports/reading/rows.h"
#include "storage/hdf5/crops_file.h"
#include "storage/storage_error.h"

namespace glimpse::reports {
namespace {

constexpr std::string_view kFinishedAttempt =
    "select max(attempt) from v_attempts where run_id = :run and state = 'finished'";

// The `number`th of equal parts of an array.
template <class T>
std::span<const T> part(const std::vector<T>& all, std::size_t number, std::size_t size) {
  return std::span(all).subspan(number * size, size);
}

Picture take_picture(const std::vector<std::uint8_t>& all,
                     std::size_t number,
                     std::size_t width,
                     std::size_t height) {
  const auto pixels = part(all, number, width * height);
  return {static_cast<int>(width),
          static_cast<int>(height),
          std::vector<std::uint8_t>(pixels.begin(), pixels.end())};
}

GalleryItem take_item(const storage::Crops& crops, std::size_t image) {
  const storage::CropsShape& shape = crops.shape;
  GalleryItem item{.index = crops.index[image],
                   .image = take_picture(crops.images, image, shape.width, shape.height)};
  for (std::size_t glimpse = 0; glimpse < shape.glimpses; ++glimpse) {
    const std::size_t number = image * shape.glimpses + glimpse;
    constexpr std::size_t kEdges = 4;
    const auto box = part(crops.boxes, number, kEdges);
    item.boxes.push_back({box[0], box[1], box[2], box[3]});
    item.crops.push_back(take_picture(crops.crops, number, shape.crop_width, shape.crop_height));
  }
  const auto targets = part(crops.labels, image, shape.digits);
  const auto predictions = part(crops.predictions, image, shape.digits);
  item.targets.assign(targets.begin(), targets.end());
  item.predictions.assign(predictions.begin(), predictions.end());
  return item;
}

const SeedResult* first_completed(const CellRuns& runs) {
  const auto found =
      std::ranges::find_if(runs.seeds, [](const SeedResult& seed) { return seed.state == "done"; });
  return found == runs.seeds.end() ? nullptr : &*found;
}

std::int64_t finished_attempt(const std::string& run_id, storage::Query& results) {
  std::int64_t attempt = 0;
  for_each_row(results, kFinishedAttempt, {{"run", run_id}}, [&](Cells cells) {
    attempt = integer_of(cells[0]);
  });
  return attempt;
}

}  // namespace

std::vector<GalleryItem> read_gallery(const StudyReport& report,
                                      storage::Query& results,
                                      const storage::ResultsFolder& folder) {
  constexpr std::size_t kMostFiles = 40;
  std::vector<GalleryItem> gallery;
  std::size_t files = 0;
  for (const ResultCell& cell : report.assessed.cells) {
    const SeedResult* const seed = first_completed(cell.runs);
    if (seed == nullptr || files == kMostFiles) {
      continue;
    }
    RunFacts run{.run_id = seed->run_id};
    run.finished_attempt = finished_attempt(run.run_id, results);
    const auto file = find_crops(folder, run);
    if (!file) {
      continue;
    }
    try {
      const storage::Crops crops = storage::load_crops(*file);
      ++files;
      for (std::size_t image = 0; image < crops.shape.count; ++image) {
        GalleryItem item = take_item(crops, image);
        item.run_id = seed->run_id;
        item.model = describe_place(report.table, cell.runs.place);
        item.seed = seed->seed;
        gallery.push_back(std::move(item));
      }
    } catch (const storage::StorageError&) {
      continue;
    }
  }
  return gallery;
}

}  // namespace glimpse::reports
