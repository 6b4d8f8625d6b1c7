#pragma once

// What a Communicator owns. Private to this folder, because it names MPI.

#include <mpi.h>

#include "launcher/mpi/communicator.h"

namespace glimpse::launcher {

struct Communicator::Handle {
  explicit Handle(MPI_Comm owned) : comm(owned) {}
  ~Handle();
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  Handle(Handle&&) = delete;
  Handle& operator=(Handle&&) = delete;

  MPI_Comm comm;
};

}  // namespace glimpse::launcher
