#include <chrono>
#include <cstdio>

#include <sys/wait.h>
#include <unistd.h>

#include "launcher/children/process_tree.h"
#include "tests/launcher/children/children_fixture.h"

namespace glimpse::launcher {
namespace {

using Clock = std::chrono::steady_clock;

class ManyStarts : public tests::ChildrenTest {
 protected:
  // One after the other, each from start to end; gives how many a second.
  double run_many(ProcessChildren& children, int count, bool has_warden) {
    ChildOrder nothing = order({"/bin/true"});
    nothing.commands_at = 3;
    nothing.records_at = 4;
    nothing.has_warden = has_warden;
    const auto start = Clock::now();
    for (int i = 0; i < count; ++i) {
      const ChildId child = children.start(nothing);
      EXPECT_TRUE(wait_for_end(children, child));
      EXPECT_EQ(story(child).status, 0);
    }
    return count / std::chrono::duration<double>(Clock::now() - start).count();
  }
};

double fork_and_execute(int count) {
  const auto start = Clock::now();
  for (int i = 0; i < count; ++i) {
    const pid_t process = ::fork();
    if (process == 0) {
      ::execl("/bin/true", "/bin/true", nullptr);
      ::_exit(127);
    }
    ::waitpid(process, nullptr, 0);
  }
  return count / std::chrono::duration<double>(Clock::now() - start).count();
}

TEST_F(ManyStarts, LeakNothing) {
  constexpr int kStarts = 500;
  Spawner spawner;
  ProcessChildren children(spawner);
  static_cast<void>(run_many(children, 3, true));
  const std::size_t ours = tests::count_descriptors(::getpid());
  const std::size_t its = tests::count_descriptors(spawner.process());
  const double plain = run_many(children, kStarts, false);
  const double watched = run_many(children, kStarts, true);
  EXPECT_EQ(tests::count_descriptors(::getpid()), ours);
  EXPECT_EQ(tests::count_descriptors(spawner.process()), its);
  EXPECT_TRUE(descendants_of(spawner.process(), list_processes()).empty()) << "no zombies either";
  std::printf(
      "starts a second, one after the other: %.0f, %.0f with a warden; fork and exec: %.0f\n",
      plain,
      watched,
      fork_and_execute(kStarts));
}

TEST_F(ManyStarts, HappenAtOnce) {
  Spawner spawner;
  ProcessChildren children(spawner);
  std::vector<ChildId> started;
  for (int i = 0; i < 100; ++i) {
    ChildOrder some = bash("echo $$; exit " + std::to_string(i));
    some.has_warden = i % 2 == 0;
    started.push_back(children.start(some));
  }
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(wait_for_end(children, started.at(static_cast<std::size_t>(i))));
    EXPECT_EQ(story(started.at(static_cast<std::size_t>(i))).status, i);
  }
}

}  // namespace
}  // namespace glimpse::launcher
