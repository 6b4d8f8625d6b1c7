#include "worker/crops.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <vector>

#include "experiments/json_writer.h"
#include "worker/glimpse_place.h"

namespace glimpse::worker {
namespace {

using storage::Crops;

constexpr std::size_t kRunIdDigits = 32;  // of the key

std::string render_config(const CropsRequest& request, const std::string& dataset) {
  experiments::JsonWriter json;
  json.begin_object();
  json.key("key").string(request.key);
  json.key("dataset").string(dataset);
  json.key("seed").integer(static_cast<std::int64_t>(request.seed));
  json.key("parameters").raw(experiments::render_json(request.parameters));
  json.end_object();
  return json.text();
}

std::vector<std::uint8_t> first_images(std::span<const std::byte> bytes,
                                       std::uint64_t images,
                                       std::uint64_t image_bytes) {
  const auto wanted = bytes.first(images * image_bytes);
  std::vector<std::uint8_t> numbers(wanted.size());
  std::ranges::transform(wanted, numbers.begin(), std::to_integer<std::uint8_t>);
  return numbers;
}

Crops take_images(const DatasetShelf& shelf, const CropsRequest& request) {
  const storage::DatasetInfo& info = shelf.info();
  const storage::SplitData& split = shelf.splits().at(experiments::split_index(request.split));
  const std::uint64_t count = std::min(request.images, split.count);
  Crops crops{.run_id = request.key.substr(0, kRunIdDigits),
              .config = render_config(request, info.identity),
              .split = std::string(experiments::split_name(request.split)),
              .weights = std::string(weights_name(request.weights)),
              .shape = {.count = count,
                        .height = info.height,
                        .width = info.width,
                        .digits = info.labels_per_image},
              .images = first_images(split.images, count, info.image_bytes()),
              .labels = first_images(split.labels, count, info.labels_per_image),
              .predictions = {},
              .index = std::vector<std::uint32_t>(count),
              .theta = {},
              .boxes = {},
              .crops = {}};
  std::iota(crops.index.begin(), crops.index.end(), 0U);
  return crops;
}

template <typename Element>
void append(std::vector<Element>& to, const std::vector<Element>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

void append_looks(Crops& crops, const Looks& looks) {
  crops.shape.glimpses = looks.glimpses;
  crops.shape.crop_height = looks.crop_height;
  crops.shape.crop_width = looks.crop_width;
  append(crops.predictions, looks.predictions);
  append(crops.theta, looks.theta);
  append(crops.crops, looks.crops);
}

void add_boxes(Crops& crops, const Reach& reach) {
  for (std::size_t at = 0; at < crops.theta.size(); at += kThetaNumbers) {
    const auto box = glimpse_box(std::span(crops.theta).subspan(at, kThetaNumbers), reach);
    crops.boxes.insert(crops.boxes.end(), box.begin(), box.end());
  }
}

}  // namespace

Crops make_crops(Engine& engine, const DatasetShelf& shelf, const CropsRequest& request) {
  Crops crops = take_images(shelf, request);
  const std::span<const std::uint32_t> all = crops.index;
  engine.use(request.weights);
  // In pieces of one size: memory stays small, and a longer file begins with a shorter one's bits.
  for (std::size_t first = 0; first < all.size(); first += kCropsImages) {
    const std::size_t count = std::min<std::size_t>(kCropsImages, all.size() - first);
    append_looks(crops, engine.look(request.split, all.subspan(first, count)));
  }
  static_cast<void>(engine.take_evaluation());
  engine.use(Weights::kCurrent);
  add_boxes(crops, image_reach(request.parameters, crops.shape.width, crops.shape.height));
  return crops;
}

}  // namespace glimpse::worker
