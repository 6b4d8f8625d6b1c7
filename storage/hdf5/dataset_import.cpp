#include "storage/hdf5/dataset_import.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include <hdf5.h>

#include "storage/hdf5/dataset_writer.h"
#include "storage/hdf5/hdf5_handle.h"
#include "storage/hdf5/hdf5_objects.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kPieceBytes = 4ULL << 20;

constexpr const char* kWanted =
    " (needed: groups train, valid and test, each with images, uint8 of shape N x height x width, "
    "and labels, whole numbers 0..9 of shape N x n or N)";

struct SourceSplit {
  Hdf5Handle images;
  Hdf5Handle labels;
  Shape images_shape;
  Shape labels_shape;

  [[nodiscard]] std::uint64_t labels_per_image() const {
    return labels_shape.size() == 2 ? labels_shape[1] : 1;
  }
};

// Rows first .. first+count-1 of an array, converted to the type asked for.
void read_rows(const Hdf5Task& task,
               const Hdf5Handle& array,
               const Shape& shape,
               std::pair<std::uint64_t, std::uint64_t> rows,
               hid_t type,
               void* out) {
  std::vector<hsize_t> begin(shape.size(), 0);
  std::vector<hsize_t> count(shape.begin(), shape.end());
  begin[0] = rows.first;
  count[0] = rows.second;
  const Hdf5Handle file_space = task.own(H5Dget_space(array.get()), H5Sclose, "H5Dget_space");
  task.check(H5Sselect_hyperslab(
                 file_space.get(), H5S_SELECT_SET, begin.data(), nullptr, count.data(), nullptr),
             "H5Sselect_hyperslab");
  const Hdf5Handle memory_space =
      task.own(H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr),
               H5Sclose,
               "H5Screate_simple");
  task.check(H5Dread(array.get(), type, memory_space.get(), file_space.get(), H5P_DEFAULT, out),
             "H5Dread");
}

class Importer {
 public:
  explicit Importer(const fs::path& from)
      : task_("import", from, StorageFault::kForeign), file_(open_hdf5_file(task_, from)) {
    for (std::size_t i = 0; i < splits_.size(); ++i) {
      splits_[i] = open_split(std::string(kDatasetSplits[i]));
    }
  }

  [[nodiscard]] DatasetInfo describe(DatasetInfo info) const {
    info.height = splits_[0].images_shape[1];
    info.width = splits_[0].images_shape[2];
    info.labels_per_image = splits_[0].labels_per_image();
    for (std::size_t i = 0; i < splits_.size(); ++i) {
      const SourceSplit& split = splits_[i];
      info.splits[i].count = split.images_shape[0];
      if (split.images_shape[1] != info.height || split.images_shape[2] != info.width ||
          split.labels_per_image() != info.labels_per_image) {
        task_.fail(StorageFault::kForeign,
                   "images or labels of " + std::string(kDatasetSplits[i]) +
                       " have another shape than those of train");
      }
    }
    const std::string problem = dataset_info_problem(info);
    if (!problem.empty()) {
      task_.fail(StorageFault::kForeign, problem);
    }
    return info;
  }

  void copy(const DatasetInfo& info, DatasetWriter& writer) const {
    const std::uint64_t row = std::max(info.image_bytes(), 8 * info.labels_per_image);
    const std::uint64_t piece = std::max<std::uint64_t>(1, kPieceBytes / row);
    for (std::size_t i = 0; i < splits_.size(); ++i) {
      for (std::uint64_t first = 0; first < info.splits[i].count; first += piece) {
        copy_rows(i, {first, std::min(piece, info.splits[i].count - first)}, writer);
      }
    }
  }

