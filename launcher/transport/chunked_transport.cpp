#include "launcher/transport/chunked_transport.h"

#include <cstddef>
#include <utility>

#include "launcher/transport/launch_error.h"
#include "launcher/transport/message_codec.h"

namespace glimpse::launcher {

ChunkedTransport::ChunkedTransport(std::unique_ptr<ChunkCarrier> carrier)
    : carrier_(std::move(carrier)),
      cutters_(static_cast<std::size_t>(carrier_->size())),
      joiners_(static_cast<std::size_t>(carrier_->size()), ChunkJoiner(kMaxPackedBytes)) {}

void ChunkedTransport::send(int to, Message message) {
  for (std::string& chunk : cutters_.at(static_cast<std::size_t>(to)).cut(pack_message(message))) {
    carrier_->send(to, std::move(chunk));
  }
}

std::optional<Received> ChunkedTransport::try_receive() {
  for (;;) {
    const std::optional<Chunk> chunk = carrier_->try_receive();
    if (!chunk) {
      return std::nullopt;
    }
    if (std::optional<Message> message = add(*chunk)) {
      return Received{chunk->from, *std::move(message)};
    }
  }
}

std::optional<Message> ChunkedTransport::add(const Chunk& chunk) {
  try {
    const auto bytes = joiners_.at(static_cast<std::size_t>(chunk.from)).add(chunk.bytes);
    return bytes ? std::optional(unpack_message(*bytes)) : std::nullopt;
  } catch (const LaunchError& error) {
    throw LaunchError(error.code(),
                      "from rank " + std::to_string(chunk.from) + ": " + error.what());
  }
}

}  // namespace glimpse::launcher
