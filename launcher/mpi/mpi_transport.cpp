#include "launcher/mpi/mpi_transport.h"

#include <array>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <mpi.h>

#include "launcher/mpi/mpi_check.h"
#include "launcher/mpi/mpi_handle.h"
#include "launcher/transport/chunked_transport.h"
#include "launcher/transport/chunks.h"

namespace glimpse::launcher {
namespace {

constexpr int kTag = 1;

// MPI reads from the chunk until the request is done.
struct Sending {
  std::string chunk;
  MPI_Request request = MPI_REQUEST_NULL;
};

class MpiCarrier final : public ChunkCarrier {
 public:
  explicit MpiCarrier(Communicator communicator)
      : communicator_(std::move(communicator)),
        rank_(communicator_.rank()),
        sending_(static_cast<std::size_t>(communicator_.size())) {
    begin_to_receive();
  }
  ~MpiCarrier() override {
    if (receiving_ != MPI_REQUEST_NULL) {
      MPI_Cancel(&receiving_);
      // Begun elsewhere. NOLINTNEXTLINE(clang-analyzer-optin.mpi.MPI-Checker)
      MPI_Wait(&receiving_, MPI_STATUS_IGNORE);
    }
  }
  MpiCarrier(const MpiCarrier&) = delete;
  MpiCarrier& operator=(const MpiCarrier&) = delete;
  MpiCarrier(MpiCarrier&&) = delete;
  MpiCarrier& operator=(MpiCarrier&&) = delete;

  [[nodiscard]] int rank() const override { return rank_; }
  [[nodiscard]] int size() const override { return static_cast<int>(sending_.size()); }

  void send(int to, std::string chunk) override {
    std::deque<Sending>& line = sending_.at(static_cast<std::size_t>(to));
    drop_what_left(line);
    Sending& sending = line.emplace_back(Sending{std::move(chunk)});
    check(MPI_Isend(sending.chunk.data(),
                    static_cast<int>(sending.chunk.size()),
                    MPI_BYTE,
                    to,
                    kTag,
                    comm(),
                    &sending.request),
          // drop_what_left() sees its end. NOLINTNEXTLINE(clang-analyzer-optin.mpi.MPI-Checker)
          "send to rank " + std::to_string(to));
  }

  std::optional<Chunk> try_receive() override {
    int is_done = 0;
    MPI_Status status{};
    check(MPI_Test(&receiving_, &is_done, &status), "receive");
    if (is_done == 0) {
      return std::nullopt;
    }
    int size = 0;
    check(MPI_Get_count(&status, MPI_BYTE, &size), "ask for a message's size");
    Chunk chunk{status.MPI_SOURCE, std::string(buffer_.data(), static_cast<std::size_t>(size))};
    begin_to_receive();
    return chunk;
  }

  bool try_flush() override {
    bool has_left = true;
    for (std::deque<Sending>& line : sending_) {
      drop_what_left(line);
      has_left = has_left && line.empty();
    }
    return has_left;
  }

 private:
  [[nodiscard]] MPI_Comm comm() const { return communicator_.handle().comm; }

  static void drop_what_left(std::deque<Sending>& line) {
    while (!line.empty()) {
      int is_done = 0;
      check(MPI_Test(&line.front().request, &is_done, MPI_STATUS_IGNORE), "send");
      if (is_done == 0) {
        return;
      }
      line.pop_front();
    }
  }

  // One receive is always posted, as testing it is what makes MPI look for messages and tell of
  // them at once; a probe would tell of them the next time. What is longer than a chunk is an
  // error.
  void begin_to_receive() {
    check(MPI_Irecv(buffer_.data(),
                    static_cast<int>(buffer_.size()),
                    MPI_BYTE,
                    MPI_ANY_SOURCE,
                    kTag,
                    comm(),
                    &receiving_),
          "receive");
  }

  Communicator communicator_;
  int rank_;
  std::vector<std::deque<Sending>> sending_;  // by receiver, so that a slow one holds up no other
  std::array<char, kMaxChunkBytes> buffer_{};
  MPI_Request receiving_ = MPI_REQUEST_NULL;  // into buffer_
};

}  // namespace

std::unique_ptr<Transport> make_mpi_transport(Communicator communicator) {
  return std::make_unique<ChunkedTransport>(std::make_unique<MpiCarrier>(std::move(communicator)));
}

}  // namespace glimpse::launcher
