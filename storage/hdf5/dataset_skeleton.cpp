#include "storage/hdf5/dataset_skeleton.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <hdf5.h>

#include "storage/files/xxh3.h"
#include "storage/hdf5/hdf5_handle.h"
#include "storage/hdf5/hdf5_writing.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;

// Arrays begin on a page, which keeps copies out of a mapped file aligned.
constexpr hsize_t kAlignment = 4096;

class SkeletonBuilder {
 public:
  SkeletonBuilder(const Hdf5Memory& memory, const fs::path& path)
      : task_("build dataset", path, StorageFault::kIo),
        file_(memory.create(task_, kSealBytes, kAlignment)) {}

  Extents build(const DatasetInfo& info) {
    write_facts(info);
    Extents extents;
    for (std::size_t i = 0; i < info.splits.size(); ++i) {
      const SplitInfo& split = info.splits[i];
      const Hdf5Handle group = make_group(std::string(kDatasetSplits[i]));
      extents[2 * i] =
          make_array(group, "images", {split.count, info.height, info.width}, split.images_xxh3);
      extents[2 * i + 1] =
          make_array(group, "labels", {split.count, info.labels_per_image}, split.labels_xxh3);
    }
    task_.check(file_.close(), "H5Fclose");
    return extents;
  }

 private:
  void write_facts(const DatasetInfo& info) {
    write_text(task_, file_, "format", "glimpse-dataset-1");
    write_text(task_, file_, "recipe", info.recipe);
    write_text(task_, file_, "recipe_text", info.recipe_text);
    write_text(task_, file_, "identity", info.identity);
    write_text(task_, file_, "generator_version", std::to_string(info.generator_version));
    const Hdf5Handle provenance = make_group("provenance");
    for (const auto& [name, text] : info.provenance) {
      write_text(task_, provenance, name, text);
    }
  }

  [[nodiscard]] Hdf5Handle make_group(const std::string& name) const {
    const Hdf5Handle creation = make_timeless_list(task_, H5P_GROUP_CREATE);
    return task_.own(
        H5Gcreate2(file_.get(), name.c_str(), H5P_DEFAULT, creation.get(), H5P_DEFAULT),
        H5Gclose,
        "H5Gcreate2");
  }

  Extent make_array(const Hdf5Handle& group,
                    const char* name,
                    const std::vector<hsize_t>& shape,
                    std::uint64_t hash) const {
    const Hdf5Handle creation = make_timeless_list(task_, H5P_DATASET_CREATE);
    task_.check(H5Pset_layout(creation.get(), H5D_CONTIGUOUS), "H5Pset_layout");
    // A place in the file at once, but no byte written to it.
    task_.check(H5Pset_alloc_time(creation.get(), H5D_ALLOC_TIME_EARLY), "H5Pset_alloc_time");
    task_.check(H5Pset_fill_time(creation.get(), H5D_FILL_TIME_NEVER), "H5Pset_fill_time");
    const Hdf5Handle space =
        task_.own(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr),
                  H5Sclose,
                  "H5Screate_simple");
    const Hdf5Handle array = task_.own(
        H5Dcreate2(
            group.get(), name, H5T_STD_U8LE, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT),
        H5Dclose,
        "H5Dcreate2");
    write_text(task_, array, "xxh3", render_hash(hash));
    const haddr_t offset = H5Dget_offset(array.get());
    if (offset == HADDR_UNDEF) {
      task_.fail(StorageFault::kIo, "HDF5 gave an array no place in the file");
    }
    return {offset, H5Dget_storage_size(array.get())};
  }

  Hdf5Task task_;
  Hdf5Handle file_;
};

}  // namespace

DatasetSkeleton::DatasetSkeleton(const DatasetInfo& info, const fs::path& path)
    : DatasetSkeleton([&] {
        const Hdf5Memory memory;
        const Extents extents = SkeletonBuilder(memory, path).build(info);
        return DatasetSkeleton(extents, memory.map());
      }()) {}

DatasetSkeleton::DatasetSkeleton(Extents extents, MappedFile file)
    : extents_(extents), file_(std::move(file)) {}

}  // namespace glimpse::storage
