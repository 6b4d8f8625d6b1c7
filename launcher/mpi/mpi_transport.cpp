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
#include "launcher/transport/launch_error.h"

namespace glimpse::launcher {
namespace {

constexpr int kTag = 1;

// MPI reads from the chunk until the request is done.
struct Sending {
  std::string chunk;
  MPI_Request request = MPI_REQUEST_NULL;
};

struct Receiving {
  int from = 0;
  std::size_t size = 0;
  MPI_Request request = MPI_REQUEST_NULL;
};

class MpiCarrier final : public ChunkCarrier {
 public:
  explicit MpiCarrier(Communicator communicator)
      : communicator_(std::move(communicator)),
        rank_(communicator_.rank()),
        sending_(static_cast<std::size_t>(communicator_.size())) {}

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
          "send to rank " + std::to_string(to));
  }

  std::optional<Chunk> try_receive() override {
    if (!receiving_ && !begin_to_receive()) {
      return std::nullopt;
    }
    int is_done = 0;
    check(MPI_Test(&receiving_->request, &is_done, MPI_STATUS_IGNORE), "receive");
    if (is_done == 0) {
      return std::nullopt;
    }
    Chunk chunk{receiving_->from, std::string(buffer_.data(), receiving_->size)};
    receiving_.reset();
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

  bool begin_to_receive() {
    int is_there = 0;
    MPI_Message message = MPI_MESSAGE_NULL;
    MPI_Status status{};
    check(MPI_Improbe(MPI_ANY_SOURCE, kTag, comm(), &is_there, &message, &status), "probe");
    if (is_there == 0) {
      return false;
    }
    int size = 0;
    check(MPI_Get_count(&status, MPI_BYTE, &size), "ask for a message's size");
    if (size < 0 || static_cast<std::size_t>(size) > buffer_.size()) {
      throw LaunchError(experiments::ExitCode::kProtocol,
                        "from rank " + std::to_string(status.MPI_SOURCE) + ": a chunk of " +
                            std::to_string(size) + " bytes: at most " +
                            std::to_string(kMaxChunkBytes) + " are sent at once");
    }
    receiving_ = Receiving{.from = status.MPI_SOURCE, .size = static_cast<std::size_t>(size)};
    check(MPI_Imrecv(buffer_.data(), size, MPI_BYTE, &message, &receiving_->request), "receive");
    return true;
  }

  Communicator communicator_;
  int rank_;
  std::vector<std::deque<Sending>> sending_;  // by receiver, so that a slow one holds up no other
  std::optional<Receiving> receiving_;        // one at a time keeps their order
  std::array<char, kMaxChunkBytes> buffer_{};
};

}  // namespace

std::unique_ptr<Transport> make_mpi_transport(Communicator communicator) {
  return std::make_unique<ChunkedTransport>(std::make_unique<MpiCarrier>(std::move(communicator)));
}

}  // namespace glimpse::launcher
