#include "launcher/mpi/mpi_check.h"

#include <array>
#include <string_view>

#include <mpi.h>

#include "launcher/transport/launch_error.h"

namespace glimpse::launcher {

void check(int code, const std::string& what) {
  if (code == MPI_SUCCESS) {
    return;
  }
  std::array<char, MPI_MAX_ERROR_STRING> text{};
  int length = 0;
  MPI_Error_string(code, text.data(), &length);
  throw LaunchError(
      experiments::ExitCode::kUnavailable,
      "MPI: " + what + ": " + std::string(text.data(), static_cast<std::size_t>(length)));
}

}  // namespace glimpse::launcher
