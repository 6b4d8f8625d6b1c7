#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <vector>

#include "experiments/faults.h"
#include "experiments/recipes/contact_sheet.h"
#include "launcher/as_output.h"
#include "launcher/commands/dataset.h"
#include "launcher/dataset_store.h"
#include "launcher/output.h"
#include "launcher/results_folder.h"
#include "launcher/usage_error.h"
#include "storage/files/atomic_file.h"
#include "storage/hdf5/dataset_info.h"
#include "storage/hdf5/dataset_reader.h"
#include "storage/storage_error.h"
#include "storage/zlib/png_writer.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using reports::Cell;
using reports::TextTable;
using storage::DatasetInfo;
using storage::DatasetReader;
using storage::kDatasetSplits;
using storage::SplitData;
using storage::StorageError;

std::string hex64(std::uint64_t value) {
  std::string text(16, '0');
  for (std::size_t i = 0; i < text.size(); ++i) {
    text[i] = "0123456789abcdef"[(value >> (60 - 4 * i)) & 15U];
  }
  return text;
}

std::int64_t whole(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

const std::vector<std::string> kListColumns = {"dataset",
                                               "state",
                                               "width",
                                               "height",
                                               "labels",
                                               "train",
                                               "valid",
                                               "test",
                                               "MiB",
                                               "source",
                                               "problem"};

// A file that opens is not verified: its pixels are not looked at.
reports::Row list_row(const fs::path& file, const Settings& settings) {
  const std::string name = file.stem().string();
  try {
    DatasetInfo info = DatasetReader(file).info();
    check_dataset_name(file, info, settings);
    return {name,
            std::string("readable"),
            whole(info.width),
            whole(info.height),
            whole(info.labels_per_image),
            whole(info.splits[0].count),
            whole(info.splits[1].count),
            whole(info.splits[2].count),
            static_cast<double>(fs::file_size(file)) / (1 << 20),
            info.provenance["source"],
            std::string()};
  } catch (const StorageError& error) {
    reports::Row row(kListColumns.size());
    row.front() = name;
    row[1] = std::string("damaged");
    row.back() = std::string(error.what());
    return row;
  }
}

// Of pixel values in 0..1; sums of whole numbers, so nothing depends on the order.
struct PixelFacts {
  double mean = 0;
  double standard_deviation = 0;
  double ink = 0;  // share of pixels that are not black
};

PixelFacts pixel_facts(std::span<const std::byte> pixels) {
  std::uint64_t sum = 0;
  std::uint64_t squares = 0;
  std::uint64_t ink = 0;
  for (const std::byte pixel : pixels) {
    const auto value = std::to_integer<std::uint64_t>(pixel);
    sum += value;
    squares += value * value;
    ink += value > 0 ? 1U : 0U;
  }
  const auto count = static_cast<double>(std::max<std::size_t>(pixels.size(), 1));
  const double mean = static_cast<double>(sum) / count;
  const double variance = static_cast<double>(squares) / count - mean * mean;
  return {mean / 255, std::sqrt(std::max(0.0, variance)) / 255, static_cast<double>(ink) / count};
}

std::string label_counts(std::span<const std::byte> labels) {
  std::array<std::uint64_t, storage::kDatasetClasses> counts{};
  for (const std::byte label : labels) {
    ++counts.at(std::to_integer<std::size_t>(label));
  }
  std::string text;
  for (const std::uint64_t count : counts) {
    text += (text.empty() ? "" : " ") + std::to_string(count);
  }
  return text;
}

TextTable split_table(const DatasetReader& reader) {
  TextTable table{
      .columns =
          {"split", "images", "mean", "sd", "ink", "label_counts", "images_xxh3", "labels_xxh3"},
      .rows = {}};
  for (std::size_t i = 0; i < kDatasetSplits.size(); ++i) {
    const SplitData data = reader.load(i);
    const PixelFacts facts = pixel_facts(data.images);
    const storage::SplitInfo& split = reader.info().splits.at(i);
    table.rows.push_back({std::string(kDatasetSplits.at(i)),
                          whole(data.count),
                          facts.mean,
                          facts.standard_deviation,
                          facts.ink,
                          label_counts(data.labels),
                          hex64(split.images_xxh3),
                          hex64(split.labels_xxh3)});
  }
  return table;
}

TextTable info_table(const fs::path& file, const DatasetInfo& info) {
  Facts facts = {{"file", file.string()},
                 {"bytes", whole(fs::file_size(file))},
                 {"recipe", info.recipe},
                 {"identity", info.identity},
                 {"generator", info.generator_version},
                 {"width", whole(info.width)},
                 {"height", whole(info.height)},
                 {"labels_per_image", whole(info.labels_per_image)},
                 {"made_of", info.recipe_text}};
  for (const auto& [name, value] : info.provenance) {
    facts.emplace_back(name, value);
  }
  return facts_table(facts);
}

template <class Byte>
std::span<const std::uint8_t> as_numbers(std::span<Byte> bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

std::vector<std::byte> render_sheet(const DatasetReader& reader,
                                    std::size_t split,
                                    std::uint64_t first,
                                    std::uint64_t count) {
  const DatasetInfo& info = reader.info();
  const SplitData data = reader.load(split);
  const std::uint64_t shown = std::min(count, data.count - first);
  // Images are taller than wide or the like at will; a sheet about as wide as high reads best.
  const auto columns = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(shown))));
  const auto sheet = experiments::make_contact_sheet(
      as_numbers(data.images.subspan(first * info.image_bytes(), shown * info.image_bytes())),
      as_numbers(data.labels.subspan(first * info.labels_per_image, shown * info.labels_per_image)),
      {.image_width = static_cast<int>(info.width),
       .image_height = static_cast<int>(info.height),
       .labels_per_image = static_cast<int>(info.labels_per_image),
       .columns = columns});
  return storage::render_png(sheet.pixels, sheet.width, sheet.height, storage::PngColor::kGrey);
}

}  // namespace

