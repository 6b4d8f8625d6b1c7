#pragma once

// What every page has around its content: the head with style sheets and policy, the foot, the
// script. Pure.

#include <string>
#include <string_view>

#include "reports/markup/element.h"

namespace glimpse::reports {

// The button that switches between light and dark, for a page's header.
Element make_scheme_switch();

// A whole file. The title is shown by browsers alone.
std::string render_document(std::string_view title, const Element& header, const Element& main);

}  // namespace glimpse::reports
