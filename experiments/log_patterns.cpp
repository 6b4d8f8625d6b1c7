#include "experiments/log_patterns.h"

#include <array>
#include <ranges>
#include <regex>
#include <vector>

namespace glimpse::experiments {
namespace {

struct Compiled {
  std::regex pattern;
  FaultClass fault;
};

std::regex compile(std::string_view pattern) {
  return std::regex(pattern.begin(), pattern.end(), std::regex::ECMAScript | std::regex::icase);
}

std::vector<Compiled> compile_all(std::span<const LogPattern> own) {
  std::vector<Compiled> all;
  for (const LogPattern& row : own) {
    if (const FaultRow* const fault = find_fault(row.fault)) {
      all.push_back({std::regex(row.pattern), fault->fault});
    }
  }
  for (const LogPatternRow& row : log_pattern_rows()) {
    all.push_back({compile(row.pattern), row.fault});
  }
  return all;
}

}  // namespace

std::span<const LogPatternRow> log_pattern_rows() {
  // Those that name a device come before those that any allocation may print.
  static constexpr std::array kRows = {
      LogPatternRow{"CUDA out of memory|CUDA_ERROR_OUT_OF_MEMORY|OutOfMemoryError: CUDA",
                    FaultClass::kOom},
      LogPatternRow{"ncclSystemError|ncclInternalError|ncclRemoteError|NCCL error|NCCL timeout",
                    FaultClass::kNccl},
      LogPatternRow{"CUDA error|CUDA driver error|cudaError[A-Z]|no CUDA-capable device",
                    FaultClass::kCuda},
      LogPatternRow{
          "MemoryError|std::bad_alloc|cannot allocate (memory|[0-9]+ bytes)|memory exhausted|"
          "DefaultCPUAllocator: |out of memory",
          FaultClass::kHostOom},
      LogPatternRow{"No space left on device|Disk quota exceeded", FaultClass::kDiskFull}};
  return kRows;
}

std::optional<FaultClass> classify_log(std::span<const std::string> lines,
                                       std::span<const LogPattern> own) {
  const std::vector<Compiled> patterns = compile_all(own);
  for (const std::string& line : lines | std::views::reverse) {
    for (const Compiled& row : patterns) {
      if (std::regex_search(line, row.pattern)) {
        return row.fault;
      }
    }
  }
  return std::nullopt;
}

}  // namespace glimpse::experiments
