#include "launcher/run/free_port.h"

#include <cerrno>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "storage/files/file_io.h"

namespace glimpse::launcher {
namespace {

void check(int result) {
  if (result < 0) {
    throw std::system_error(errno, std::generic_category(), "find a free port");
  }
}

}  // namespace

int find_free_port() {
  const storage::FileDescriptor meeting(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  check(meeting.get());
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const any = reinterpret_cast<sockaddr*>(&address);  // NOLINT: how sockets are told
  socklen_t size = sizeof address;
  check(bind(meeting.get(), any, size));
  check(getsockname(meeting.get(), any, &size));
  return ntohs(address.sin_port);
}

}  // namespace glimpse::launcher
