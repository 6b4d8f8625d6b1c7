#include "launcher/children/spawn_messages.h"

#include <cerrno>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "launcher/children/order_text.h"

namespace glimpse::launcher {
namespace {

using storage::FileDescriptor;

constexpr std::size_t kMostDescriptors = 4;  // order, printed, commands, records
constexpr std::size_t kControlBytes = CMSG_SPACE(kMostDescriptors * sizeof(int));

[[noreturn]] void throw_error(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

// For one message: its bytes, and room for descriptors beside them.
struct Envelope {
  Envelope(void* bytes, std::size_t size) : part{.iov_base = bytes, .iov_len = size} {
    header.msg_iov = &part;
    header.msg_iovlen = 1;
  }
  ~Envelope() = default;
  Envelope(const Envelope&) = delete;  // it points into itself
  Envelope& operator=(const Envelope&) = delete;
  Envelope(Envelope&&) = delete;
  Envelope& operator=(Envelope&&) = delete;
  void attach(std::span<const int> descriptors) {
    header.msg_control = control.data();
    header.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    cmsghdr* const attached = CMSG_FIRSTHDR(&header);
    attached->cmsg_level = SOL_SOCKET;
    attached->cmsg_type = SCM_RIGHTS;
    attached->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(attached), descriptors.data(), descriptors.size_bytes());
  }
  void make_room() {
    header.msg_control = control.data();
    header.msg_controllen = control.size();
  }

  iovec part;
  alignas(cmsghdr) std::array<char, kControlBytes> control{};
  msghdr header{};
};

// False where it would have to wait, but may or can not.
bool try_send(int socket, const Envelope& envelope, int flags) {
  while (::sendmsg(socket, &envelope.header, flags | MSG_NOSIGNAL) < 0) {
    if (errno == EAGAIN) {
      return false;
    }
    if (errno != EINTR) {
      throw_error("tell the process that starts all others");
    }
  }
  return true;
}

void send(int socket, const Envelope& envelope) {
  if (!try_send(socket, envelope, 0)) {
    throw_error("tell the process that starts all others");
  }
}

std::vector<FileDescriptor> descriptors_in(msghdr& header) {
  std::vector<FileDescriptor> descriptors;
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_RIGHTS) {
      std::array<int, kMostDescriptors> numbers{};
      const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
      std::memcpy(numbers.data(), CMSG_DATA(part), count * sizeof(int));
      for (const int number : std::span(numbers).first(count)) {
        descriptors.emplace_back(number);
      }
    }
  }
  return descriptors;
}

SocketNews receive(int socket, Envelope& envelope) {
  ssize_t got = -1;
  do {
    got = ::recvmsg(socket, &envelope.header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got < 0 && errno != EAGAIN && errno != ECONNRESET) {
    throw_error("hear from the process at the other end");
  }
  if (got < 0 && errno == EAGAIN) {
    return SocketNews::kNothing;
  }
  return got == static_cast<ssize_t>(envelope.part.iov_len) ? SocketNews::kMessage
                                                            : SocketNews::kEnd;
}

void write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      throw_error("write the order of a process");
    }
    text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
}

FileDescriptor write_order(const ChildOrder& order) {
  FileDescriptor file(::memfd_create("glimpse-order", MFD_CLOEXEC));
  if (!file.is_open()) {
    throw_error("make room for the order of a process");
  }
  write_all(file.get(), render_order(order));
  return file;
}

ChildOrder read_order(int file) {
  const off_t size = ::lseek(file, 0, SEEK_END);
  std::string text(size < 0 ? 0 : static_cast<std::size_t>(size), '\0');
  for (std::size_t begin = 0; begin < text.size();) {
    const ssize_t got =
        ::pread(file, text.data() + begin, text.size() - begin, static_cast<off_t>(begin));
    if (got == 0 || (got < 0 && errno != EINTR)) {
      throw_error("read the order of a process");
    }
    begin += got < 0 ? 0 : static_cast<std::size_t>(got);
  }
  return parse_order(text);
}

}  // namespace

void send_start(int socket, ChildId child, const ChildOrder& order, const ChildPipes& pipes) {
  const FileDescriptor text = write_order(order);
  std::vector<int> descriptors{text.get(), pipes.printed.get()};
  for (const FileDescriptor* end : {&pipes.commands, &pipes.records}) {
    if (end->is_open()) {
      descriptors.push_back(end->get());
    }
  }
  SpawnRequest request{.child = child, .kind = SpawnRequest::Kind::kStart};
  Envelope envelope(&request, sizeof request);
  envelope.attach(descriptors);
  send(socket, envelope);
}

void send_request(int socket, const SpawnRequest& request) {
  SpawnRequest copy = request;
  send(socket, Envelope(&copy, sizeof copy));
}

bool try_send_report(int socket, const SpawnReport& report) {
  SpawnReport copy = report;
  return try_send(socket, Envelope(&copy, sizeof copy), MSG_DONTWAIT);
}

SocketNews receive_request(int socket, ReceivedRequest& into) {
  Envelope envelope(&into.request, sizeof into.request);
  envelope.make_room();
  const SocketNews received = receive(socket, envelope);
  into.descriptors = descriptors_in(envelope.header);
  return received;
}

SocketNews receive_report(int socket, SpawnReport& into) {
  Envelope envelope(&into, sizeof into);
  return receive(socket, envelope);
}

StartOrder take_start(std::vector<FileDescriptor> descriptors) {
  if (descriptors.empty()) {
    throw std::runtime_error("start a process: its order got lost");
  }
  StartOrder start{.order = read_order(descriptors[0].get()), .pipes = {}};
  const auto has = [](int place) { return place >= 0 ? std::size_t{1} : std::size_t{0}; };
  if (descriptors.size() != 2 + has(start.order.commands_at) + has(start.order.records_at)) {
    throw std::runtime_error("start a process: it cannot have its pipes");
  }
  start.pipes.printed = std::move(descriptors[1]);
  if (start.order.commands_at >= 0) {
    start.pipes.commands = std::move(descriptors[2]);
  }
  if (start.order.records_at >= 0) {
    start.pipes.records = std::move(descriptors.back());
  }
  return start;
}

}  // namespace glimpse::launcher
