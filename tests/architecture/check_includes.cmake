# The include fence: who may include what. cmake -DROOT=<source tree> -P check_includes.cmake
# Prints every violation with its file and fails if there is one.
cmake_minimum_required(VERSION 3.25)

# Of our own headers: folder -> folders it may include (longest matching folder decides).
set(may_include
  "experiments: experiments"
  "storage: storage"
  "worker: experiments storage worker"
  "reports: experiments storage reports"
  "launcher: experiments storage worker reports launcher"
  "tests: experiments storage worker reports launcher tests")
# ... except these, whatever the line above says.
set(may_not_include
  "worker: storage/sqlite/"
  "launcher: worker/nn/ worker/cuda/"
  "experiments/recipes: experiments/json/"
  "experiments/json: experiments/plan/")

# Of libraries: first part of the path -> the only folders that may name it.
set(library_homes
  "nlohmann/: experiments/json storage/safetensors"
  "openssl/: experiments/hash"
  "xxhash.h: storage/files"
  "zlib.h: storage/zlib tests/storage/zlib"
  "H5: storage/hdf5 tests/storage/hdf5"
  "hdf5.h: storage/hdf5 tests/storage/hdf5"
  "sqlite3.h: storage/sqlite tests"
  "torch/: worker/nn worker/cuda tests/worker/nn tests/worker/cuda"
  "ATen/: worker/nn worker/cuda tests/worker/nn tests/worker/cuda"
  "c10/: worker/nn worker/cuda tests/worker/nn tests/worker/cuda"
  "cuda: worker/cuda"
  "nccl.h: worker/cuda"
  "mpi.h: launcher/mpi tests/support"
  "CLI/: launcher/cli"
  "spdlog/: launcher/log"
  "fmt/: launcher/log"
  "boost/: reports/stats"
  "gtest/: tests"
  "gmock/: tests"
  "rapidcheck.h: tests"
  "rapidcheck/: tests"
  "benchmark/: tests/bench")

set(standard "^[a-z_0-9]+$")
set(posix "^(sys|linux|arpa|netinet)/[a-z_0-9]+\\.h$|^(dirent|dlfcn|errno|fcntl|limits|malloc|poll|pthread|sched|signal|spawn|stdlib|termios|unistd)\\.h$")

file(GLOB_RECURSE files RELATIVE "${ROOT}" "${ROOT}/*.h" "${ROOT}/*.cpp" "${ROOT}/*.cu")
list(FILTER files INCLUDE REGEX "^(experiments|storage|worker|reports|launcher|tests)/")
function(violation text)
  set_property(GLOBAL APPEND PROPERTY violations "${file}")
  message("${file}: ${text}")
endfunction()

function(is_below file folders result)
  set(${result} FALSE PARENT_SCOPE)
  foreach(folder IN LISTS folders)
    if(file MATCHES "^${folder}/")
      set(${result} TRUE PARENT_SCOPE)
    endif()
  endforeach()
endfunction()

function(check_ours path)
  string(REGEX REPLACE "/.*" "" top "${file}")
  foreach(rule IN LISTS may_include)
    if(rule MATCHES "^${top}: (.*)$")
      string(REPLACE " " ";" allowed "${CMAKE_MATCH_1}")
      is_below("${path}" "${allowed}" ok)
      if(NOT ok)
        violation("${top}/ may not include \"${path}\"")
      endif()
    endif()
  endforeach()
  get_property(homes GLOBAL PROPERTY "homes of ${path}")
  is_below("${file}" "${homes}" at_home)
  if(homes AND NOT at_home)
    violation("\"${path}\" names a library of ${homes}")
  endif()
  foreach(rule IN LISTS may_not_include)
    string(REGEX MATCH "^([^:]+): (.*)$" unused "${rule}")
    set(folder "${CMAKE_MATCH_1}")
    string(REPLACE " " ";" refused "${CMAKE_MATCH_2}")
    foreach(prefix IN LISTS refused)
      if(file MATCHES "^${folder}/" AND path MATCHES "^${prefix}")
        violation("${folder}/ may not include \"${path}\"")
      endif()
    endforeach()
  endforeach()
endfunction()

function(check_library path)
  set(known FALSE)
  foreach(rule IN LISTS library_homes)
    string(REGEX MATCH "^([^:]+): (.*)$" unused "${rule}")
    set(prefix "${CMAKE_MATCH_1}")
    string(REPLACE " " ";" homes "${CMAKE_MATCH_2}")
    if(path MATCHES "^${prefix}")
      set(known TRUE)
      is_below("${file}" "${homes}" at_home)
      if(NOT at_home)
        violation("<${path}> belongs to ${homes} alone")
      elseif(file MATCHES "\\.h$")
        # A header that names a library stays at home, too.
        set_property(GLOBAL APPEND PROPERTY "homes of ${file}" ${homes})
      endif()
    endif()
  endforeach()
  if(NOT known AND NOT path MATCHES "${standard}" AND NOT path MATCHES "${posix}")
    violation("<${path}> is neither standard C++, POSIX, nor a library of ours")
  endif()
endfunction()

foreach(file IN LISTS files)
  file(STRINGS "${ROOT}/${file}" lines REGEX "^ *# *include *<")
  foreach(line IN LISTS lines)
    string(REGEX MATCH "<([^>]+)>" unused "${line}")
    check_library("${CMAKE_MATCH_1}")
  endforeach()
endforeach()
foreach(file IN LISTS files)
  file(STRINGS "${ROOT}/${file}" lines REGEX "^ *# *include *\"|getenv")
  foreach(line IN LISTS lines)
    if(line MATCHES "# *include *\"([^\"]+)\"")
      check_ours("${CMAKE_MATCH_1}")
    elseif(line MATCHES "getenv" AND NOT file MATCHES "^(tests/|launcher/environment\\.)")
      violation("the environment is read in launcher/environment.cpp alone")
    endif()
  endforeach()
endforeach()

list(LENGTH files count)
get_property(violations GLOBAL PROPERTY violations)
if(violations)
  list(LENGTH violations broken)
  message(FATAL_ERROR "include fence: ${broken} violations in ${count} files")
endif()
message("include fence holds in ${count} files")
