#include "storage/hdf5/dataset_skeleton.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include <hdf5.h>
#include <sys/mman.h>

#include "storage/files/file_io.h"
#include "storage/files/xxh3.h"
#include "storage/hdf5/hdf5_handle.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;

// Arrays begin on a page, which keeps copies out of a mapped file aligned.
constexpr hsize_t kAlignment = 4096;

FileDescriptor make_memory_file() {
  FileDescriptor file(::memfd_create("glimpse-dataset", MFD_CLOEXEC));
  if (!file.is_open()) {
    throw_system_error("make a file in memory for", "a dataset", errno);
  }
  return file;
}

class SkeletonBuilder {
 public:
  SkeletonBuilder(const fs::path& memory_path, const fs::path& path)
      : task_("build dataset", path, StorageFault::kIo), file_(create(memory_path)) {}

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
  [[nodiscard]] Hdf5Handle property_list(hid_t list_class) const {
    return task_.own(H5Pcreate(list_class), H5Pclose, "H5Pcreate");
  }

  // Times of creation would make two builds of the same dataset differ.
  [[nodiscard]] Hdf5Handle timeless(hid_t list_class) const {
    Hdf5Handle list = property_list(list_class);
    task_.check(H5Pset_obj_track_times(list.get(), false), "H5Pset_obj_track_times");
    return list;
  }

  [[nodiscard]] Hdf5Handle create(const fs::path& memory_path) const {
    const Hdf5Handle creation = timeless(H5P_FILE_CREATE);
    task_.check(H5Pset_userblock(creation.get(), kSealBytes), "H5Pset_userblock");
    const Hdf5Handle access = property_list(H5P_FILE_ACCESS);
    // The default driver follows links to a real name, and a file in memory has none.
    task_.check(H5Pset_fapl_stdio(access.get()), "H5Pset_fapl_stdio");
    task_.check(H5Pset_libver_bounds(access.get(), H5F_LIBVER_LATEST, H5F_LIBVER_LATEST),
                "H5Pset_libver_bounds");
    task_.check(H5Pset_alignment(access.get(), kAlignment, kAlignment), "H5Pset_alignment");
    return task_.own(H5Fcreate(memory_path.c_str(), H5F_ACC_TRUNC, creation.get(), access.get()),
                     H5Fclose,
                     "H5Fcreate");
  }

  void write_facts(const DatasetInfo& info) {
    write_text(file_, "format", "glimpse-dataset-1");
    write_text(file_, "recipe", info.recipe);
    write_text(file_, "recipe_text", info.recipe_text);
    write_text(file_, "identity", info.identity);
    write_text(file_, "generator_version", std::to_string(info.generator_version));
    const Hdf5Handle provenance = make_group("provenance");
    for (const auto& [name, text] : info.provenance) {
      write_text(provenance, name, text);
    }
  }

  [[nodiscard]] Hdf5Handle make_group(const std::string& name) const {
    const Hdf5Handle creation = timeless(H5P_GROUP_CREATE);
    return task_.own(
        H5Gcreate2(file_.get(), name.c_str(), H5P_DEFAULT, creation.get(), H5P_DEFAULT),
        H5Gclose,
        "H5Gcreate2");
  }

  void write_text(const Hdf5Handle& object,
                  const std::string& name,
                  const std::string& text) const {
    const Hdf5Handle type = task_.own(H5Tcopy(H5T_C_S1), H5Tclose, "H5Tcopy");
    // HDF5 has no text of length zero.
    task_.check(H5Tset_size(type.get(), std::max<std::size_t>(text.size(), 1)), "H5Tset_size");
    task_.check(H5Tset_strpad(type.get(), H5T_STR_NULLPAD), "H5Tset_strpad");
    task_.check(H5Tset_cset(type.get(), H5T_CSET_UTF8), "H5Tset_cset");
    const Hdf5Handle space = task_.own(H5Screate(H5S_SCALAR), H5Sclose, "H5Screate");
    const Hdf5Handle attribute = task_.own(
        H5Acreate2(object.get(), name.c_str(), type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT),
        H5Aclose,
        "H5Acreate2");
    task_.check(H5Awrite(attribute.get(), type.get(), text.c_str()), "H5Awrite");
  }

  Extent make_array(const Hdf5Handle& group,
                    const char* name,
                    const std::vector<hsize_t>& shape,
                    std::uint64_t hash) const {
    const Hdf5Handle creation = timeless(H5P_DATASET_CREATE);
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
    write_text(array, "xxh3", render_hash(hash));
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
        const FileDescriptor memory = make_memory_file();
        const fs::path memory_path = "/proc/self/fd/" + std::to_string(memory.get());
        const Extents extents = SkeletonBuilder(memory_path, path).build(info);
        return DatasetSkeleton(extents, MappedFile(memory_path));
      }()) {}

DatasetSkeleton::DatasetSkeleton(Extents extents, MappedFile file)
    : extents_(extents), file_(std::move(file)) {}

}  // namespace glimpse::storage
