#include "launcher/mpi/communicator.h"

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>

#include <mpi.h>

#include "launcher/mpi/mpi_check.h"
#include "launcher/mpi/mpi_handle.h"
#include "launcher/transport/launch_error.h"

namespace glimpse::launcher {
namespace {

constexpr int kMaxGatheredBytes = 1 << 20;  // of a rank

std::unique_ptr<Communicator::Handle> duplicate_of(MPI_Comm comm) {
  MPI_Comm made = MPI_COMM_NULL;
  check(MPI_Comm_dup(comm, &made), "duplicate a communicator");
  auto handle = std::make_unique<Communicator::Handle>(made);
  check(MPI_Comm_set_errhandler(made, MPI_ERRORS_RETURN), "set the error handler");
  return handle;
}

int rank_in(MPI_Comm comm) {
  int rank = 0;
  check(MPI_Comm_rank(comm, &rank), "ask for the rank");
  return rank;
}

int size_of(MPI_Comm comm) {
  int size = 0;
  check(MPI_Comm_size(comm, &size), "ask for the number of ranks");
  return size;
}

std::vector<int> gather_sizes(MPI_Comm comm, const std::string& mine) {
  if (mine.size() > std::size_t{kMaxGatheredBytes}) {
    throw LaunchError(experiments::ExitCode::kProtocol, "MPI: gather: too much from one rank");
  }
  const int own = static_cast<int>(mine.size());
  std::vector<int> sizes(static_cast<std::size_t>(size_of(comm)));
  check(MPI_Allgather(&own, 1, MPI_INT, sizes.data(), 1, MPI_INT, comm), "gather sizes");
  const auto all = std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0});
  if (all > INT32_MAX) {
    throw LaunchError(experiments::ExitCode::kProtocol, "MPI: gather: too much from all ranks");
  }
  return sizes;
}

}  // namespace

Communicator::Handle::~Handle() {
  int is_over = 0;
  MPI_Finalized(&is_over);
  if (is_over == 0) {
    MPI_Comm_free(&comm);
  }
}

Communicator::Communicator(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
Communicator::~Communicator() = default;
Communicator::Communicator(Communicator&&) noexcept = default;
Communicator& Communicator::operator=(Communicator&&) noexcept = default;

Communicator Communicator::of_world() {
  return Communicator(duplicate_of(MPI_COMM_WORLD));
}

Communicator Communicator::duplicate() const {
  return Communicator(duplicate_of(handle_->comm));
}

int Communicator::rank() const {
  return rank_in(handle_->comm);
}

int Communicator::size() const {
  return size_of(handle_->comm);
}

NodePlace Communicator::find_place() const {
  MPI_Comm made = MPI_COMM_NULL;
  check(MPI_Comm_split_type(handle_->comm, MPI_COMM_TYPE_SHARED, rank(), MPI_INFO_NULL, &made),
        "find the ranks of this node");
  const Handle node(made);
  NodePlace place;
  place.local_rank = rank_in(node.comm);
  place.local_size = size_of(node.comm);
  place.node = rank();
  check(MPI_Bcast(&place.node, 1, MPI_INT, 0, node.comm), "tell the ranks of this node its number");
  return place;
}

std::vector<std::string> Communicator::all_gather(const std::string& mine) const {
  const std::vector<int> sizes = gather_sizes(handle_->comm, mine);
  std::vector<int> starts(sizes.size());
  std::exclusive_scan(sizes.begin(), sizes.end(), starts.begin(), 0);
  std::string all(static_cast<std::size_t>(starts.back() + sizes.back()), '\0');
  check(MPI_Allgatherv(mine.data(),
                       static_cast<int>(mine.size()),
                       MPI_BYTE,
                       all.data(),
                       sizes.data(),
                       starts.data(),
                       MPI_BYTE,
                       handle_->comm),
        "gather");
  std::vector<std::string> gathered;
  for (std::size_t rank = 0; rank < sizes.size(); ++rank) {
    gathered.push_back(
        all.substr(static_cast<std::size_t>(starts[rank]), static_cast<std::size_t>(sizes[rank])));
  }
  return gathered;
}

}  // namespace glimpse::launcher
