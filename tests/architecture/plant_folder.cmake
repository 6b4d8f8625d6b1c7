# Negative control: the check of the code map must see a folder that the map does not name, and a
# name without a folder. cmake -DCHECK=... -DWORK=... -P this
cmake_minimum_required(VERSION 3.25)

function(check_map expected folders)
  file(REMOVE_RECURSE "${WORK}")
  set(map "| `scripts/` | x |\n| `tests/` | x |\n| `storage/` | x |\n| `storage/files/` | x |\n")
  file(WRITE "${WORK}/README.md" "${map}")
  foreach(folder IN LISTS folders)
    file(WRITE "${WORK}/${folder}/a.cpp" "\n")
  endforeach()
  execute_process(COMMAND ${CMAKE_COMMAND} -DROOT=${WORK} -P ${CHECK}
    RESULT_VARIABLE code OUTPUT_QUIET ERROR_QUIET)
  set(result refused)
  if(code EQUAL 0)
    set(result accepted)
  endif()
  if(NOT result STREQUAL expected)
    message(FATAL_ERROR "a map of storage and storage/files over '${folders}' was not ${expected}")
  endif()
endfunction()

check_map(accepted "storage;storage/files")
check_map(refused "storage;storage/files;storage/zlib")
check_map(refused "storage")
