#pragma once

// What an agent and its spawner say to each other: small messages, each whole or not there, over a
// socket of kind SOCK_SEQPACKET. An order may be as long as the arguments and the environment of a
// program may be, so it lies in a file in memory whose descriptor goes with the message, as do the
// ends of pipes. All throw std::system_error. Any thread, one per socket.

#include <array>
#include <cstdint>
#include <vector>

#include "launcher/children/children.h"
#include "storage/files/file_io.h"

namespace glimpse::launcher {

struct SpawnRequest {
  enum class Kind : std::uint32_t { kStart, kSignal, kKill };
  ChildId child = 0;
  Kind kind = Kind::kStart;
  std::int32_t number = 0;  // the signal of kSignal
};

struct SpawnReport {
  enum class Kind : std::uint32_t { kStarted, kEnded };
  ChildId child = 0;
  Kind kind = Kind::kStarted;
  std::int32_t number = 0;  // process id, or status as in ChildEvent
};

// The child's ends of its pipes.
struct ChildPipes {
  storage::FileDescriptor printed;
  storage::FileDescriptor commands;  // closed where the order wants none
  storage::FileDescriptor records;   // likewise
};

struct StartOrder {
  ChildOrder order;
  ChildPipes pipes;
};

// They wait where the other end is slow, as long as the socket's timeout says (EAGAIN then). An end
// that is gone is EPIPE or ECONNRESET.
void send_start(int socket, ChildId child, const ChildOrder& order, const ChildPipes& pipes);
void send_request(int socket, const SpawnRequest& request);
// Waits for nothing; false when there is no room now.
[[nodiscard]] bool try_send_report(int socket, const SpawnReport& report);

struct ReceivedRequest {
  SpawnRequest request;
  std::vector<storage::FileDescriptor> descriptors;  // that came with a kStart
};
enum class SocketNews { kMessage, kNothing, kEnd };  // kEnd: the other end is gone
// Neither waits.
[[nodiscard]] SocketNews receive_request(int socket, ReceivedRequest& into);
[[nodiscard]] SocketNews receive_report(int socket, SpawnReport& into);
// Throws std::runtime_error where descriptors and order do not fit together.
[[nodiscard]] StartOrder take_start(std::vector<storage::FileDescriptor> descriptors);

}  // namespace glimpse::launcher