int dataset_list(const DatasetListOptions& options, Env& env) {
  TextTable table{.columns = kListColumns, .rows = {}};
  for (const fs::path& file : list_dataset_files(existing_results_folder(env.settings))) {
    table.rows.push_back(list_row(file, env.settings));
  }
  print_sections("dataset list", {{"datasets", "", table}}, options.output, env);
  return 0;
}

int dataset_show(const DatasetShowOptions& options, Env& env) {
  const fs::path file = find_dataset(options.dataset, env.settings);
  const DatasetReader reader(file);
  check_dataset_name(file, reader.info(), env.settings);
  print_sections("dataset show",
                 {{"dataset", "", info_table(file, reader.info()), true},
                  {"splits", "Splits", split_table(reader)}},
                 options.output,
                 env);
  return 0;
}

int dataset_verify(const DatasetVerifyOptions& options, Env& env) {
  std::vector<fs::path> files;
  files.reserve(options.datasets.size());
  for (const std::string& given : options.datasets) {
    files.push_back(find_dataset(given, env.settings));
  }
  if (options.datasets.empty()) {
    files = list_dataset_files(existing_results_folder(env.settings));
  }
  TextTable table{.columns = {"dataset", "state", "detail"}, .rows = {}};
  bool has_damage = false;
  for (const fs::path& file : files) {
    std::string problem;
    try {
      check_dataset_name(file, storage::verify_dataset(file), env.settings);
    } catch (const StorageError& error) {
      problem = error.what();
      has_damage = true;
    }
    table.rows.push_back(
        {file.stem().string(), std::string(problem.empty() ? "ok" : "damaged"), problem});
  }
  print_sections("dataset verify", {{"datasets", "", table}}, options.output, env);
  return static_cast<int>(has_damage ? experiments::ExitCode::kBadData
                                     : experiments::ExitCode::kDone);
}

int dataset_preview(const DatasetPreviewOptions& options, Env& env) {
  const fs::path file = find_dataset(options.dataset, env.settings);
  const DatasetReader reader(file);
  check_dataset_name(file, reader.info(), env.settings);
  const auto split = static_cast<std::size_t>(
      std::find(kDatasetSplits.begin(), kDatasetSplits.end(), options.split) -
      kDatasetSplits.begin());
  const std::uint64_t count = reader.info().splits.at(split).count;
  if (options.first >= count) {
    throw UsageError("dataset preview: --first " + std::to_string(options.first) + ": the " +
                     options.split + " split has " + std::to_string(count) + " images");
  }
  const fs::path target = options.output_file.empty()
                              ? fs::path(file.stem().string() + "-" + options.split + ".png")
                              : fs::path(options.output_file);
  const std::vector<std::byte> png = render_sheet(reader, split, options.first, options.count);
  as_output([&] {
    storage::AtomicFile out(target);
    out.write(png);
    out.commit();
  });
  env.log.info("wrote " + target.string());
  return 0;
}

}  // namespace glimpse::launcher
