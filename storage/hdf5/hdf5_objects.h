#pragma once

// Looks into HDF5 files that may hold anything: objects are reached through hard links alone, sizes
// are read before memory is taken, and data that lie elsewhere (another file, a virtual dataset) or
// behind code of their own (an unknown filter) are refused.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "storage/hdf5/hdf5_handle.h"

namespace glimpse::storage {

using Shape = std::vector<std::uint64_t>;

Hdf5Handle open_hdf5_file(const Hdf5Task& task, const std::filesystem::path& path);
bool has_link(const Hdf5Task& task, const Hdf5Handle& group, const std::string& name);
Hdf5Handle open_group(const Hdf5Task& task, const Hdf5Handle& parent, const std::string& name);
// With a known layout, no external files and no filters but gzip, shuffle and Fletcher's check sum.
Hdf5Handle open_array(const Hdf5Task& task, const Hdf5Handle& group, const std::string& name);

// Refuses an array that declares more bytes than what the file stores of it can hold: HDF5 would
// make up the rest, terabytes from a file of kilobytes.
void check_array_is_stored(const Hdf5Task& task, const Hdf5Handle& array, const std::string& name);

Shape array_shape(const Hdf5Task& task, const Hdf5Handle& array);
// "3 x 28 x 28", for errors.
std::string render_shape(const Shape& shape);
bool is_uint8_array(const Hdf5Task& task, const Hdf5Handle& array);
// One piece of bytes as they are: neither chunks, nor filters, nor inside the object's header.
bool is_contiguous_array(const Hdf5Task& task, const Hdf5Handle& array);

std::string read_text(const Hdf5Task& task, const Hdf5Handle& object, const std::string& name);
std::vector<std::string> attribute_names(const Hdf5Task& task, const Hdf5Handle& object);

}  // namespace glimpse::storage
