#include "storage/hdf5/hdf5_objects.h"

#include <algorithm>
#include <array>
#include <system_error>

#include <hdf5.h>

namespace glimpse::storage {
namespace {

constexpr std::size_t kMaxText = 1U << 16;  // what HDF5 allows an ordinary attribute
constexpr std::size_t kMaxAttributes = 1024;
constexpr std::size_t kMaxAttributeName = 256;
constexpr int kMaxRank = 8;
constexpr std::uint64_t kMaxChunkBytes = 256ULL << 20;
constexpr std::uint64_t kMaxDeflate = 1032;  // bytes that one byte of gzip holds at most

void check_link(const Hdf5Task& task, const Hdf5Handle& parent, const std::string& name) {
  if (!has_link(task, parent, name)) {
    task.fail(StorageFault::kForeign, "it has no " + name);
  }
  H5L_info_t info{};
  task.check(H5Lget_info(parent.get(), name.c_str(), &info, H5P_DEFAULT), "H5Lget_info");
  if (info.type != H5L_TYPE_HARD) {
    task.fail(StorageFault::kRefused, name + " is a link to elsewhere, which is not followed");
  }
}

Hdf5Handle creation_list(const Hdf5Task& task, const Hdf5Handle& array) {
  return task.own(H5Dget_create_plist(array.get()), H5Pclose, "H5Dget_create_plist");
}

void check_filters(const Hdf5Task& task, const Hdf5Handle& creation, const std::string& name) {
  const auto count = task.check(H5Pget_nfilters(creation.get()), "H5Pget_nfilters");
  for (unsigned i = 0; i < static_cast<unsigned>(count); ++i) {
    unsigned flags = 0;
    std::size_t values = 0;
    const auto filter =
        task.check(H5Pget_filter2(creation.get(), i, &flags, &values, nullptr, 0, nullptr, nullptr),
                   "H5Pget_filter2");
    constexpr std::array<H5Z_filter_t, 3> kKnown = {
        H5Z_FILTER_DEFLATE, H5Z_FILTER_SHUFFLE, H5Z_FILTER_FLETCHER32};
    if (std::find(kKnown.begin(), kKnown.end(), filter) == kKnown.end()) {
      task.fail(StorageFault::kRefused,
                name + " passes through filter " + std::to_string(filter) +
                    " (only gzip, shuffle and fletcher32 are read)");
    }
  }
}

void check_chunks(const Hdf5Task& task, const Hdf5Handle& creation, const std::string& name) {
  std::array<hsize_t, kMaxRank> sides{};
  const auto rank =
      task.check(H5Pget_chunk(creation.get(), kMaxRank, sides.data()), "H5Pget_chunk");
  std::uint64_t elements = 1;
  for (std::size_t i = 0; i < static_cast<std::size_t>(std::min<std::int64_t>(rank, kMaxRank));
       ++i) {
    if (sides[i] == 0 || elements > kMaxChunkBytes / sides[i]) {
      task.fail(StorageFault::kRefused, name + " has chunks of absurd size");
    }
    elements *= sides[i];
  }
}

void check_storage(const Hdf5Task& task, const Hdf5Handle& array, const std::string& name) {
  const Hdf5Handle creation = creation_list(task, array);
  if (task.check(H5Pget_external_count(creation.get()), "H5Pget_external_count") > 0) {
    task.fail(StorageFault::kRefused, name + " keeps its data in other files");
  }
  switch (task.check(H5Pget_layout(creation.get()), "H5Pget_layout")) {
    case H5D_COMPACT:
    case H5D_CONTIGUOUS:
      break;
    case H5D_CHUNKED:
      check_chunks(task, creation, name);
      break;
    default:
      task.fail(StorageFault::kRefused, name + " is a virtual dataset");
  }
  check_filters(task, creation, name);
}

// Called by HDF5, which knows no exceptions.
herr_t take_name(hid_t, const char* name, const H5A_info_t*, void* names) noexcept {
  auto& list = *static_cast<std::vector<std::string>*>(names);
  try {
    list.emplace_back(name, std::find(name, name + kMaxAttributeName, '\0'));
  } catch (...) {
    return -1;
  }
  return list.size() > kMaxAttributes ? -1 : 0;
}

}  // namespace

Hdf5Handle open_hdf5_file(const Hdf5Task& task, const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    task.fail(StorageFault::kMissing, "no such file");
  }
  if (H5Fis_hdf5(path.c_str()) <= 0) {
    task.fail(StorageFault::kForeign, "not an HDF5 file, or not readable");
  }
  return task.own(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "H5Fopen");
}

bool has_link(const Hdf5Task& task, const Hdf5Handle& group, const std::string& name) {
  return task.check(H5Lexists(group.get(), name.c_str(), H5P_DEFAULT), "H5Lexists") > 0;
}

Hdf5Handle open_group(const Hdf5Task& task, const Hdf5Handle& parent, const std::string& name) {
  check_link(task, parent, name);
  Hdf5Handle object =
      task.own(H5Oopen(parent.get(), name.c_str(), H5P_DEFAULT), H5Oclose, "H5Oopen");
  if (H5Iget_type(object.get()) != H5I_GROUP) {
    task.fail(StorageFault::kForeign, name + " is no group");
  }
  return object;
}

