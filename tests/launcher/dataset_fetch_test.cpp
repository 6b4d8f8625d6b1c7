// Downloads from a server that means no good. What a good one gives is tried with the real program.

#include <array>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "launcher/child_program.h"
#include "launcher/commands/dataset.h"
#include "storage/storage_error.h"
#include "tests/launcher/fake_env.h"
#include "tests/support/temp_dir.h"

namespace glimpse::launcher {
namespace {

// Answers every request with the same words; then sends bytes for ever, or nothing any more.
class BadServer {
 public:
  explicit BadServer(bool floods) : floods_(floods), socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (bind(socket_, any, size) != 0 || listen(socket_, 8) != 0 ||
        getsockname(socket_, any, &size) != 0) {
      throw std::runtime_error("no loopback server");
    }
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  }
  ~BadServer() {
    thread_.request_stop();
    thread_.join();
    close(socket_);
  }
  BadServer(const BadServer&) = delete;
  BadServer& operator=(const BadServer&) = delete;
  BadServer(BadServer&&) = delete;
  BadServer& operator=(BadServer&&) = delete;

  [[nodiscard]] const std::string& url() const { return url_; }

 private:
  void serve(const std::stop_token& stop) const {
    while (!stop.stop_requested()) {
      pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
      if (poll(&waiting, 1, 20) > 0) {
        const int client = accept(socket_, nullptr, nullptr);
        answer(client, stop);
        close(client);
      }
    }
  }

  // Until the client has had enough.
  void answer(int client, const std::stop_token& stop) const {
    const std::string words = "HTTP/1.1 200 OK\r\n\r\nsome";
    const std::string flood(1 << 16, 'x');
    send(client, words.data(), words.size(), MSG_NOSIGNAL);
    while (!stop.stop_requested()) {
      if (floods_) {
        if (send(client, flood.data(), flood.size(), MSG_NOSIGNAL) < 0) {
          return;
        }
        continue;
      }
      pollfd gone{.fd = client, .events = POLLRDHUP, .revents = 0};
      if (poll(&gone, 1, 20) > 0) {
        return;
      }
    }
  }

  bool floods_;
  int socket_;
  std::string url_;
  std::jthread thread_;
};

// Those of the two that this machine has: people have either.
std::vector<std::filesystem::path> downloaders() {
  std::vector<std::filesystem::path> found;
  for (const char* const name : {"curl", "wget"}) {
    if (const auto program = find_program(name, "/usr/local/bin:/usr/bin:/bin")) {
      found.push_back(*program);
    }
  }
  return found;
}

class DatasetFetchFrom : public testing::TestWithParam<std::filesystem::path> {
 protected:
  // Takes no longer than a download may stall; says what was left.
  std::uintmax_t fetch(const BadServer& server) {
    std::filesystem::create_symlink(GetParam(), programs_ / GetParam().filename().string());
    env_.environment.path = programs_.path().string();
    env_.env.settings.data_dir.value = (dir_ / "d").string();
    DatasetFetchOptions options;
    options.mirror = server.url();
    options.stall_s = 1;
    options.retries = 0;
    EXPECT_TRUE(is_refused(options));
    const std::filesystem::path partial = dir_ / "d/train-images-idx3-ubyte.gz.part";
    return std::filesystem::exists(partial) ? std::filesystem::file_size(partial) : 0;
  }

  bool is_refused(const DatasetFetchOptions& options) {
    try {
      dataset_fetch(options, env_.env);
    } catch (const storage::StorageError& error) {
      return error.fault() == storage::StorageFault::kMissing;
    }
    return false;
  }

  tests::TempDir dir_;
  tests::TempDir programs_;
  tests::FakeEnv env_;
};

TEST_P(DatasetFetchFrom, AServerThatStallsEnds) {
  const BadServer server(false);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_LE(fetch(server), 4U);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST_P(DatasetFetchFrom, AServerThatNeverStopsFillsNoDisk) {
  const BadServer server(true);
  EXPECT_LE(fetch(server), std::uintmax_t{64} << 20);
}

INSTANTIATE_TEST_SUITE_P(Programs,
                         DatasetFetchFrom,
                         testing::ValuesIn(downloaders()),
                         [](const auto& program) { return program.param.filename().string(); });

}  // namespace
}  // namespace glimpse::launcher
