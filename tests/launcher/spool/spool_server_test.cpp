#include "launcher/spool/spool_server.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "launcher/spool/spool_client.h"
#include "tests/support/temp_dir.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;
using experiments::ExitCode;
using tests::load_bytes;
using tests::save_bytes;
using namespace std::chrono_literals;

const std::string kPing = "glimpse-spool 1\nping\n";

class Spool : public testing::Test {
 protected:
  [[nodiscard]] fs::path folder() const { return dir_ / "spool"; }
  [[nodiscard]] fs::path command(char digit) const {
    return folder() / ("command-" + std::string(16, digit));
  }
  [[nodiscard]] std::string reply(char digit) const {
    const fs::path file = folder() / ("reply-" + std::string(16, digit));
    return fs::exists(file) ? load_bytes(file) : "";
  }
  void move_time(const fs::path& file, std::chrono::seconds by) const {
    fs::last_write_time(file, fs::last_write_time(file) + by);
  }
  SpoolServer make_server(std::chrono::milliseconds keep = 1min) {
    return {folder(),
            {.tell = [this](const auto& line) { told_ += line + "\n"; }, .keep_replies = keep}};
  }

  tests::TempDir dir_;
  std::string told_;
};

TEST_F(Spool, GivesACommandOnceAndItsReplyToWhoAsked) {
  SpoolServer server = make_server();
  std::optional<SpoolReply> answer;
  std::jthread client([&] {
    answer = ask(folder(), StopCommand{.what = StopCommand::What::kStudy, .name = "table1"});
  });
  std::vector<SpoolRequest> requests;
  while (requests.empty()) {
    requests = server.poll();
  }
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(std::get<StopCommand>(requests[0].command).name, "table1");
  EXPECT_TRUE(server.poll().empty());
  server.reply(requests[0], ExitCode::kUsage, "no such study");
  client.join();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->exit, ExitCode::kUsage);
  EXPECT_EQ(answer->text, "no such study");
  EXPECT_TRUE(fs::is_empty(folder()));
  EXPECT_EQ(told_, "");
}

TEST_F(Spool, TakesACommandBackThatNobodyTook) {
  EXPECT_FALSE(ask(folder(), PingCommand{}, 50ms).has_value());
  EXPECT_TRUE(fs::is_empty(folder()));
}

TEST_F(Spool, TellsACommandThatWasTakenFromOneThatWasNot) {
  SpoolServer server = make_server();
  std::jthread taker([&](const std::stop_token& stop) {
    while (!stop.stop_requested() && server.poll().empty()) {
    }
  });
  EXPECT_THROW(static_cast<void>(ask(folder(), PingCommand{}, 200ms)), std::runtime_error);
}

TEST_F(Spool, KeepsTheOrderInWhichCommandsWereGiven) {
  SpoolServer server = make_server();
  for (const char digit : {'c', 'a', 'b'}) {
    save_bytes(command(digit), kPing);
  }
  move_time(command('c'), 1s);
  move_time(command('a'), 2s);
  move_time(command('b'), 3s);
  std::string order;
  for (const SpoolRequest& request : server.poll()) {
    order += request.token.front();
  }
  EXPECT_EQ(order, "cab");
}

TEST_F(Spool, RefusesAndNamesCommandsFromBeforeItsStart) {
  fs::create_directories(folder());
  save_bytes(command('a'), kPing);
  move_time(command('a'), -1s);
  SpoolServer server = make_server();
  EXPECT_TRUE(server.poll().empty());
  EXPECT_EQ(reply('a'),
            "glimpse-spool 1\n78\nthe command is refused: it was given before this coordinator "
            "started\n");
  EXPECT_NE(told_.find("command-aaaaaaaaaaaaaaaa is refused"), std::string::npos) << told_;
  EXPECT_FALSE(fs::exists(command('a')));
}

TEST_F(Spool, RefusesNamesAndRemovesWhatIsNoCommand) {
  SpoolServer server = make_server();
  save_bytes(command('a'), "rm -rf /\n");
  save_bytes(command('b'), std::string(std::size_t{1} << 20, 'x'));
  save_bytes(command('c'), "");
  save_bytes(command('d'), kPing);
  EXPECT_EQ(server.poll().size(), 1U) << "the good one among them";
  for (const char digit : {'a', 'b', 'c'}) {
    EXPECT_FALSE(fs::exists(command(digit)));
    EXPECT_NE(reply(digit).find("\n78\n"), std::string::npos) << digit;
    EXPECT_NE(told_.find("command-" + std::string(16, digit)), std::string::npos) << told_;
  }
}

TEST_F(Spool, LeavesAloneWhatIsNotOurs) {
  SpoolServer server = make_server();
  save_bytes(dir_ / "outside", kPing);
  fs::create_symlink(dir_ / "outside", command('a'));
  fs::create_directory(command('b'));
  ASSERT_EQ(mkfifo(command('c').c_str(), 0600), 0);
  for (const char* name : {"notes.txt",
                           "command-",
                           "command-AAAAAAAAAAAAAAAA",
                           "command-aaaaaaaaaaaaaaaaa",
                           ".command-aaaaaaaaaaaaaaaa.0123456789abcdef.tmp-glimpse"}) {
    save_bytes(folder() / name, kPing);
  }
  const auto before = std::distance(fs::directory_iterator(folder()), {});
  EXPECT_TRUE(server.poll().empty());
  EXPECT_EQ(std::distance(fs::directory_iterator(folder()), {}), before);
  EXPECT_EQ(told_, "");
}

TEST_F(Spool, TakesAwayRepliesThatNobodyFetches) {
  SpoolServer server = make_server(100ms);
  server.reply({.token = std::string(16, 'a'), .command = PingCommand{}}, ExitCode::kDone, "here");
  save_bytes(folder() / ".command-bbbbbbbbbbbbbbbb.0123456789abcdef.tmp-glimpse", "half");
  save_bytes(folder() / "notes.txt", "mine");
  server.poll();
  EXPECT_NE(reply('a'), "") << "somebody may be about to fetch it";
  const auto end = std::chrono::steady_clock::now() + 5s;
  while (reply('a') != "" && std::chrono::steady_clock::now() < end) {
    server.poll();
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder()), {}), 1) << "notes.txt";
}

TEST_F(Spool, SurvivesTheLossOfItsFolderAndSaysSoOnce) {
  SpoolServer server = make_server();
  fs::remove_all(folder());
  EXPECT_TRUE(server.poll().empty());
  EXPECT_TRUE(server.poll().empty());
  EXPECT_EQ(std::count(told_.begin(), told_.end(), '\n'), 1) << told_;
  server.reply({.token = std::string(16, 'a'), .command = PingCommand{}}, ExitCode::kDone, "");
  EXPECT_NE(told_.find("without an answer"), std::string::npos) << told_;
  fs::create_directories(folder());
  save_bytes(command('a'), kPing);
  EXPECT_EQ(server.poll().size(), 1U);
}

// A poll of an empty folder is part of every turn of the coordinator's loop. Ten times what is
// promised, since other tests run beside it.
TEST_F(Spool, PollsAnEmptyFolderInMicroseconds) {
  SpoolServer server = make_server();
  server.poll();
  constexpr int kPolls = 2000;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < kPolls; ++i) {
    server.poll();
  }
  const std::chrono::duration<double, std::micro> each =
      (std::chrono::steady_clock::now() - start) / kPolls;
  std::printf("a poll of an empty spool: %.2f us\n", each.count());
  EXPECT_LT(each.count(), 200);
}

}  // namespace
}  // namespace glimpse::launcher
