// A client of the spool in a process of its own, killed or without room at every one of its steps.

#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>

#include <gtest/gtest.h>

#include "launcher/spool/spool_client.h"
#include "launcher/spool/spool_server.h"
#include "tests/support/child.h"
#include "tests/support/child_process.h"
#include "tests/support/io_fault.h"
#include "tests/support/temp_dir.h"

namespace glimpse::tests {

namespace fs = std::filesystem;
using experiments::ExitCode;
using launcher::PingCommand;
using launcher::SpoolRequest;
using launcher::SpoolServer;
using namespace std::chrono_literals;

namespace {

// Serves one command, and prints how often it was given.
int serve(const fs::path& folder) {
  SpoolServer server(folder, {.tell = [](const std::string& line) { std::cout << line << '\n'; }});
  save_bytes(folder / "command-aaaaaaaaaaaaaaaa", "glimpse-spool 1\nping\n");
  std::size_t given = 0;
  for (int i = 0; i < 10; ++i) {
    given += server.poll().size();
  }
  std::cout << "given " << given << std::endl;
  return 0;
}

}  // namespace

// "serve" FOLDER, or FOLDER MILLISECONDS: asks whether anybody is there and prints the answer.
int run_child(const std::vector<std::string>& arguments) {
  if (arguments.at(0) == "serve") {
    return serve(arguments.at(1));
  }
  const auto answer = launcher::ask(
      arguments.at(0), PingCommand{}, std::chrono::milliseconds(std::stoi(arguments.at(1))));
  std::cout << (answer ? answer->text : "nobody") << std::endl;
  return 0;
}

namespace {

std::vector<SpoolRequest> wait_for_request(SpoolServer& server) {
  const auto end = std::chrono::steady_clock::now() + 20s;
  std::vector<SpoolRequest> requests;
  while (requests.empty() && std::chrono::steady_clock::now() < end) {
    requests = server.poll();
  }
  return requests;
}

TEST(SpoolProcesses, AnswerEachOther) {
  const TempDir dir;
  SpoolServer server(dir / "spool", {});
  ChildProcess client(child_command({(dir / "spool").string(), "20000"}));
  const std::vector<SpoolRequest> requests = wait_for_request(server);
  ASSERT_EQ(requests.size(), 1U);
  server.reply(requests[0], ExitCode::kDone, "I am here");
  EXPECT_EQ(client.read_line(), "I am here");
  EXPECT_EQ(client.wait().exit_code, 0);
  EXPECT_TRUE(fs::is_empty(dir / "spool"));
}

TEST(SpoolProcesses, TakeTurnsInTheOrderInWhichTheyAsked) {
  const TempDir dir;
  SpoolServer server(dir / "spool", {});
  for (int i = 0; i < 5; ++i) {
    ChildProcess client(child_command({(dir / "spool").string(), "20000"}));
    const std::vector<SpoolRequest> requests = wait_for_request(server);
    ASSERT_EQ(requests.size(), 1U);
    server.reply(requests[0], ExitCode::kDone, std::to_string(i));
    EXPECT_EQ(client.read_line(), std::to_string(i));
  }
}

// What a killed client asked for was asked for; nobody fetches the answer.
TEST(SpoolProcesses, AreServedAlthoughTheyAreGone) {
  const TempDir dir;
  SpoolServer server(dir / "spool", {.keep_replies = 100ms});
  ChildProcess client(child_command({(dir / "spool").string(), "20000"}));
  while (!fs::exists(dir / "spool") || fs::is_empty(dir / "spool")) {
  }
  client.send_signal(SIGKILL);
  client.wait();
  for (const SpoolRequest& request : server.poll()) {
    server.reply(request, ExitCode::kDone, "too late");
  }
  const auto end = std::chrono::steady_clock::now() + 5s;
  while (!fs::is_empty(dir / "spool") && std::chrono::steady_clock::now() < end) {
    server.poll();
  }
  EXPECT_TRUE(fs::is_empty(dir / "spool"));
}

// Whole or not at all: what a client left, wherever it was stopped, is a command or ignored.
void leave_no_half_command(const std::string& action) {
  const std::uint64_t failed = fail_every_operation(
      {.action = action,
       .operations = "write,rename,close,create,remove",
       .command =
           [](const fs::path& folder) {
             return child_command({(folder / "spool").string(), "1"});
           },
       .judge =
           [](const fs::path& folder, const ChildResult& result) {
             std::string told;
             SpoolServer server(folder / "spool",
                                {.tell = [&](const std::string& line) { told += line; }});
             EXPECT_TRUE(server.poll().empty()) << "it was given before this start";
             EXPECT_EQ(told.find("forms"), std::string::npos) << told;
             EXPECT_EQ(told.find("it ends"), std::string::npos) << told << result.output;
             EXPECT_EQ(told.find("format"), std::string::npos) << told;
           }});
  EXPECT_GE(failed, 4U);
}

TEST(SpoolFaults, LeaveNoHalfCommandWhenTheClientIsKilled) {
  leave_no_half_command("kill");
}

TEST(SpoolFaults, LeaveNoHalfCommandWhenTheDiskIsFull) {
  leave_no_half_command("ENOSPC");
}

TEST(SpoolFaults, NeverGiveACommandThatCannotBeRemoved) {
  const TempDir dir;
  const std::vector<std::string> command = child_command({"serve", (dir / "spool").string()});
  const ChildResult stuck = run_with_fault(
      command,
      {.folder = dir.path(), .at = 1, .action = "EROFS", .goes_on = true, .operations = "remove"});
  EXPECT_NE(stuck.output.find("given 0\n"), std::string::npos) << stuck.output;
  EXPECT_NE(stuck.output.find("not carried out"), std::string::npos) << stuck.output;
  const ChildResult free = run_with_fault(command, {.folder = dir.path(), .at = 0});
  EXPECT_NE(free.output.find("given 1\n"), std::string::npos) << free.output;
}

}  // namespace
}  // namespace glimpse::tests
