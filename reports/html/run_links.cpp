#include "reports/html/run_links.h"

#include "reports/html/parallel_axes.h"
#include "reports/html/table_figures.h"

namespace glimpse::reports {

RunLinks link_runs(const PageContent& content, const std::vector<std::size_t>& pictures) {
  RunLinks links;
  if (!content.table) {
    return links;
  }
  const std::vector<ResultCell>& cells = content.table->results.cells;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    for (const SeedResult& seed : cells[i].runs.seeds) {
      links.cells.emplace(seed.run_id, i);
    }
  }
  for (const std::size_t picture : pictures) {
    const auto cell = links.cells.find(content.gallery[picture].run_id);
    if (cell != links.cells.end()) {
      links.cells_with_pictures.insert(cell->second);
    }
  }
  return links;
}

Element make_run(std::string_view run_id, const RunLinks& links) {
  const Element code = Element("code").text(short_run(run_id));
  const auto cell = links.cells.find(std::string(run_id));
  return cell == links.cells.end() ? code : Element("a").link_to(cell_id(cell->second)).add(code);
}

Id pictures_id(std::size_t cell) {
  return {"pictures", cell};
}

}  // namespace glimpse::reports
