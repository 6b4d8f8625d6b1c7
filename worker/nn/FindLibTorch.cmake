# Finds LibTorch (2.7 or newer) and defines LibTorch::cpu and, where it is there, LibTorch::cuda.
#
# The package file that comes with LibTorch is not used: where a CUDA toolkit is installed it asks
# this CMake for a dialect it does not know and runs a program that needs a GPU.
#
# Looked for, in this order: GLIMPSE_TORCH_DIR; CMAKE_PREFIX_PATH; what scripts/setup installed; a
# `torch` that python3 can import.

set(LibTorch_places "")
if(GLIMPSE_TORCH_DIR)
  list(APPEND LibTorch_places "${GLIMPSE_TORCH_DIR}" "${GLIMPSE_TORCH_DIR}/torch")
else()
  foreach(prefix IN LISTS CMAKE_PREFIX_PATH)
    list(APPEND LibTorch_places "${prefix}" "${prefix}/torch")
  endforeach()
  if(DEFINED ENV{XDG_CACHE_HOME})
    file(GLOB installed "$ENV{XDG_CACHE_HOME}/glimpse/torch-*/torch")
  else()
    file(GLOB installed "$ENV{HOME}/.cache/glimpse/torch-*/torch")
  endif()
  list(APPEND LibTorch_places ${installed})
endif()

find_path(LibTorch_INCLUDE_DIR torch/csrc/api/include/torch/torch.h
  PATHS ${LibTorch_places} PATH_SUFFIXES include NO_DEFAULT_PATH)
if(NOT LibTorch_INCLUDE_DIR AND NOT GLIMPSE_TORCH_DIR)
  execute_process(
    COMMAND python3 -c "import importlib.util as u; print(u.find_spec('torch').submodule_search_locations[0])"
    OUTPUT_VARIABLE imported OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  find_path(LibTorch_INCLUDE_DIR torch/csrc/api/include/torch/torch.h
    PATHS "${imported}" PATH_SUFFIXES include NO_DEFAULT_PATH)
endif()
get_filename_component(LibTorch_ROOT "${LibTorch_INCLUDE_DIR}/.." ABSOLUTE)
foreach(name torch_cpu c10 torch_cuda c10_cuda)
  find_library(LibTorch_${name}_LIBRARY ${name} PATHS "${LibTorch_ROOT}/lib" NO_DEFAULT_PATH)
endforeach()

# Older releases keep the header beside torch.h.
find_file(LibTorch_VERSION_HEADER version.h NO_DEFAULT_PATH PATHS
  "${LibTorch_INCLUDE_DIR}/torch/headeronly"
  "${LibTorch_INCLUDE_DIR}/torch/csrc/api/include/torch")
if(LibTorch_VERSION_HEADER)
  foreach(part MAJOR MINOR PATCH)
    file(STRINGS "${LibTorch_VERSION_HEADER}" line REGEX "define TORCH_VERSION_${part} ")
    string(REGEX MATCH "[0-9]+$" LibTorch_${part} "${line}")
  endforeach()
  set(LibTorch_VERSION "${LibTorch_MAJOR}.${LibTorch_MINOR}.${LibTorch_PATCH}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
  REQUIRED_VARS LibTorch_torch_cpu_LIBRARY LibTorch_c10_LIBRARY LibTorch_INCLUDE_DIR
  VERSION_VAR LibTorch_VERSION)

# A wheel keeps the CUDA runtime that even its CPU half needs in nvidia/*/lib beside it, and finds it
# there at run time by itself; only the linker has to be told.
file(GLOB LibTorch_NEIGHBOURS "${LibTorch_ROOT}/../nvidia/*/lib")

function(_libtorch_target name)
  if(TARGET LibTorch::${name})
    return()
  endif()
  add_library(LibTorch::${name} INTERFACE IMPORTED GLOBAL)
  target_include_directories(LibTorch::${name} SYSTEM INTERFACE
    "${LibTorch_INCLUDE_DIR}" "${LibTorch_INCLUDE_DIR}/torch/csrc/api/include")
  # Operators register themselves when their library is loaded, so it must be, needed or not. One
  # flag, because CMake moves libraries that two targets name out from between two flags; and the
  # libraries again, because it sees a library's folder only in those.
  string(JOIN "," libraries ${ARGN})
  target_link_libraries(LibTorch::${name} INTERFACE
    "-Wl,--push-state,--no-as-needed,${libraries},--pop-state" ${ARGN})
  foreach(folder IN LISTS LibTorch_NEIGHBOURS)
    target_link_options(LibTorch::${name} INTERFACE "-Wl,-rpath-link,${folder}")
  endforeach()
endfunction()

if(LibTorch_FOUND)
  _libtorch_target(cpu "${LibTorch_torch_cpu_LIBRARY}" "${LibTorch_c10_LIBRARY}")
  if(LibTorch_torch_cuda_LIBRARY)
    _libtorch_target(cuda "${LibTorch_torch_cpu_LIBRARY}" "${LibTorch_c10_LIBRARY}"
      "${LibTorch_torch_cuda_LIBRARY}" "${LibTorch_c10_cuda_LIBRARY}")
    # What the CUDA half needs at run time may be missing where it is only built.
    target_link_options(LibTorch::cuda INTERFACE -Wl,--allow-shlib-undefined)
  endif()
endif()
mark_as_advanced(LibTorch_INCLUDE_DIR LibTorch_VERSION_HEADER LibTorch_torch_cpu_LIBRARY LibTorch_c10_LIBRARY
  LibTorch_torch_cuda_LIBRARY LibTorch_c10_cuda_LIBRARY)