Hdf5Handle open_array(const Hdf5Task& task, const Hdf5Handle& group, const std::string& name) {
  check_link(task, group, name);
  Hdf5Handle object =
      task.own(H5Oopen(group.get(), name.c_str(), H5P_DEFAULT), H5Oclose, "H5Oopen");
  if (H5Iget_type(object.get()) != H5I_DATASET) {
    task.fail(StorageFault::kForeign, name + " is no array");
  }
  check_storage(task, object, name);
  return object;
}

Shape array_shape(const Hdf5Task& task, const Hdf5Handle& array) {
  const Hdf5Handle space = task.own(H5Dget_space(array.get()), H5Sclose, "H5Dget_space");
  const auto rank =
      task.check(H5Sget_simple_extent_ndims(space.get()), "H5Sget_simple_extent_ndims");
  if (rank > kMaxRank) {
    task.fail(StorageFault::kForeign, "an array has " + std::to_string(rank) + " dimensions");
  }
  std::array<hsize_t, kMaxRank> sides{};
  task.check(H5Sget_simple_extent_dims(space.get(), sides.data(), nullptr),
             "H5Sget_simple_extent_dims");
  return {sides.begin(), sides.begin() + rank};
}

void check_array_is_stored(const Hdf5Task& task, const Hdf5Handle& array, const std::string& name) {
  const Hdf5Handle file = task.own(H5Iget_file_id(array.get()), H5Fclose, "H5Iget_file_id");
  hsize_t file_bytes = 0;
  task.check(H5Fget_filesize(file.get(), &file_bytes), "H5Fget_filesize");
  const std::uint64_t stored =
      std::min<std::uint64_t>(H5Dget_storage_size(array.get()), file_bytes);
  const Shape shape = array_shape(task, array);
  if (std::ranges::find(shape, 0U) != shape.end()) {
    return;  // of nothing, nothing is stored
  }
  // Divided, since a product of what a file declares may overflow.
  std::uint64_t left = stored * kMaxDeflate;
  for (const std::uint64_t side : shape) {
    left /= side;
  }
  if (left == 0) {
    task.fail(StorageFault::kDamaged,
              name + " claims to be " + render_shape(shape) +
                  " numbers, of which the file stores " + std::to_string(stored) + " bytes");
  }
}

std::string render_shape(const Shape& shape) {
  std::string text;
  for (const std::uint64_t side : shape) {
    text += (text.empty() ? "" : " x ") + std::to_string(side);
  }
  return text.empty() ? "a single value" : text;
}

bool is_uint8_array(const Hdf5Task& task, const Hdf5Handle& array) {
  const Hdf5Handle type = task.own(H5Dget_type(array.get()), H5Tclose, "H5Dget_type");
  // Byte order has no meaning for one byte, but HDF5 tells the two apart.
  return task.check(H5Tequal(type.get(), H5T_STD_U8LE), "H5Tequal") > 0 ||
         task.check(H5Tequal(type.get(), H5T_STD_U8BE), "H5Tequal") > 0;
}

bool is_contiguous_array(const Hdf5Task& task, const Hdf5Handle& array) {
  const Hdf5Handle creation = creation_list(task, array);
  return task.check(H5Pget_layout(creation.get()), "H5Pget_layout") == H5D_CONTIGUOUS;
}

std::string read_text(const Hdf5Task& task, const Hdf5Handle& object, const std::string& name) {
  if (task.check(H5Aexists(object.get(), name.c_str()), "H5Aexists") == 0) {
    task.fail(StorageFault::kForeign, "it has no attribute " + name);
  }
  const Hdf5Handle attribute =
      task.own(H5Aopen(object.get(), name.c_str(), H5P_DEFAULT), H5Aclose, "H5Aopen");
  const Hdf5Handle type = task.own(H5Aget_type(attribute.get()), H5Tclose, "H5Aget_type");
  const Hdf5Handle space = task.own(H5Aget_space(attribute.get()), H5Sclose, "H5Aget_space");
  const bool is_plain =
      H5Tget_class(type.get()) == H5T_STRING && H5Tis_variable_str(type.get()) == 0 &&
      H5Sget_simple_extent_type(space.get()) == H5S_SCALAR && H5Tget_size(type.get()) <= kMaxText;
  if (!is_plain) {
    task.fail(StorageFault::kForeign, "attribute " + name + " is no text of fixed length");
  }
  std::string text(H5Tget_size(type.get()), '\0');
  task.check(H5Aread(attribute.get(), type.get(), text.data()), "H5Aread");
  text.resize(text.find_last_not_of('\0') + 1);
  return text;
}

std::vector<std::string> attribute_names(const Hdf5Task& task, const Hdf5Handle& object) {
  std::vector<std::string> names;
  hsize_t position = 0;
  task.check(H5Aiterate2(object.get(), H5_INDEX_NAME, H5_ITER_INC, &position, take_name, &names),
             "H5Aiterate2");
  return names;
}

}  // namespace glimpse::storage
