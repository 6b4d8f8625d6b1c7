#pragma once

// A chart as an SVG file by itself. Programs other than browsers know no variables of style sheets,
// so colours are written out: those of light ground, on white. Pure.

#include <string>

#include "reports/markup/element.h"

namespace glimpse::reports {

std::string render_standalone(Element chart);

}  // namespace glimpse::reports
