#include "reports/protocol.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "experiments/dataset_table.h"
#include "experiments/model_table.h"
#include "experiments/plan/plan_keys.h"

namespace glimpse::reports {
namespace {

using experiments::Assignment;
using experiments::DatasetSpec;
using experiments::PublishedCell;
using experiments::Selection;
using experiments::Study;
using experiments::Table;

bool repeats(const Table& ours, const Table& theirs) {
  return ours.metric == theirs.metric && ours.rows == theirs.rows &&
         ours.columns == theirs.columns &&
         std::ranges::any_of(ours.published, [&](const PublishedCell& figure) {
           return std::ranges::find(theirs.published, figure) != theirs.published.end();
         });
}

using Values = std::map<std::string, std::set<std::string>>;  // by name, as text
using ValuesByPlace = std::map<Assignment, Values>;

// Values that decide a run's numbers, defaults included.
void add_values(const PlannedStudy& planned, const Assignment& configuration, Values& values) {
  Assignment parameters;
  for (const auto& [name, value] : configuration) {
    if (!experiments::is_dataset_name(name)) {
      parameters.emplace(name, value);
    }
  }
  for (const auto& [name, value] : experiments::resolve(parameters)) {
    values[name].insert(experiments::render_plain(value));
  }
  const DatasetSpec spec = experiments::dataset_of(planned.study, configuration);
  for (const experiments::ParameterRow& row : experiments::dataset_rows()) {
    values[std::string(experiments::kDatasetPrefix) + row.name].insert(
        experiments::render_plain(experiments::dataset_value(spec, row.name)));
  }
}

ValuesByPlace collect(const PlannedStudy& planned, const Table& table) {
  ValuesByPlace collected;
  for (const Assignment& configuration : planned.configurations) {
    Assignment place;
    for (const std::string& name : {table.rows, table.columns}) {
      if (const auto found = configuration.find(name); found != configuration.end()) {
        place.insert(*found);
      }
    }
    add_values(planned, configuration, collected[place]);
  }
  return collected;
}

std::string render_list(const std::set<std::string>& values) {
  std::string text;
  for (const std::string& value : values) {
    text += (text.empty() ? "" : ", ") + (value.empty() ? "none" : value);
  }
  return text.empty() ? "none" : text;
}

std::string render_selection(const std::optional<Selection>& selection) {
  if (!selection) {
    return "none";
  }
  std::string text = "by " + selection->best + " over";
  for (const std::string& name : selection->over) {
    text += ' ' + name;
  }
  return text + " on " + std::to_string(selection->seeds) +
         (selection->seeds == 1 ? " seed" : " seeds");
}

// Every difference once, in whichever cells it is.
class Differences {
 public:
  void compare(const std::string& name, const std::string& ours, const std::string& theirs) {
    if (ours != theirs && seen_.insert({name, ours, theirs}).second) {
      lines_.push_back(name + ": " + ours + " instead of " + theirs);
    }
  }

  void compare(const Values& ours, const Values& theirs) {
    std::set<std::string> names;
    for (const Values* const values : {&ours, &theirs}) {
      for (const auto& [name, unused] : *values) {
        names.insert(name);
      }
    }
    for (const std::string& name : names) {
      compare(name, render(ours, name), render(theirs, name));
    }
  }

  std::vector<std::string> take() { return std::move(lines_); }

 private:
  static std::string render(const Values& values, const std::string& name) {
    const auto found = values.find(name);
    return found == values.end() ? "none" : render_list(found->second);
  }

  std::set<std::vector<std::string>> seen_;
  std::vector<std::string> lines_;
};

}  // namespace

const Study* find_protocol(const Study& study, std::span<const Study> studies) {
  if (!study.table) {
    return nullptr;
  }
  const auto found = std::ranges::find_if(studies, [&](const Study& other) {
    return other.table && repeats(*study.table, *other.table);
  });
  return found == studies.end() ? nullptr : &*found;
}

std::vector<std::string> find_deviations(const PlannedStudy& ours, const PlannedStudy& protocol) {
  const Table& table = protocol.study.table.value();
  const Table& our_table = ours.study.table.value();
  Differences differences;
  const ValuesByPlace theirs = collect(protocol, table);
  for (const auto& [place, values] : collect(ours, table)) {
    if (const auto found = theirs.find(place); found != theirs.end()) {
      differences.compare(values, found->second);
    }
  }
  differences.compare(
      "table.select", render_selection(our_table.select), render_selection(table.select));
  differences.compare("metric.name", ours.study.metric.name, protocol.study.metric.name);
  const auto margin = [](const Table& of) {
    return experiments::render_plain(experiments::Value(of.margin));
  };
  differences.compare("table.margin", margin(our_table), margin(table));
  return differences.take();
}

std::vector<std::string> find_deviations(const PlannedStudy& ours) {
  if (!ours.study.dataset) {
    return {};
  }
  const bool is_builtin =
      std::ranges::any_of(ours.configurations, [&](const Assignment& configuration) {
        const DatasetSpec spec = experiments::dataset_of(ours.study, configuration);
        return spec.file.empty() && spec.source == experiments::DigitSourceKind::kBuiltin;
      });
  return is_builtin ? std::vector<std::string>{"dataset.source: builtin, which no published figure "
                                               "was measured on"}
                    : std::vector<std::string>();
}

}  // namespace glimpse::reports
