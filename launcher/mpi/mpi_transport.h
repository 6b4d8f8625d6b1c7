#pragma once

// Messages over MPI, in chunks that are sent and received without ever waiting. For the thread of
// the MpiSession, which outlives it. What has not left when it goes is lost: see try_flush().

#include <memory>

#include "launcher/mpi/communicator.h"
#include "launcher/transport/transport.h"

namespace glimpse::launcher {

std::unique_ptr<Transport> make_mpi_transport(Communicator communicator);

}  // namespace glimpse::launcher
