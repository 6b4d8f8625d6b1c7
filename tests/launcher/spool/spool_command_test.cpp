#include "launcher/spool/spool_command.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace glimpse::launcher {
namespace {

using experiments::ExitCode;
using What = StopCommand::What;

const std::string kHash = "0123456789abcdef0123456789abcdef";
const std::string kHead = "glimpse-spool 1\n";

std::vector<SpoolCommand> samples() {
  return {PingCommand{},
          StopCommand{.what = What::kAll, .name = "", .is_now = true},
          StopCommand{.what = What::kStudy, .name = "table1", .is_now = false},
          StopCommand{.what = What::kRun, .name = kHash, .is_now = true},
          SubmitCommand{.text_hash = kHash, .study = "table1-smoke"}};
}

TEST(SpoolCommand, ReadsBackWhatWasWritten) {
  for (const SpoolCommand& command : samples()) {
    EXPECT_EQ(parse_command(render_command(command)), command);
  }
}

TEST(SpoolCommand, RefusesWhatIsNotExactlyOneOfTheForms) {
  for (const std::string& text :
       std::vector<std::string>{std::string(),
                                std::string("\n"),
                                kHead,
                                kHead + "ping",
                                kHead + "ping\n\n",
                                kHead + "ping\nnow\n",
                                kHead + "PING\n",
                                kHead + "pong\n",
                                "glimpse-spool 2\nping\n",
                                "glimpse-spool 1 \nping\n",
                                kHead + "stop\n",
                                kHead + "stop\nall\nx\nnow\n",
                                kHead + "stop\nall\n-\nlater\n",
                                kHead + "stop\nrun\n../../x\nnow\n",
                                kHead + "stop\nstudy\n../x\nnow\n",
                                kHead + "stop\nstudy\n\nnow\n",
                                kHead + "stop\nnode\nn\nnow\n",
                                kHead + "submit\n" + kHash + "\n",
                                kHead + "submit\n" + kHash + "\n/etc/passwd\n",
                                kHead + "submit\n" + kHash + "\ns\nmore\n",
                                kHead + "submit\n../" + kHash.substr(3) + "\ns\n",
                                kHead + "submit\n" + kHash + "\n" + std::string("s\0s", 3) + "\n",
                                kHead + "submit\n" + kHash + "\n" + std::string(65, 's') + "\n",
                                std::string(kMaxSpoolBytes + 1, '\n')}) {
    EXPECT_THROW(static_cast<void>(parse_command(text)), SpoolError) << text;
  }
}

TEST(SpoolCommand, SaysWhatItDoesNotKnow) {
  try {
    static_cast<void>(parse_command(kHead + "dance\n"));
    FAIL();
  } catch (const SpoolError& error) {
    EXPECT_STREQ(error.what(), "this version knows ping, stop and submit, not 'dance'");
  }
}

// Whatever a disk or a person makes of a command: it is one of the forms, or refused.
TEST(SpoolCommand, NeverTakesMoreThanOneOfTheFormsFromAnyBytes) {
  rc::check([] {
    std::string text = render_command(*rc::gen::elementOf(samples()));
    const auto place = *rc::gen::inRange<std::size_t>(0, text.size());
    text[place] = *rc::gen::arbitrary<char>();
    text.resize(text.size() - *rc::gen::weightedElement<std::size_t>({{3, 0}, {1, 1}}));
    try {
      const SpoolCommand command = parse_command(text);
      RC_ASSERT(render_command(command) == text);
    } catch (const SpoolError&) {
      RC_SUCCEED("refused");
    }
  });
}

TEST(SpoolReply, ReadsBackWhatWasWritten) {
  for (const SpoolReply& reply :
       {SpoolReply{}, SpoolReply{.exit = ExitCode::kBadConfig, .text = "no such study"}}) {
    EXPECT_EQ(parse_reply(render_reply(reply)), reply);
  }
}

TEST(SpoolReply, IsOneLineOfABoundedLength) {
  const SpoolReply reply = parse_reply(
      render_reply({.exit = ExitCode::kDone, .text = "a\nb" + std::string(100000, 'x')}));
  EXPECT_EQ(reply.text.substr(0, 4), "a bx");
  EXPECT_LT(reply.text.size(), kMaxSpoolBytes);
}

TEST(SpoolReply, RefusesWhatIsNone) {
  for (const std::string& text : std::vector<std::string>{std::string(),
                                                          kHead,
                                                          kHead + "0",
                                                          kHead + "0\n",
                                                          kHead + "\ntext\n",
                                                          kHead + "0x\ntext\n",
                                                          kHead + "77\ntext\n",
                                                          kHead + "0\ntext",
                                                          kHead + "0\ntext\nmore\n"}) {
    EXPECT_THROW(static_cast<void>(parse_reply(text)), SpoolError) << text;
  }
}

}  // namespace
}  // namespace glimpse::launcher
