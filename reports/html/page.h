#pragma once

// A report as one HTML file that needs nothing beside it: no network, no library, no script to be
// read. The same content gives the same bytes, so that two reports can be compared. Pure.

#include <cstddef>
#include <string>

#include "reports/html/page_content.h"

namespace glimpse::reports {

struct PageOptions {
  std::size_t gallery_limit = 60;  // pictures; they are most of a large page
};

// Throws std::invalid_argument for a picture whose pixels do not fill it.
std::string render_page(const PageContent& content, const PageOptions& options = {});

// What the page may load and run, as its head says it: its one script, known by its hash.
std::string page_policy();

}  // namespace glimpse::reports
