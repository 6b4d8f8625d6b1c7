#include "reports/charts/standalone.h"

#include <string_view>

#include "reports/charts/chart_style.h"

namespace glimpse::reports {
namespace {

// What "--name: value;" says; the style sheet declares every variable it uses.
std::string_view value_of(std::string_view style, const std::string& name) {
  const std::string declaration = name + ": ";
  const std::size_t begin = style.find(declaration) + declaration.size();
  return style.substr(begin, style.find(';', begin) - begin);
}

std::string write_out_variables(std::string_view style) {
  constexpr std::string_view kUse = "var(";
  std::string out;
  std::size_t done = 0;
  for (std::size_t use = style.find(kUse); use != std::string_view::npos;
       use = style.find(kUse, done)) {
    const std::size_t end = style.find(')', use);
    out += style.substr(done, use - done);
    out += value_of(style, std::string(style.substr(use + kUse.size(), end - use - kUse.size())));
    done = end + 1;
  }
  return out + std::string(style.substr(done));
}

}  // namespace

std::string render_standalone(Element chart) {
  const std::string style =
      write_out_variables(chart_style()) + ".chart .ground { fill: #ffffff; }\n";
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" +
         chart.add(Element("style").add_own({style})).render() + '\n';
}

}  // namespace glimpse::reports
