#pragma once

// Children that do what a test says: no processes, no time.

#include <map>
#include <utility>
#include <vector>

#include "launcher/children/children.h"

namespace glimpse::tests {

class FakeChildren final : public launcher::Children {
 public:
  struct Child {
    launcher::ChildOrder order;
    std::vector<std::string> sent;
    std::vector<int> signals;
    bool was_killed = false;
  };

  launcher::ChildId start(const launcher::ChildOrder& order) override {
    children_[++last_].order = order;
    return last_;
  }
  bool send(launcher::ChildId child, std::string_view line) override {
    children_.at(child).sent.emplace_back(line);
    return true;
  }
  void signal(launcher::ChildId child, int number) override {
    children_.at(child).signals.push_back(number);
  }
  void kill(launcher::ChildId child) override {
    Child& killed = children_.at(child);
    if (!std::exchange(killed.was_killed, true)) {
      end(child, 137);
    }
  }
  std::vector<launcher::ChildEvent> wait(std::chrono::milliseconds /*timeout*/,
                                         int /*also*/) override {
    return std::exchange(events_, {});
  }

  void write(launcher::ChildId child, std::string line) {
    events_.push_back({child, launcher::ChildEvent::Kind::kLine, std::move(line)});
  }
  void print(launcher::ChildId child, std::string text) {
    events_.push_back({child, launcher::ChildEvent::Kind::kPrinted, std::move(text)});
  }
  void write_long_line(launcher::ChildId child) {
    events_.push_back({child, launcher::ChildEvent::Kind::kLongLine, ""});
  }
  void end(launcher::ChildId child, int status) {
    events_.push_back({child, launcher::ChildEvent::Kind::kEnded, "", status});
  }

  [[nodiscard]] const Child& child(launcher::ChildId number) const { return children_.at(number); }
  [[nodiscard]] std::size_t count() const { return children_.size(); }

 private:
  launcher::ChildId last_ = 0;
  std::map<launcher::ChildId, Child> children_;
  std::vector<launcher::ChildEvent> events_;
};

}  // namespace glimpse::tests
