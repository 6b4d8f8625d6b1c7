#pragma once

// A group of ranks with messages of its own: always a duplicate, freed with its owner while MPI is
// up. Its errors come back as LaunchError. Making one, and what says so below, is collective: it
// waits until all ranks of the group do the same. For the thread of the MpiSession.

#include <memory>
#include <string>
#include <vector>

#include "launcher/transport/world.h"

namespace glimpse::launcher {

class Communicator {
 public:
  // What MPI knows it by; mpi_handle.h tells.
  struct Handle;

  // All ranks of the job; collective.
  static Communicator of_world();
  ~Communicator();
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;
  Communicator(Communicator&&) noexcept;
  Communicator& operator=(Communicator&&) noexcept;

  [[nodiscard]] int rank() const;
  [[nodiscard]] int size() const;
  // The same group once more; collective.
  [[nodiscard]] Communicator duplicate() const;
  // Collective.
  [[nodiscard]] NodePlace find_place() const;
  // What every rank gave, by rank; collective.
  [[nodiscard]] std::vector<std::string> all_gather(const std::string& mine) const;

  [[nodiscard]] const Handle& handle() const { return *handle_; }

 private:
  explicit Communicator(std::unique_ptr<Handle> handle);

  std::unique_ptr<Handle> handle_;
};

}  // namespace glimpse::launcher
