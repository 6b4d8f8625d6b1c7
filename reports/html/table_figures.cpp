#include "reports/html/table_figures.h"

#include <array>
#include <cstddef>

#include "reports/charts/number_text.h"

namespace glimpse::reports {
namespace {

// Where no cell has an interval.
constexpr int kUsualDecimals = 2;

struct Mark {
  std::string_view sign;
  std::string_view tone;  // a class of the style sheet
};

Element draw(const Mark& mark, std::string_view word) {
  Element sign("span");
  sign.set("aria-hidden", "true").text(mark.sign);
  Element element("span");
  return element.set_class("mark " + std::string(mark.tone)).add(sign).text(" ").text(word);
}

}  // namespace

int decimals_of(const TableContent& table) {
  std::vector<double> widths;
  widths.reserve(table.results.cells.size());
  for (const ResultCell& cell : table.results.cells) {
    widths.push_back(half_width(cell).value_or(0));
  }
  return decimals_for_spreads(widths, kUsualDecimals);
}

std::optional<std::string> mean_text(const ResultCell& cell, int decimals) {
  return cell.is_complete ? std::optional(render_fixed(cell.sample.mean, decimals)) : std::nullopt;
}

std::optional<double> half_width(const ResultCell& cell) {
  return cell.interval ? std::optional((cell.interval->high - cell.interval->low) / 2)
                       : std::nullopt;
}

std::optional<double> difference(const ResultCell& cell) {
  return cell.is_complete && cell.published ? std::optional(cell.sample.mean - *cell.published)
                                            : std::nullopt;
}

Element verdict_mark(Verdict verdict) {
  // In the order of the words.
  constexpr std::array<Mark, 8> kMarks = {{{"\xe2\x9c\x97", "bad"},
                                           {"\xe2\x9c\x93", "good"},
                                           {"\xe2\x9c\x93", "good"},
                                           {"\xe2\x89\x88", "good"},
                                           {"?", "open"},
                                           {"\xe2\x80\xa6", "open"},
                                           {"\xe2\x80\x93", "open"},
                                           {"\xe2\x89\xa0", "open"}}};
  return draw(kMarks.at(static_cast<std::size_t>(verdict)), name_of(verdict));
}

Element answer_mark(ClaimAnswer answer) {
  constexpr std::array<Mark, 4> kMarks = {
      {{"\xe2\x9c\x93", "good"}, {"\xe2\x9c\x97", "bad"}, {"?", "open"}, {"\xe2\x80\xa6", "open"}}};
  return draw(kMarks.at(static_cast<std::size_t>(answer)), name_of(answer));
}

std::vector<bool> proven_cells(const TableContent& table) {
  std::vector<bool> is_proven(table.results.cells.size(), false);
  for (const ResultClaim& claim : table.results.claims) {
    if (claim.answer != ClaimAnswer::kHolds) {
      continue;
    }
    for (const ClaimedOrder& order : claim.orders) {
      is_proven.at(table.goal == experiments::Goal::kMinimize ? order.below : order.above) = true;
    }
  }
  return is_proven;
}

Id cell_id(std::size_t cell) {
  return {"cell", cell};
}

}  // namespace glimpse::reports
