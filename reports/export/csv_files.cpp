#include "reports/export/csv_files.h"

#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "reports/export/export_folder.h"
#include "reports/text_table.h"

namespace glimpse::reports {
namespace {

constexpr const char* kRunsFile = "runs.csv";
constexpr const char* kMetricsFile = "metrics.csv";

const std::vector<std::string> kRunColumns = {"run_id",
                                              "position",
                                              "stage",
                                              "configuration",
                                              "seed",
                                              "arm",
                                              "state",
                                              "outcome",
                                              "objective",
                                              "best_epoch",
                                              "attempts",
                                              "started",
                                              "ended"};

class CsvFile {
 public:
  CsvFile(ExportFile file, std::vector<std::string> columns)
      : file_(std::move(file)), table_(text_, {.format = TableFormat::kCsv}, std::move(columns)) {}

  void add(const Row& row) {
    table_.add(row);
    hand_over();
  }
  void commit() {
    hand_over();
    file_.commit();
  }

 private:
  void hand_over() {
    file_.write(text_.view());
    text_.str({});
  }

  ExportFile file_;
  std::ostringstream text_;
  TableWriter table_;
};

Cell cell_of(const std::string& text) {
  return text.empty() ? Cell() : Cell(text);
}

template <typename Number>
Cell cell_of(const std::optional<Number>& number) {
  return number ? Cell(*number) : Cell();
}

Cell cell_of(const experiments::Value& value) {
  return std::visit([](const auto& content) { return Cell(content); }, value);
}

// Sorted; where a parameter has the name of another column, its column is called as in
// `query --wide`.
class ParameterColumns {
 public:
  explicit ParameterColumns(const StudyFacts& study) {
    for (const RunFacts& run : study.runs) {
      for (const auto& [name, value] : run.parameters) {
        names_.insert(name);
      }
    }
  }

  [[nodiscard]] std::vector<std::string> headings() const {
    std::vector<std::string> headings = kRunColumns;
    std::set<std::string> taken(kRunColumns.begin(), kRunColumns.end());
    for (std::string heading : names_) {
      while (!taken.insert(heading).second) {
        heading.insert(0, "parameters.");
      }
      headings.push_back(std::move(heading));
    }
    return headings;
  }

  void append(const experiments::Assignment& parameters, Row& row) const {
    for (const std::string& name : names_) {
      const auto found = parameters.find(name);
      row.push_back(found == parameters.end() ? Cell() : cell_of(found->second));
    }
  }

 private:
  std::set<std::string> names_;
};

Row row_of(const RunFacts& run) {
  return {run.run_id,
          run.position,
          run.stage,
          run.configuration,
          run.seed,
          cell_of(run.arm),
          run.state,
          cell_of(run.outcome),
          cell_of(run.objective),
          cell_of(run.best_epoch),
          run.attempts,
          cell_of(run.started),
          cell_of(run.ended)};
}

void write_runs(const StudyFacts& study, ExportFile out) {
  const ParameterColumns parameters(study);
  CsvFile file(std::move(out), parameters.headings());
  for (const RunFacts& run : study.runs) {
    Row row = row_of(run);
    parameters.append(run.parameters, row);
    file.add(row);
  }
  file.commit();
}

void write_metrics(const StudyReader& reader, const StudyFacts& study, ExportFile out) {
  CsvFile file(std::move(out), {"run_id", "epoch", "name", "value", "time_ms"});
  for (const RunFacts& run : study.runs) {
    reader.read_metrics(run, [&](const MetricPoint& point) {
      file.add({run.run_id, point.epoch, point.name, cell_of(point.value), cell_of(point.time_ms)});
    });
  }
  file.commit();
}

}  // namespace

void export_csv(const StudyReader& reader,
                const StudyFacts& study,
                const std::filesystem::path& folder) {
  const ExportFolder out(folder, {kRunsFile, kMetricsFile});
  write_runs(study, out.create(kRunsFile));
  write_metrics(reader, study, out.create(kMetricsFile));
}

}  // namespace glimpse::reports