 private:
  [[nodiscard]] SourceSplit open_split(const std::string& name) const {
    if (!has_link(task_, file_, name)) {
      task_.fail(StorageFault::kForeign, "it has no group " + name + kWanted);
    }
    const Hdf5Handle group = open_group(task_, file_, name);
    SourceSplit split;
    split.images = open_array(task_, group, "images");
    split.labels = open_array(task_, group, "labels");
    check_images_type(split.images, name);
    check_labels_type(split.labels, name);
    split.images_shape = array_shape(task_, split.images);
    split.labels_shape = array_shape(task_, split.labels);
    const std::size_t labels_rank = split.labels_shape.size();
    if (split.images_shape.size() != 3 || labels_rank < 1 || labels_rank > 2 ||
        split.images_shape[0] != split.labels_shape[0]) {
      task_.fail(StorageFault::kForeign,
                 name + " has images of shape " + render_shape(split.images_shape) +
                     " and labels of shape " + render_shape(split.labels_shape) + kWanted);
    }
    check_array_is_stored(task_, split.images, name + "/images");
    check_array_is_stored(task_, split.labels, name + "/labels");
    return split;
  }

  void check_images_type(const Hdf5Handle& images, const std::string& name) const {
    const Hdf5Handle type = task_.own(H5Dget_type(images.get()), H5Tclose, "H5Dget_type");
    if (H5Tget_class(type.get()) == H5T_FLOAT) {
      task_.fail(StorageFault::kForeign,
                 name +
                     "/images are floating-point numbers; store them as uint8 0..255 (where they "
                     "lie in 0..1: multiply by 255 and round)");
    }
    if (!is_uint8_array(task_, images)) {
      task_.fail(StorageFault::kForeign, name + "/images are not uint8" + kWanted);
    }
  }

  void check_labels_type(const Hdf5Handle& labels, const std::string& name) const {
    const Hdf5Handle type = task_.own(H5Dget_type(labels.get()), H5Tclose, "H5Dget_type");
    if (H5Tget_class(type.get()) != H5T_INTEGER) {
      task_.fail(StorageFault::kForeign, name + "/labels are not whole numbers" + kWanted);
    }
  }

  void copy_rows(std::size_t number,
                 std::pair<std::uint64_t, std::uint64_t> rows,
                 DatasetWriter& writer) const {
    const SourceSplit& split = splits_[number];
    std::vector<std::uint8_t> images(rows.second * split.images_shape[1] * split.images_shape[2]);
    read_rows(task_, split.images, split.images_shape, rows, H5T_NATIVE_UINT8, images.data());
    std::vector<std::int64_t> numbers(rows.second * split.labels_per_image());
    read_rows(task_, split.labels, split.labels_shape, rows, H5T_NATIVE_INT64, numbers.data());
    std::vector<std::uint8_t> labels;
    for (const std::int64_t label : numbers) {
      if (label < 0 || label >= kDatasetClasses) {
        task_.fail(StorageFault::kForeign,
                   std::string(kDatasetSplits[number]) + "/labels hold " + std::to_string(label) +
                       ", which is not within 0..9");
      }
      labels.push_back(static_cast<std::uint8_t>(label));
    }
    writer.append(number, images, labels);
  }

  Hdf5Task task_;
  Hdf5Handle file_;
  std::array<SourceSplit, 3> splits_;
};

void check_room(const fs::path& to, const DatasetInfo& info) {
  std::uint64_t wanted = 0;
  for (const SplitInfo& split : info.splits) {
    wanted += split.count * (info.image_bytes() + info.labels_per_image);
  }
  const fs::path folder = to.has_parent_path() ? to.parent_path() : fs::path(".");
  const std::uint64_t free_bytes = fs::space(folder).available;
  if (wanted > free_bytes) {
    throw StorageError(StorageFault::kDiskFull,
                       to,
                       "import to " + to.string() + ": it takes " + std::to_string(wanted >> 20) +
                           " MiB and " + std::to_string(free_bytes >> 20) +
                           " MiB are free (make room, or give another folder)");
  }
}

}  // namespace

DatasetInfo import_dataset(const fs::path& from, const fs::path& to, const DatasetInfo& facts) {
  const Importer importer(from);
  const DatasetInfo info = importer.describe(facts);
  check_room(to, info);
  DatasetWriter writer(to, info);
  importer.copy(info, writer);
  return writer.commit();
}

}  // namespace glimpse::storage
