#pragma once

// The text of every migration. A released text never changes: databases made by it are out there.

#include <string_view>

namespace glimpse::storage {

// Tables are ours to change with the next version; the views are the public interface, told column
// by column in storage/README.md.
extern const std::string_view kSchema1Tables;
extern const std::string_view kSchema1Views;

}  // namespace glimpse::storage
