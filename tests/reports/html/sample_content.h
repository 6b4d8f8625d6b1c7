#pragma once

// Reports to look at and to test with: made up, the same on every machine, and shaped like real
// ones. No number in them was measured.

#include <cstddef>

#include "reports/html/page_content.h"

namespace glimpse::reports {

// One table cell of each kind, a curve of three epochs, a picture: little enough to read whole.
PageContent tiny_sample();

// Table 1 of the RNN-SPN paper as five seeds might reproduce it, with pictures of real layouts.
PageContent table_sample();

// A study that has not run yet.
PageContent empty_sample();

// `count` texts that try to be more than text: markup, addresses, formulas, marks that turn the
// reading order, bytes that are no UTF-8, and one of 64 KiB.
std::vector<std::string> hostile_names(std::size_t count);
// Everything that has a name is named by these, in turns.
PageContent hostile_sample(const std::vector<std::string>& names);

}  // namespace glimpse::reports
