#include "reports/export/crops_files.h"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/export/export_folder.h"
#include "reports/reading/crops_of_run.h"
#include "storage/files/mapped_file.h"
#include "storage/hdf5/crops_file.h"

namespace glimpse::reports {
namespace {

namespace fs = std::filesystem;

struct CropsOfRun {
  fs::path from;
  fs::path name;
};

std::vector<CropsOfRun> find_all(const storage::ResultsFolder& results, const StudyFacts& study) {
  std::vector<CropsOfRun> found;
  for (const RunFacts& run : study.runs) {
    if (auto from = find_crops(results, run)) {
      found.push_back({std::move(*from), run.run_id + ".h5"});
    }
  }
  return found;
}

void copy_checked(const fs::path& from, ExportFile to) {
  static_cast<void>(storage::load_crops(from));
  const storage::MappedFile file(from);
  to.write({reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()});
  to.commit();
}

}  // namespace

std::size_t export_crops(const storage::ResultsFolder& results,
                         const StudyFacts& study,
                         const fs::path& folder) {
  const std::vector<CropsOfRun> all = find_all(results, study);
  std::vector<fs::path> names;
  names.reserve(all.size());
  for (const CropsOfRun& crops : all) {
    names.push_back(crops.name);
  }
  const ExportFolder out(folder, names);
  for (const CropsOfRun& crops : all) {
    copy_checked(crops.from, out.create(crops.name));
  }
  return all.size();
}

}  // namespace glimpse::reports
