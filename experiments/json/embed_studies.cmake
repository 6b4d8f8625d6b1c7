# cmake -DOUTPUT=shipped_studies.cpp -DSTUDIES="a.json;b.json" -P embed_studies.cmake
# Writes the texts of the shipped studies into a source file, so that the program finds them
# wherever it is installed.
cmake_minimum_required(VERSION 3.25)
set(rows "")
foreach(study IN LISTS STUDIES)
  get_filename_component(name "${study}" NAME_WE)
  file(READ "${study}" text)
  # A string literal may not have more than 65,536 characters.
  string(LENGTH "${text}" length)
  if(length GREATER 65000)
    message(FATAL_ERROR "${study} is too long to be embedded")
  endif()
  string(APPEND rows "    {\"${name}\", R\"glimpse(${text})glimpse\"},\n")
endforeach()
file(WRITE "${OUTPUT}.new" "#include \"experiments/json/shipped_studies.h\"

#include <algorithm>
#include <iterator>

namespace glimpse::experiments {
namespace {

constexpr ShippedStudy kStudies[] = {
${rows}};

}  // namespace

std::span<const ShippedStudy> shipped_studies() {
  return kStudies;
}

const ShippedStudy* find_shipped_study(std::string_view name) {
  const auto* const found = std::find_if(std::begin(kStudies),
                                         std::end(kStudies),
                                         [&](const ShippedStudy& one) { return one.name == name; });
  return found == std::end(kStudies) ? nullptr : found;
}

}  // namespace glimpse::experiments
")
file(COPY_FILE "${OUTPUT}.new" "${OUTPUT}" ONLY_IF_DIFFERENT)
file(REMOVE "${OUTPUT}.new")
