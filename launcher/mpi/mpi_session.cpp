#include "launcher/mpi/mpi_session.h"

#include <cstdlib>

#include <mpi.h>

#include "experiments/faults.h"
#include "launcher/mpi/mpi_check.h"
#include "launcher/transport/launch_error.h"

namespace glimpse::launcher {

using experiments::ExitCode;

MpiSession::MpiSession() {
  int provided = MPI_THREAD_SINGLE;
  // Other threads, as the database's, never call MPI.
  check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided), "start");
  // Where an MPI returns errors, it must do so for the communicator that all others come from.
  check(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN), "set the error handler");
  if (provided < MPI_THREAD_FUNNELED) {
    throw LaunchError(ExitCode::kUnavailable,
                      "MPI: start: this MPI allows no threads beside the one that calls it (use an "
                      "MPI built with MPI_THREAD_FUNNELED)");
  }
}

MpiSession::~MpiSession() {
  if (!is_finished_) {
    fail(static_cast<int>(ExitCode::kFailure));
  }
}

void MpiSession::finish() {
  check(MPI_Finalize(), "finish");
  is_finished_ = true;
}

void MpiSession::fail(int exit_code) noexcept {
  MPI_Abort(MPI_COMM_WORLD, exit_code);
  std::_Exit(exit_code);
}

}  // namespace glimpse::launcher
