# The README's code map names every folder of the sources, and none that is not there.
# cmake -DROOT=<source tree> -P check_code_map.cmake
cmake_minimum_required(VERSION 3.25)

file(STRINGS "${ROOT}/README.md" lines REGEX "^\\| `[a-z0-9_/]+/` \\|")
set(mapped "")
foreach(line IN LISTS lines)
  string(REGEX MATCH "`([a-z0-9_/]+)/`" unused "${line}")
  list(APPEND mapped "${CMAKE_MATCH_1}")
endforeach()

set(present scripts tests)
file(GLOB_RECURSE files RELATIVE "${ROOT}" "${ROOT}/experiments/*" "${ROOT}/storage/*"
  "${ROOT}/worker/*" "${ROOT}/reports/*" "${ROOT}/launcher/*" "${ROOT}/docs/*")
foreach(file IN LISTS files)
  get_filename_component(folder "${file}" DIRECTORY)
  list(APPEND present "${folder}")
endforeach()
list(REMOVE_DUPLICATES present)

foreach(folder IN LISTS present)
  if(NOT folder IN_LIST mapped)
    message(SEND_ERROR "README.md's code map does not name ${folder}/")
  endif()
endforeach()
foreach(folder IN LISTS mapped)
  if(NOT folder IN_LIST present)
    message(SEND_ERROR "README.md's code map names ${folder}/, which is not there")
  endif()
endforeach()
