#include "worker/descriptors.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/worker/forked.h"

namespace glimpse::worker {
namespace {

using tests::Forked;
using tests::Pipe;

// What is open, but for the descriptor of the listing itself.
std::set<int> open_descriptors() {
  std::set<int> descriptors;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    descriptors.insert(std::stoi(entry.path().filename()));
  }
  std::erase_if(descriptors, [](int descriptor) { return ::fcntl(descriptor, F_GETFD) < 0; });
  return descriptors;
}

void check(bool holds, const char* what) {
  if (!holds) {
    throw std::runtime_error(what);
  }
}

// What a kernel without close_range(2) answers.
void forbid_close_range() {
  std::array<sock_filter, 4> program{{{BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
                                      {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_close_range},
                                      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | ENOSYS},
                                      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}}};
  const sock_fprog filter{.len = program.size(), .filter = program.data()};
  check(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no new privileges");
  check(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0, "set a filter");
  check(::close_range(1000, 2000, 0) < 0 && errno == ENOSYS, "the filter holds");
}

// Opens much, keeps little, and checks that just that is left.
void keep_three_of_many(const Pipe& pipe) {
  std::vector<int> opened;
  for (int i = 0; i < 50; ++i) {
    opened.push_back(::open("/dev/null", O_RDONLY));
  }
  check(::dup2(opened[0], 777) == 777, "open a high one");
  const std::vector<int> kept{pipe.writing_end(), opened[20], 2, opened[20], -5, 900};
  close_all_but(kept);
  check(open_descriptors() == std::set<int>{2, pipe.writing_end(), opened[20]}, "as told");
  pipe.put("kept");
}

TEST(Descriptors, OnlyThoseThatAreKeptStayOpen) {
  Pipe pipe;
  Forked child([&] { keep_three_of_many(pipe); });
  pipe.close_writing_end();
  EXPECT_EQ(pipe.read_to_end(), "kept");
  EXPECT_EQ(child.wait(), 0);
}

TEST(Descriptors, CloseOnKernelsWithoutTheCallToo) {
  Pipe pipe;
  Forked child([&] {
    forbid_close_range();
    keep_three_of_many(pipe);
  });
  pipe.close_writing_end();
  EXPECT_EQ(pipe.read_to_end(), "kept");
  EXPECT_EQ(child.wait(), 0);
}

TEST(Descriptors, AllCloseWhereNoneIsKept) {
  Forked child([] {
    close_all_but({});
    check(::fcntl(0, F_GETFD) < 0 && ::fcntl(1, F_GETFD) < 0 && ::fcntl(2, F_GETFD) < 0, "closed");
  });
  EXPECT_EQ(child.wait(), 0);
}

// The pipe's end tells: its writing end is open as long as the grandchild lives.
TEST(DieWithParent, EndsAProcessWithinTwoSecondsOfItsParentsKill) {
  Pipe pipe;
  Forked parent([&] {
    const pid_t self = ::getpid();
    Forked child([&] {
      die_with_parent(self);
      pipe.put("ready");
      ::pause();
    });
    pipe.close_writing_end();
    ::pause();
  });
  pipe.close_writing_end();
  std::array<char, 5> ready{};
  ASSERT_EQ(::read(pipe.reading_end(), ready.data(), ready.size()), 5);
  const auto start = std::chrono::steady_clock::now();
  parent.kill();
  EXPECT_EQ(pipe.read_to_end(), "");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

TEST(DieWithParent, EndsAProcessWhoseParentWasGoneBefore) {
  Forked child([] { die_with_parent(::getpid()); });  // no process is its own parent
  EXPECT_EQ(child.wait(), 128 + SIGKILL);
}

}  // namespace
}  // namespace glimpse::worker
