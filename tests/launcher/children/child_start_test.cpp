#include <algorithm>
#include <csignal>
#include <filesystem>
#include <sstream>

#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/launcher/children/children_fixture.h"
#include "tests/support/temp_dir.h"

namespace glimpse::launcher {
namespace {

using tests::ChildStory;

class ChildStart : public tests::ChildrenTest {};

int last_core_of_ours() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  sched_getaffinity(0, sizeof cores, &cores);
  int last = 0;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    last = CPU_ISSET(static_cast<unsigned>(core), &cores) ? core : last;
  }
  return last;
}

TEST_F(ChildStart, OfNoSuchProgramEndsWith127AndAWord) {
  for (const bool has_warden : {false, true}) {
    ChildOrder missing = order({"no-such-program-of-glimpse"});
    missing.has_warden = has_warden;
    const ChildStory story = run(missing);
    EXPECT_EQ(story.status, 127);
    EXPECT_EQ(story.printed,
              "glimpse: start no-such-program-of-glimpse: No such file or directory\n");
  }
}

TEST_F(ChildStart, ThatIsImpossibleEndsWith126AndAWord) {
  ChildOrder no_folder = order({"true"});
  no_folder.folder = "/no/such/folder";
  ChildOrder no_limit = order({"true"});
  no_limit.rlimits = {{"patience", 3}};
  for (const ChildOrder& impossible : {order({"/etc/passwd"}), order({}), no_folder, no_limit}) {
    const ChildStory story = run(impossible);
    EXPECT_EQ(story.status, 126);
    EXPECT_EQ(story.printed.find("glimpse: "), 0U) << story.printed;
    EXPECT_EQ(std::ranges::count(story.printed, '\n'), 1) << story.printed;
  }
}

TEST_F(ChildStart, GivesTheEnvironmentOfTheOrderAndNoMore) {
  ChildOrder printing = order({"env"});
  printing.environment.emplace_back("WITH=a=b c\td");
  std::string expected;
  for (const std::string& variable : printing.environment) {
    expected += variable + '\n';
  }
  EXPECT_EQ(run(printing).printed, expected);
}

TEST_F(ChildStart, LooksForTheProgramInThePathOfTheOrder) {
  const tests::TempDir folder;
  tests::save_bytes(folder / "glimpse-says", "#!/bin/sh\necho it does\n");
  std::filesystem::permissions(folder / "glimpse-says", std::filesystem::perms::owner_all);
  ChildOrder found = order({"glimpse-says"});
  found.environment[0] = "PATH=" + folder.path().string();
  EXPECT_EQ(run(found).printed, "it does\n");
  EXPECT_EQ(run(order({"glimpse-says"})).status, 127);
}

// Among them are some that programs inherit, opened before the spawner and after it.
TEST_F(ChildStart, InheritsNoDescriptorButItsOwn) {
  std::vector<storage::FileDescriptor> open;
  const auto open_some = [&] {
    for (int i = 0; i < 20; ++i) {
      open.emplace_back(::open("/dev/null", O_RDWR));
    }
  };
  open_some();
  Spawner spawner;
  open_some();
  ProcessChildren children(spawner);
  const auto listed = [&](int commands_at, int records_at, bool has_warden) {
    ChildOrder listing = order({"ls", "/proc/self/fd"});
    listing.commands_at = commands_at;
    listing.records_at = records_at;
    listing.has_warden = has_warden;
    const ChildId child = children.start(listing);
    EXPECT_TRUE(wait_for_end(children, child));
    return story(child).printed;
  };
  // One more is that of the folder that ls lists.
  EXPECT_EQ(listed(-1, -1, false), "0\n1\n2\n3\n");
  EXPECT_EQ(listed(3, 4, false), "0\n1\n2\n3\n4\n5\n");
  EXPECT_EQ(listed(4, 3, true), "0\n1\n2\n3\n4\n5\n");
  EXPECT_EQ(listed(-1, 9, true), "0\n1\n2\n3\n9\n");
}

