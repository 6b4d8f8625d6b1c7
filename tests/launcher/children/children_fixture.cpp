#include "tests/launcher/children/children_fixture.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iterator>
#include <system_error>
#include <thread>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/temp_dir.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

using launcher::ChildEvent;
using launcher::ChildId;
using launcher::ChildOrder;
using launcher::ProcessChildren;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

bool comes_true(std::chrono::seconds limit, const std::function<bool()>& condition) {
  for (const auto deadline = Clock::now() + limit; !condition();) {
    if (Clock::now() > deadline) {
      return false;
    }
    std::this_thread::sleep_for(milliseconds(5));
  }
  return true;
}

constexpr std::chrono::seconds kPromised(2);

// Of a process that has ended meanwhile: nothing.
std::string environment_of(const fs::path& process) {
  try {
    return load_bytes(process / "environ");
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace

ChildrenTest::ChildrenTest()
    : mark_("GLIMPSE_TEST_MARK=" + std::to_string(::getpid()) + "." +
            std::to_string(Clock::now().time_since_epoch().count())) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

ChildrenTest::~ChildrenTest() {
  EXPECT_TRUE(are_alive_in_time(0)) << "a test leaves nothing behind";
}

ChildOrder ChildrenTest::order(std::vector<std::string> arguments) const {
  ChildOrder order;
  order.arguments = std::move(arguments);
  order.environment = {"PATH=/usr/bin:/bin", mark_};
  return order;
}

ChildOrder ChildrenTest::bash(const std::string& script) const {
  return order({"bash", "-c", script});
}

void ChildrenTest::take(ProcessChildren& children, milliseconds timeout) {
  for (const ChildEvent& event : children.wait(timeout, -1)) {
    ChildStory& story = stories_[event.child];
    EXPECT_EQ(story.status, -1) << "nothing comes after the end";
    switch (event.kind) {
      case ChildEvent::Kind::kLine:
        story.lines.push_back(event.text);
        break;
      case ChildEvent::Kind::kLongLine:
        ++story.long_lines;
        break;
      case ChildEvent::Kind::kPrinted:
        story.printed += event.text;
        break;
      case ChildEvent::Kind::kEnded:
        story.status = event.status;
        break;
    }
  }
}

bool ChildrenTest::wait_for_end(ProcessChildren& children, ChildId child) {
  const auto deadline = Clock::now() + std::chrono::seconds(10);
  while (stories_[child].status < 0 && Clock::now() < deadline) {
    take(children, milliseconds(100));
  }
  return stories_[child].status >= 0;
}

bool ChildrenTest::wait_for_print(ProcessChildren& children,
                                  ChildId child,
                                  const std::string& text) {
  const auto deadline = Clock::now() + std::chrono::seconds(10);
  const auto is_there = [&] { return stories_[child].printed.find(text) != std::string::npos; };
  while (!is_there() && Clock::now() < deadline) {
    take(children, milliseconds(100));
  }
  return is_there();
}

ChildStory ChildrenTest::run(const ChildOrder& order) {
  launcher::Spawner spawner;
  ProcessChildren children(spawner);
  const ChildId child = children.start(order);
  stories_.erase(child);  // of an earlier one with the same number
  EXPECT_TRUE(wait_for_end(children, child));
  return stories_[child];
}

int ChildrenTest::count_alive() const {
  int count = 0;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    if (entry.path().filename().native().find_first_not_of("0123456789") == std::string::npos &&
        environment_of(entry.path()).find(mark_) != std::string::npos) {
      ++count;
    }
  }
  return count;
}

bool ChildrenTest::are_alive_in_time(int count) const {
  return comes_true(kPromised, [&] { return count_alive() == count; });
}

bool ChildrenTest::are_all_reaped_in_time() {
  return comes_true(kPromised, [] {
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    return ::waitpid(-1, nullptr, WNOHANG) < 0;
  });
}

std::size_t count_descriptors(pid_t process) {
  const fs::directory_iterator entries("/proc/" + std::to_string(process) + "/fd");
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

}  // namespace glimpse::tests
