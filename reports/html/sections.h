#pragma once

// The sections of a report's page, in their order. Each is a function of its part of the content.

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "reports/html/page_content.h"
#include "reports/markup/element.h"

namespace glimpse::reports {

// Where a run is told elsewhere on the page.
struct RunLinks {
  std::map<std::string, std::size_t> cells = {};  // of the table, by run
  std::set<std::size_t> cells_with_pictures = {};
};
RunLinks link_runs(const PageContent& content, const std::vector<std::size_t>& pictures);

Element render_verdict(const PageContent& content);
Element render_table(const TableContent& table, const RunLinks& links);
Element render_curves(const CurveContent& curves);
Element render_strips(const std::vector<StripContent>& all, const std::string& metric);
Element render_parameters(const ParameterContent& content);
// At most `limit` pictures, the worst ones first, as many of each model as of the others.
std::vector<std::size_t> pick_pictures(const std::vector<GalleryItem>& gallery, std::size_t limit);
Element render_gallery(const std::vector<GalleryItem>& gallery,
                       const std::vector<std::size_t>& picked,
                       const RunLinks& links);
Element render_failures(const std::vector<FailureContent>& failures, const RunLinks& links);
Element render_costs(const std::vector<CostContent>& all);
Element render_environments(const std::vector<EnvironmentContent>& environments);
Element render_commands(const std::vector<CommandContent>& commands);

}  // namespace glimpse::reports
