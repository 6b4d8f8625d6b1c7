#include "reports/result_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

namespace glimpse::reports {
namespace {

using experiments::Assignment;
using experiments::Claim;
using experiments::Goal;
using experiments::Table;

constexpr double kAlarm = 0.05;

bool has_ended_well(const SeedResult& seed) {
  return seed.value.has_value();
}

bool has_begun(const SeedResult& seed) {
  return seed.state != "pending" && !seed.state.empty();
}

std::optional<double> find_published(const Table& table, const Assignment& place) {
  const auto found = std::ranges::find(table.published, place, &experiments::PublishedCell::cell);
  return found == table.published.end() ? std::nullopt : std::optional(found->value);
}

std::vector<double> values_of(const CellRuns& runs) {
  std::vector<double> values;
  for (const SeedResult& seed : runs.seeds) {
    if (seed.value) {
      values.push_back(*seed.value);
    }
  }
  return values;
}

Judgement judge_cell(const ResultCell& cell, const PublishedFigure* figure) {
  if (std::ranges::none_of(cell.runs.seeds, has_begun)) {
    return {Verdict::kMissing, std::nullopt};
  }
  if (!cell.is_complete) {
    return {Verdict::kIncomplete, std::nullopt};
  }
  return figure == nullptr ? Judgement{Verdict::kNotComparable, std::nullopt}
                           : judge(cell.sample, *figure);
}

ResultCell assess_cell(const Table& table, Goal goal, CellRuns runs, bool is_comparable) {
  ResultCell cell{.runs = std::move(runs)};
  cell.sample = summarize(values_of(cell.runs));
  cell.is_complete = cell.runs.is_decided && !cell.runs.seeds.empty() &&
                     std::ranges::all_of(cell.runs.seeds, has_ended_well);
  cell.interval = cell.is_complete ? mean_interval(cell.sample) : std::nullopt;
  cell.published = find_published(table, cell.runs.place);
  const PublishedFigure figure{.value = cell.published.value_or(0),
                               .unit = std::pow(10.0, -published_decimals(table)),
                               .margin = table.margin,
                               .is_maximized = goal == Goal::kMaximize};
  cell.judgement = judge_cell(cell, cell.published && is_comparable ? &figure : nullptr);
  return cell;
}

bool is_among(const Assignment& place, const Assignment& group) {
  return std::ranges::all_of(group, [&](const auto& pair) {
    const auto found = place.find(pair.first);
    return found != place.end() && found->second == pair.second;
  });
}

Assignment row_of(const Table& table, Assignment place) {
  place.erase(table.columns);
  return place;
}

struct Pair {
  std::size_t first = 0;
  std::size_t second = 0;
  Comparison comparison = {};
};

using Rows = std::map<Assignment, std::vector<std::size_t>>;

Rows find_rows(const Table& table, const std::vector<ResultCell>& cells) {
  Rows rows;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    rows[row_of(table, cells[i].runs.place)].push_back(i);
  }
  return rows;
}

Pair make_pair(std::size_t first, std::size_t second, const std::vector<ResultCell>& cells) {
  Pair pair{.first = first, .second = second};
  if (cells[first].is_complete && cells[second].is_complete) {
    pair.comparison = compare_cells(cells[first].runs, cells[second].runs);
  }
  return pair;
}

// Which cell is best is looked up in the results, so every pair of a row counts as a test. A cell
// whose row has no other is best of nothing, and so is one whose row no paper would print.
void mark_best(const Table& table, Goal goal, std::vector<ResultCell>& cells) {
  constexpr std::size_t kMostInRow = 100;
  std::vector<Pair> pairs;
  for (const auto& [unused, row] : find_rows(table, cells)) {
    const bool is_marked = row.size() > 1 && row.size() <= kMostInRow;
    for (std::size_t i = 0; is_marked && i < row.size(); ++i) {
      cells[row[i]].is_best = true;  // until a pair says otherwise
      for (std::size_t j = i + 1; j < row.size(); ++j) {
        pairs.push_back(make_pair(row[i], row[j], cells));
      }
    }
  }
  std::vector<double> p;
  p.reserve(pairs.size());
  for (const Pair& pair : pairs) {
    p.push_back(pair.comparison.p.value_or(1));
  }
  const std::vector<double> adjusted = adjust_by_holm(p);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const bool is_first_better = (pairs[i].comparison.difference < 0) == (goal == Goal::kMinimize);
    const bool is_sure = adjusted[i] < kAlarm;
    cells[pairs[i].first].is_best &= is_sure && is_first_better;
    cells[pairs[i].second].is_best &= is_sure && !is_first_better;
  }
}

class Claims {
 public:
  Claims(const Table& table, Goal goal, const std::vector<ResultCell>& cells)
      : table_(table), goal_(goal), cells_(cells) {}

  std::vector<ResultClaim> assess() {
    std::vector<ResultClaim> claims;
    claims.reserve(table_.claims.size());
    for (const Claim& claim : table_.claims) {
      claims.push_back(state(claim));
    }
    adjust(claims);
    for (ResultClaim& claim : claims) {
      claim.answer = answer(claim);
    }
    return claims;
  }

