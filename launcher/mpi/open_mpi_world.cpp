#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "experiments/faults.h"
#include "launcher/mpi/communicator.h"
#include "launcher/mpi/mpi_session.h"
#include "launcher/mpi/mpi_transport.h"
#include "launcher/transport/launch_error.h"
#include "launcher/transport/open_world.h"

namespace glimpse::launcher {
namespace {

constexpr std::chrono::seconds kLastWords{10};

class MpiWorld final : public World {
 public:
  MpiWorld()
      : session_(std::make_unique<MpiSession>()),
        ranks_(std::make_unique<Communicator>(Communicator::of_world())),
        place_(ranks_->find_place()),
        transport_(make_mpi_transport(ranks_->duplicate())) {}
  // Without finish() this ends the process, before anything is freed that others still use.
  ~MpiWorld() override { session_.reset(); }
  MpiWorld(const MpiWorld&) = delete;
  MpiWorld& operator=(const MpiWorld&) = delete;
  MpiWorld(MpiWorld&&) = delete;
  MpiWorld& operator=(MpiWorld&&) = delete;

  Transport& transport() override { return *transport_; }
  [[nodiscard]] NodePlace place() const override { return place_; }
  std::vector<std::string> all_gather(const std::string& mine) override {
    return ranks_->all_gather(mine);
  }

  void finish() override {
    flush();
    transport_.reset();
    ranks_.reset();
    session_->finish();
  }

  void fail(int exit_code) noexcept override { MpiSession::fail(exit_code); }

 private:
  void flush() {
    const auto deadline = std::chrono::steady_clock::now() + kLastWords;
    while (!transport_->try_flush()) {
      if (std::chrono::steady_clock::now() > deadline) {
        throw LaunchError(experiments::ExitCode::kPeerLost,
                          "MPI: finish: another rank does not take what was sent to it");
      }
      // Receiving moves what is sent, too; nobody wants the messages any more.
      transport_->try_receive();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

  std::unique_ptr<MpiSession> session_;
  std::unique_ptr<Communicator> ranks_;
  NodePlace place_;
  std::unique_ptr<Transport> transport_;
};

}  // namespace

bool speaks_mpi() {
  return true;
}

std::unique_ptr<World> open_world() {
  return std::make_unique<MpiWorld>();
}

}  // namespace glimpse::launcher
