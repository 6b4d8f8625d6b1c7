#include "launcher/transport/loopback.h"

#include <stdexcept>
#include <string>
#include <utility>

namespace glimpse::launcher {

void Loopback::send(int to, Message message) {
  if (to != 0) {
    throw std::out_of_range("send to rank " + std::to_string(to) + ": there is only rank 0");
  }
  waiting_.push_back(std::move(message));
}

std::optional<Received> Loopback::try_receive() {
  if (waiting_.empty()) {
    return std::nullopt;
  }
  Received received{0, std::move(waiting_.front())};
  waiting_.pop_front();
  return received;
}

}  // namespace glimpse::launcher
