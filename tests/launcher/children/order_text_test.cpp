#include "launcher/children/order_text.h"

#include <stdexcept>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace glimpse::launcher {
namespace {

ChildOrder any_order() {
  ChildOrder order;
  order.arguments = *rc::gen::arbitrary<std::vector<std::string>>();
  order.environment = *rc::gen::arbitrary<std::vector<std::string>>();
  order.folder = *rc::gen::arbitrary<std::string>();
  order.cores = *rc::gen::arbitrary<std::vector<int>>();
  order.rlimits = {{*rc::gen::arbitrary<std::string>(), *rc::gen::arbitrary<std::uint64_t>()}};
  order.commands_at = *rc::gen::arbitrary<int>();
  order.records_at = *rc::gen::arbitrary<int>();
  order.has_warden = *rc::gen::arbitrary<bool>();
  return order;
}

bool is_equal(const ChildOrder& a, const ChildOrder& b) {
  return a.arguments == b.arguments && a.environment == b.environment && a.folder == b.folder &&
         a.cores == b.cores && a.rlimits == b.rlimits && a.commands_at == b.commands_at &&
         a.records_at == b.records_at && a.has_warden == b.has_warden;
}

TEST(OrderText, ComesBackAsItWas) {
  EXPECT_TRUE(rc::check([] {
    const ChildOrder order = any_order();
    RC_ASSERT(is_equal(parse_order(render_order(order)), order));
  }));
}

TEST(OrderText, IsRefusedWhenItIsCutOrLonger) {
  EXPECT_TRUE(rc::check([] {
    const std::string text = render_order(any_order());
    const auto size = *rc::gen::inRange<std::size_t>(0, text.size());
    RC_ASSERT_THROWS_AS(parse_order(text.substr(0, size)), std::runtime_error);
    RC_ASSERT_THROWS_AS(parse_order(text + 'x'), std::runtime_error);
  }));
}

}  // namespace
}  // namespace glimpse::launcher