TEST_F(ChildStart, KeepsTheLimitsOfTheOrder) {
  ChildOrder limited = bash("ulimit -n; ulimit -Hn; ulimit -v; ulimit -c");
  limited.rlimits = {{"as", std::uint64_t{8} << 30}, {"nofile", 77}};
  EXPECT_EQ(run(limited).printed, "77\n77\n8388608\n0\n");
}

TEST_F(ChildStart, LeavesNoCoresUnlessTheyAreWanted) {
  rlimit ours{};
  getrlimit(RLIMIT_CORE, &ours);
  ours.rlim_cur = std::min<rlim_t>(ours.rlim_max, 1U << 20);
  setrlimit(RLIMIT_CORE, &ours);
  EXPECT_EQ(run(bash("ulimit -c")).printed, "0\n");
  ChildOrder wanted = bash("ulimit -c");
  wanted.rlimits = {{"core", ours.rlim_cur}};
  EXPECT_EQ(run(wanted).printed, std::to_string(ours.rlim_cur / 1024) + "\n");
}

TEST_F(ChildStart, PinsItToTheCoresOfTheOrder) {
  const int core = last_core_of_ours();
  ChildOrder pinned = order({"grep", "Cpus_allowed_list", "/proc/self/status"});
  pinned.cores = {core};
  EXPECT_EQ(run(pinned).printed, "Cpus_allowed_list:\t" + std::to_string(core) + "\n");
}

TEST_F(ChildStart, HappensWhereTheCoresAreNotOurs) {
  ChildOrder pinned = order({"true"});
  pinned.cores = {CPU_SETSIZE - 1};
  EXPECT_EQ(run(pinned).status, 0);
}

TEST_F(ChildStart, MakesItTheLeaderOfItsGroupAndSession) {
  for (const bool has_warden : {false, true}) {
    ChildOrder telling = bash(
        "read -r x x x x group session x < /proc/$$/stat; "
        "echo $(( group == $$ )) $(( session == $$ ))");
    telling.has_warden = has_warden;
    EXPECT_EQ(run(telling).printed, "1 1\n");
  }
}

// Whatever this program ignores or blocks. 0xa00 are the two that batch systems warn with.
TEST_F(ChildStart, LeavesNoSignalBlockedAndOnlyWarningsIgnored) {
  const auto before = std::signal(SIGALRM, SIG_IGN);
  sigset_t some;
  sigemptyset(&some);
  sigaddset(&some, SIGUSR1);
  sigprocmask(SIG_BLOCK, &some, nullptr);
  for (const bool has_warden : {false, true}) {
    ChildOrder telling = order({"grep", "-E", "Sig(Blk|Ign)", "/proc/self/status"});
    telling.has_warden = has_warden;
    EXPECT_EQ(run(telling).printed, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000a00\n");
  }
  std::signal(SIGALRM, before);
}

TEST_F(ChildStart, GivesItNothingToReadAndItsFolder) {
  const tests::TempDir folder;
  ChildOrder telling = bash("pwd; readlink /proc/$$/fd/0");
  telling.folder = folder.path();
  EXPECT_EQ(run(telling).printed, folder.path().string() + "\n/dev/null\n");
}

TEST_F(ChildStart, TakesAsManyArgumentsAsAProgramCan) {
  ChildOrder many = bash("echo $# ${#1}");
  many.arguments.emplace_back("bash");
  many.arguments.insert(many.arguments.end(), 15, std::string(100'000, 'x'));
  EXPECT_EQ(run(many).printed, "15 100000\n");
  many.arguments.insert(many.arguments.end(), 15'000, std::string(1'000, 'x'));
  EXPECT_EQ(run(many).printed, "glimpse: start bash: Argument list too long\n");
}

}  // namespace
}  // namespace glimpse::launcher