 private:
  [[nodiscard]] ResultClaim state(const Claim& claim) const {
    const bool is_best = claim.kind == Claim::Kind::kBest;
    ResultClaim stated{.text = describe_place(table_, claim.cell) +
                               (is_best ? " best among " : " below ") +
                               describe_place(table_, claim.other)};
    for (std::size_t first = 0; first < cells_.size(); ++first) {
      if (cells_[first].runs.place != claim.cell) {
        continue;
      }
      for (std::size_t other = 0; other < cells_.size(); ++other) {
        const Assignment& place = cells_[other].runs.place;
        const bool is_meant = is_best ? is_among(place, claim.other) : place == claim.other;
        if (other != first && is_meant) {
          stated.orders.push_back(order(first, other, is_best));
        }
      }
    }
    return stated;
  }

  // The best one is the one below all others where the metric is to be small.
  [[nodiscard]] ClaimedOrder order(std::size_t first, std::size_t other, bool is_best) const {
    if (is_best && goal_ == Goal::kMaximize) {
      std::swap(first, other);
    }
    ClaimedOrder order{.below = first, .above = other};
    if (cells_[first].is_complete && cells_[other].is_complete) {
      order.comparison = compare_cells(cells_[first].runs, cells_[other].runs);
    }
    return order;
  }

  static void adjust(std::vector<ResultClaim>& claims) {
    std::vector<double> p;
    std::vector<ClaimedOrder*> judged;
    for (ResultClaim& claim : claims) {
      for (ClaimedOrder& order : claim.orders) {
        if (order.comparison.p) {
          p.push_back(*order.comparison.p);
          judged.push_back(&order);
        }
      }
    }
    const std::vector<double> adjusted = adjust_by_holm(p);
    for (std::size_t i = 0; i < judged.size(); ++i) {
      judged[i]->adjusted_p = adjusted[i];
    }
  }

  [[nodiscard]] ClaimAnswer answer(const ResultClaim& claim) const {
    const auto is_complete = [&](const ClaimedOrder& order) {
      return cells_[order.below].is_complete && cells_[order.above].is_complete;
    };
    if (claim.orders.empty() || !std::ranges::all_of(claim.orders, is_complete)) {
      return ClaimAnswer::kIncomplete;
    }
    const auto is_sure = [](const ClaimedOrder& order) {
      return order.adjusted_p && *order.adjusted_p < kAlarm;
    };
    if (std::ranges::any_of(claim.orders, [&](const ClaimedOrder& order) {
          return is_sure(order) && order.comparison.difference > 0;
        })) {
      return ClaimAnswer::kFails;
    }
    return std::ranges::all_of(claim.orders, is_sure) ? ClaimAnswer::kHolds
                                                      : ClaimAnswer::kUndecided;
  }

  const Table& table_;
  Goal goal_;
  const std::vector<ResultCell>& cells_;
};

}  // namespace

std::string_view name_of(ClaimAnswer answer) {
  constexpr std::array<std::string_view, 4> kNames = {"holds", "fails", "undecided", "incomplete"};
  return kNames.at(static_cast<std::size_t>(answer));
}

int published_decimals(const Table& table) {
  std::size_t decimals = 0;
  for (const experiments::PublishedCell& figure : table.published) {
    const std::string text = experiments::render_json(experiments::Value(figure.value));
    const std::size_t point = text.find('.');
    if (point != std::string::npos && text.find('e') == std::string::npos) {
      decimals = std::max(decimals, text.size() - point - 1);
    }
  }
  return static_cast<int>(decimals);
}

std::string describe_place(const Table& table, const Assignment& place) {
  std::string text;
  const auto row = place.find(table.rows);
  if (row != place.end()) {
    text = experiments::render_plain(row->second);
  }
  for (const auto& [name, value] : place) {
    if (name != table.rows) {
      text += (text.empty() ? "" : ", ") + name + ' ' + experiments::render_plain(value);
    }
  }
  return text;
}

bool share_seeds(const CellRuns& first, const CellRuns& second) {
  return std::ranges::any_of(first.seeds, [&](const SeedResult& seed) {
    return std::ranges::find(second.seeds, seed.seed, &SeedResult::seed) != second.seeds.end();
  });
}

Comparison compare_cells(const CellRuns& first, const CellRuns& second) {
  std::map<std::uint64_t, double> by_seed;
  for (const SeedResult& seed : first.seeds) {
    by_seed.emplace(seed.seed, seed.value.value_or(NAN));
  }
  std::vector<double> a;
  std::vector<double> b;
  for (const SeedResult& seed : second.seeds) {
    if (const auto found = by_seed.find(seed.seed); found != by_seed.end()) {
      a.push_back(found->second);
      b.push_back(seed.value.value_or(NAN));
    }
  }
  return a.empty() ? compare_unpaired(values_of(first), values_of(second)) : compare_paired(a, b);
}

ResultTable assess(const Table& table,
                   Goal goal,
                   std::vector<CellRuns> cells,
                   std::vector<std::string> deviations) {
  ResultTable result{.deviations = std::move(deviations)};
  result.cells.reserve(cells.size());
  for (CellRuns& runs : cells) {
    result.cells.push_back(assess_cell(table, goal, std::move(runs), result.deviations.empty()));
  }
  mark_best(table, goal, result.cells);
  result.claims = Claims(table, goal, result.cells).assess();
  return result;
}

}  // namespace glimpse::reports
