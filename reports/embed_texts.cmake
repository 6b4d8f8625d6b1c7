# cmake -DOUTPUT=texts.cpp -DHEADER=reports/html/page_texts.h -DTEXTS="name=file.css;..." -P ...
# Writes a source file with a function per text, so that the program needs no files beside it.
cmake_minimum_required(VERSION 3.25)
set(functions "")
foreach(row IN LISTS TEXTS)
  string(REGEX MATCH "^([a-z_]+)=(.*)$" unused "${row}")
  set(name "${CMAKE_MATCH_1}")
  file(READ "${CMAKE_MATCH_2}" text)
  # A string literal may not have more than 65,536 characters.
  string(LENGTH "${text}" length)
  if(length GREATER 65000)
    message(FATAL_ERROR "${CMAKE_MATCH_2} is too long to be embedded")
  endif()
  string(APPEND functions
    "std::string_view ${name}() {\n  return R\"glimpse(${text})glimpse\";\n}\n\n")
endforeach()
file(WRITE "${OUTPUT}.new" "#include \"${HEADER}\"

namespace glimpse::reports {

${functions}}  // namespace glimpse::reports
")
file(COPY_FILE "${OUTPUT}.new" "${OUTPUT}" ONLY_IF_DIFFERENT)
file(REMOVE "${OUTPUT}.new")
