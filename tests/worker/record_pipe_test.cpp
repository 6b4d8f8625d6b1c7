#include "worker/record_pipe.h"

#include <chrono>
#include <csignal>
#include <set>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "storage/files/journal.h"
#include "tests/worker/forked.h"

namespace glimpse::worker {
namespace {

using tests::Forked;
using tests::Pipe;
using Kind = LineEvent::Kind;
using std::chrono::milliseconds;

constexpr milliseconds kPatience = std::chrono::seconds(20);

static_assert(experiments::kMaxRecordBytes == storage::kMaxRecordBytes,
              "what comes through the pipe must fit the journal");

// A child that writes these pieces with a pause behind each.
Forked fork_writer(const Pipe& pipe, const std::vector<std::string>& pieces) {
  return Forked([&] {
    for (const std::string& piece : pieces) {
      pipe.put(piece);
      std::this_thread::sleep_for(milliseconds(2));
    }
  });
}

std::string next_line(LineReader& reader) {
  const LineEvent event = reader.next(kPatience);
  EXPECT_EQ(event.kind, Kind::kLine);
  return event.text;
}

TEST(LineReader, PutsLinesTogetherFromTheirParts) {
  Pipe pipe;
  std::vector<std::string> pieces;
  for (const char c : std::string("{\"epoch\":1}\n\n{\"epoch\":2}\r\n")) {
    pieces.emplace_back(1, c);
  }
  const Forked writer = fork_writer(pipe, pieces);
  LineReader reader(pipe.reading_end());
  EXPECT_EQ(next_line(reader), "{\"epoch\":1}");
  EXPECT_EQ(next_line(reader), "");
  EXPECT_EQ(next_line(reader), "{\"epoch\":2}\r");
}

TEST(LineReader, TakesManyLinesFromOneRead) {
  Pipe pipe;
  pipe.put("a\nb\n\nc");
  LineReader reader(pipe.reading_end());
  EXPECT_EQ(next_line(reader), "a");
  EXPECT_EQ(next_line(reader), "b");
  EXPECT_EQ(next_line(reader), "");
  EXPECT_EQ(reader.try_next().kind, Kind::kNothing);
  pipe.put("\n");
  EXPECT_EQ(next_line(reader), "c");
}

TEST(LineReader, NeverWaitsWhereItOnlyTries) {
  Pipe pipe;
  pipe.put("half a li");
  LineReader reader(pipe.reading_end());
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(reader.try_next().kind, Kind::kNothing);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(500));
}

TEST(LineReader, WaitsAsLongAsItIsTold) {
  Pipe pipe;
  LineReader reader(pipe.reading_end());
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(reader.next(milliseconds(30)).kind, Kind::kNothing);
  const auto waited = std::chrono::steady_clock::now() - start;
  EXPECT_GE(waited, milliseconds(30));
  EXPECT_LT(waited, milliseconds(2000));
}

TEST(LineReader, TellsTheEndAgainAndAgain) {
  Pipe pipe;
  pipe.put("last\n");
  pipe.close_writing_end();
  LineReader reader(pipe.reading_end());
  EXPECT_EQ(next_line(reader), "last");
  for (int i = 0; i < 3; ++i) {
    const LineEvent event = reader.next(kPatience);
    EXPECT_EQ(event.kind, Kind::kEnd);
    EXPECT_EQ(event.text, "");
  }
}

TEST(LineReader, MakesNoLineOfWhatAKilledWriterLeft) {
  Pipe pipe;
  Forked writer([&] {
    pipe.put("whole\n{\"epo");
    ::pause();
  });
  pipe.close_writing_end();
  LineReader reader(pipe.reading_end());
  EXPECT_EQ(next_line(reader), "whole");
  writer.kill();
  const LineEvent event = reader.next(kPatience);
  EXPECT_EQ(event.kind, Kind::kEnd);
  EXPECT_EQ(event.text, "{\"epo");
}

TEST(LineReader, TellsALineAboveTheLimitOnceAndGoesOnBehindIt) {
  Pipe pipe;
  const Forked writer([&] {
    RecordWriter lines(pipe.writing_end());
    lines.write(std::string(1 << 20, 'x'));
    lines.write("after");
    lines.write(std::string(experiments::kMaxRecordBytes, 'y'));
    lines.write(std::string(experiments::kMaxRecordBytes + 1, 'z'));
    lines.write("end");
  });
  pipe.close_writing_end();
  LineReader reader(pipe.reading_end());
  EXPECT_EQ(reader.next(kPatience).kind, Kind::kTooLong);
  EXPECT_EQ(next_line(reader), "after");
  EXPECT_EQ(next_line(reader), std::string(experiments::kMaxRecordBytes, 'y'));
  EXPECT_EQ(reader.next(kPatience).kind, Kind::kTooLong);
  EXPECT_EQ(next_line(reader), "end");
  EXPECT_EQ(reader.next(kPatience).kind, Kind::kEnd);
}

TEST(LineReader, TellsALineThatNeverEndsAndLeavesNothingOfIt) {
  Pipe pipe;
  LineReader reader(pipe.reading_end(), 8);
  pipe.put("123456789");
  EXPECT_EQ(reader.try_next().kind, Kind::kTooLong);
  pipe.put("more");
  EXPECT_EQ(reader.try_next().kind, Kind::kNothing);
  pipe.close_writing_end();
  const LineEvent event = reader.next(kPatience);
  EXPECT_EQ(event.kind, Kind::kEnd);
  EXPECT_EQ(event.text, "");
}

// Always readable, never a newline.
TEST(LineReader, IsNotHeldUpByAWriterThatNeverStops) {
  const int endless = ::open("/dev/zero", O_RDONLY | O_CLOEXEC);
  LineReader reader(endless);
  EXPECT_EQ(reader.try_next().kind, Kind::kNothing);
  EXPECT_EQ(reader.next(kPatience).kind, Kind::kTooLong);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(reader.try_next().kind, Kind::kNothing);
  EXPECT_EQ(reader.next(milliseconds(20)).kind, Kind::kNothing);
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(2000));
  ::close(endless);
}

