#include "storage/hdf5/hdf5_writing.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>

#include <hdf5.h>
#include <sys/mman.h>

namespace glimpse::storage {

Hdf5Memory::Hdf5Memory() : file_(::memfd_create("glimpse-hdf5", MFD_CLOEXEC)) {
  if (!file_.is_open()) {
    throw_system_error("make a file in memory for", "HDF5", errno);
  }
}

std::filesystem::path Hdf5Memory::path() const {
  return "/proc/self/fd/" + std::to_string(file_.get());
}

Hdf5Handle Hdf5Memory::create(const Hdf5Task& task,
                              std::uint64_t user_bytes,
                              std::uint64_t alignment) const {
  const Hdf5Handle creation = make_timeless_list(task, H5P_FILE_CREATE);
  task.check(H5Pset_userblock(creation.get(), user_bytes), "H5Pset_userblock");
  const Hdf5Handle access = make_property_list(task, H5P_FILE_ACCESS);
  // The default driver follows links to a real name, and a file in memory has none.
  task.check(H5Pset_fapl_stdio(access.get()), "H5Pset_fapl_stdio");
  task.check(H5Pset_libver_bounds(access.get(), H5F_LIBVER_LATEST, H5F_LIBVER_LATEST),
             "H5Pset_libver_bounds");
  task.check(H5Pset_alignment(access.get(), alignment, alignment), "H5Pset_alignment");
  return task.own(H5Fcreate(path().c_str(), H5F_ACC_TRUNC, creation.get(), access.get()),
                  H5Fclose,
                  "H5Fcreate");
}

MappedFile Hdf5Memory::map() const {
  return MappedFile(path());
}

Hdf5Handle make_property_list(const Hdf5Task& task, std::int64_t list_class) {
  return task.own(H5Pcreate(list_class), H5Pclose, "H5Pcreate");
}

Hdf5Handle make_timeless_list(const Hdf5Task& task, std::int64_t list_class) {
  Hdf5Handle list = make_property_list(task, list_class);
  task.check(H5Pset_obj_track_times(list.get(), false), "H5Pset_obj_track_times");
  return list;
}

void write_text(const Hdf5Task& task,
                const Hdf5Handle& object,
                const std::string& name,
                const std::string& text) {
  const Hdf5Handle type = task.own(H5Tcopy(H5T_C_S1), H5Tclose, "H5Tcopy");
  // HDF5 has no text of length zero.
  task.check(H5Tset_size(type.get(), std::max<std::size_t>(text.size(), 1)), "H5Tset_size");
  task.check(H5Tset_strpad(type.get(), H5T_STR_NULLPAD), "H5Tset_strpad");
  task.check(H5Tset_cset(type.get(), H5T_CSET_UTF8), "H5Tset_cset");
  const Hdf5Handle space = task.own(H5Screate(H5S_SCALAR), H5Sclose, "H5Screate");
  const Hdf5Handle attribute = task.own(
      H5Acreate2(object.get(), name.c_str(), type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT),
      H5Aclose,
      "H5Acreate2");
  task.check(H5Awrite(attribute.get(), type.get(), text.c_str()), "H5Awrite");
}

}  // namespace glimpse::storage
