#pragma once

// All that a report's page says, as plain data: the page is a function of this and nothing else.
// Texts may come from anybody. What is empty gets a sentence in place of a section, or no section.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/study.h"
#include "reports/paper_table.h"
#include "reports/result_table.h"
#include "reports/text_table.h"

namespace glimpse::reports {

struct Fact {
  std::string name;
  std::string value;
};

struct Overview {
  std::string study = {};
  std::string notes = {};
  // Runs and seeds, device hours, versions: in the order in which they are shown.
  std::vector<Fact> facts = {};
};

// The table as the paper prints it.
struct TableContent {
  experiments::Table plan = {};
  ResultTable results = {};
  PaperTable paper = {};
  std::string unit = {};  // "%", or empty
};

struct CurveSeed {
  std::uint64_t seed = 0;
  std::vector<int> epochs = {};  // rising
  std::vector<double> values = {};
  std::vector<double> seconds = {};  // since the run's start; empty where nobody measured
  std::optional<int> best_epoch = {};
};

struct Curve {
  std::string label = {};  // short: it stands at the line's end
  std::vector<CurveSeed> seeds = {};
};

// Curves that share one pair of axes.
struct CurvePanel {
  std::string title = {};
  std::vector<Curve> curves = {};
};

struct CurveContent {
  std::string metric = {};
  std::vector<CurvePanel> panels = {};
};

struct StripContent {
  std::string label = {};
  std::vector<double> values = {};
  std::optional<double> mean = {};
  std::optional<Interval> interval = {};
  std::optional<double> published = {};
  std::string note = {};
};

struct EffectLevel {
  std::string value = {};
  std::size_t n = 0;
  double mean = 0;
  std::optional<Interval> interval = {};
};

struct ParameterEffect {
  std::string parameter = {};
  bool has_order = false;  // numbers, rather than names
  double share = 0;        // of the outcome's variance that it explains, 0 to 1
  std::vector<EffectLevel> levels = {};
};

struct PairEffect {
  std::string x_name = {};
  std::string y_name = {};
  std::vector<std::string> x_values = {};
  std::vector<std::string> y_values = {};
  std::vector<std::vector<std::optional<double>>> means = {};  // a row per y value
};

struct TrialPoint {
  std::string run_id = {};
  std::vector<std::optional<experiments::Value>> values = {};  // one per parameter
  std::optional<double> outcome = {};
};

struct ParameterContent {
  std::string outcome = {};  // name of the metric
  experiments::Goal goal = experiments::Goal::kMinimize;
  std::vector<ParameterEffect> effects = {};  // the strongest first
  std::optional<PairEffect> top_pair = {};
  std::vector<std::string> parameters = {};  // of the trials below
  std::vector<bool> is_log = {};             // one per parameter
  std::vector<TrialPoint> trials = {};
};

// 8-bit grey, rows from the top.
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels = {};
};

// Edges in pixels of the image, as crops.h5 has them: centres lie at whole numbers, and a box may
// reach over the edge.
struct CropBox {
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;
};

struct GalleryItem {
  std::string run_id = {};
  std::string model = {};
  std::uint64_t seed = 0;
  std::uint32_t index = 0;  // of the image in its split
  Picture image = {};
  std::vector<CropBox> boxes = {};
  std::vector<Picture> crops = {};
  std::vector<int> targets = {};
  std::vector<int> predictions = {};  // as many as targets
};

struct FailureContent {
  std::string kind = {};  // "oom", "hung", ...
  std::string run_id = {};
  std::int64_t attempt = 0;
  std::string node = {};
  std::string message = {};
  std::string outcome = {};  // what became of the run
};

struct CostContent {
  std::string label = {};
  std::size_t runs = 0;
  double device_hours = 0;
  std::optional<double> images_per_s = {};
  std::optional<double> peak_memory_bytes = {};
};

struct EnvironmentContent {
  std::string title = {};
  std::vector<Fact> facts = {};
};

struct CommandContent {
  std::string label = {};  // the row of the table it makes
  std::string command = {};
};

struct PageContent {
  Overview overview = {};
  std::optional<TableContent> table = {};
  CurveContent curves = {};
  std::vector<StripContent> strips = {};
  ParameterContent parameters = {};
  std::vector<GalleryItem> gallery = {};
  std::vector<FailureContent> failures = {};
  std::vector<CostContent> costs = {};
  std::vector<EnvironmentContent> environments = {};
  std::vector<CommandContent> commands = {};
};

}  // namespace glimpse::reports