// A handler without SA_RESTART, for this scope.
class AlarmIn {
 public:
  explicit AlarmIn(milliseconds delay) {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    ::sigaction(SIGALRM, &action, &before_);
    ::ualarm(static_cast<useconds_t>(delay.count() * 1000), 0);
  }
  ~AlarmIn() { ::sigaction(SIGALRM, &before_, nullptr); }
  AlarmIn(const AlarmIn&) = delete;
  AlarmIn& operator=(const AlarmIn&) = delete;
  AlarmIn(AlarmIn&&) = delete;
  AlarmIn& operator=(AlarmIn&&) = delete;

 private:
  struct sigaction before_ {};
};

TEST(LineReader, ComesBackWhenASignalArrives) {
  Pipe pipe;
  LineReader reader(pipe.reading_end());
  const AlarmIn alarm(milliseconds(30));
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(reader.next(kPatience).kind, Kind::kNothing);
  EXPECT_LT(std::chrono::steady_clock::now() - start, kPatience / 2);
}

TEST(LineReader, RefusesADescriptorThatIsNotOpen) {
  LineReader reader(1 << 20);
  EXPECT_THROW(static_cast<void>(reader.try_next()), std::system_error);
}

TEST(RecordWriter, NeverMixesTheLinesOfTwoThreads) {
  Pipe pipe;
  const Forked child([&] {
    RecordWriter writer(pipe.writing_end());
    const auto write_all = [&](char letter) {
      for (int i = 0; i < 5000; ++i) {
        const std::string line =
            std::to_string(i) + std::string(static_cast<std::size_t>(i), letter);
        writer.write(line);
      }
    };
    std::jthread other(write_all, 'a');
    write_all('b');
  });
  pipe.close_writing_end();
  LineReader reader(pipe.reading_end());
  std::set<std::string> missing;
  for (std::size_t i = 0; i < 5000; ++i) {
    missing.insert(std::to_string(i) + std::string(i, 'a'));
    missing.insert(std::to_string(i) + std::string(i, 'b'));
  }
  missing.insert("0");  // stands for both first lines, which are equal
  for (int i = 0; i < 10'000; ++i) {
    const std::string line = next_line(reader);
    ASSERT_TRUE(missing.erase(line) == 1 || line == "0") << "line " << i << ": " << line;
  }
  EXPECT_TRUE(missing.empty());
  EXPECT_EQ(reader.next(kPatience).kind, Kind::kEnd);
}

TEST(RecordWriter, FinishesALineThatSignalsInterrupt) {
  Pipe pipe;
  const std::string line(10 << 20, 'x');
  const Forked child([&] {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    ::sigaction(SIGALRM, &action, nullptr);
    ::ualarm(1000, 1000);
    RecordWriter(pipe.writing_end()).write(line);
  });
  pipe.close_writing_end();
  ::usleep(20'000);
  EXPECT_EQ(pipe.read_to_end(), line + '\n');
}

class RecordWriterAlone : public testing::Test {
 protected:
  void SetUp() override { before_ = std::signal(SIGPIPE, SIG_IGN); }
  void TearDown() override { std::signal(SIGPIPE, before_); }

 private:
  void (*before_)(int) = SIG_DFL;
};

TEST_F(RecordWriterAlone, TellsThatItsReaderIsGone) {
  Pipe pipe;
  RecordWriter writer(pipe.writing_end());
  writer.write("heard");
  pipe.close_reading_end();
  try {
    writer.write("unheard");
    FAIL() << "wrote to nobody";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::broken_pipe);
    EXPECT_EQ(std::string(error.what()), "write a record: Broken pipe");
  }
}

// A full pipe that does not wait: half of the line is out, the other half is not.
TEST_F(RecordWriterAlone, PutsNothingBehindATornLine) {
  Pipe pipe;
  ::fcntl(pipe.writing_end(), F_SETFL, O_NONBLOCK);
  RecordWriter writer(pipe.writing_end());
  const std::string line(200'000, 'x');
  EXPECT_THROW(writer.write(line), std::system_error);
  LineReader reader(pipe.reading_end(), line.size());
  EXPECT_EQ(reader.try_next().kind, Kind::kNothing);
  EXPECT_THROW(writer.write("short"), std::system_error);
  pipe.close_writing_end();
  const LineEvent event = reader.next(kPatience);
  EXPECT_EQ(event.kind, Kind::kEnd);
  EXPECT_EQ(event.text.find("short"), std::string::npos);
}

}  // namespace
}  // namespace glimpse::worker
