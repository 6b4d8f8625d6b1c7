#pragma once

// The sections of a report's page, in their order. Each is a function of its part of the content.

#include "reports/html/page_content.h"
#include "reports/markup/element.h"

namespace glimpse::reports {

Element render_verdict(const PageContent& content);
Element render_table(const TableContent& table);
Element render_curves(const CurveContent& curves);
Element render_strips(const std::vector<StripContent>& strips, const std::string& metric);
Element render_parameters(const ParameterContent& parameters);
// At most `limit` pictures, the worst ones, as many of each model as of the others.
Element render_gallery(const std::vector<GalleryItem>& gallery, std::size_t limit);
Element render_failures(const std::vector<FailureContent>& failures);
Element render_costs(const std::vector<CostContent>& costs);
Element render_environments(const std::vector<EnvironmentContent>& environments);
Element render_commands(const std::vector<CommandContent>& commands);

}  // namespace glimpse::reports
