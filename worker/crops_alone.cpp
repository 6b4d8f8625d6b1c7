#include "worker/crops_alone.h"

#include <functional>

#include "storage/files/atomic_file.h"
#include "storage/files/file_io.h"
#include "storage/hdf5/crops_file.h"
#include "storage/storage_error.h"
#include "storage/zlib/png_writer.h"
#include "worker/crops_picture.h"
#include "worker/glimpse_place.h"
#include "worker/train_error.h"

namespace glimpse::worker {
namespace {

// What stands in the way of an output is no bad input, whatever its kind.
void create(const std::function<void()>& make) {
  try {
    make();
  } catch (const storage::StorageError& error) {
    throw TrainError(experiments::FaultClass::kDiskFull, error.what());
  }
}

void make_folder_of(const std::filesystem::path& file) {
  storage::make_folders(std::filesystem::absolute(file).parent_path());
}

void write_picture(const std::filesystem::path& path,
                   const storage::Crops& crops,
                   const experiments::Assignment& parameters) {
  const Picture picture =
      draw_crops(crops, image_reach(parameters, crops.shape.width, crops.shape.height));
  storage::AtomicFile file(path);
  file.write(
      storage::render_png(picture.pixels, picture.width, picture.height, storage::PngColor::kRgb));
  file.commit();
}

}  // namespace

void crops_alone(const CropsAloneOptions& options, const EngineFactory& engines) {
  // First, so that a folder that cannot be made costs no time.
  create([&] {
    make_folder_of(options.out);
    make_folder_of(options.picture.value_or(options.out));
  });
  const TrainedTrial trained = open_trained_trial(options.of, engines);
  const storage::Crops crops = make_crops(*trained.engine,
                                          trained.shelf,
                                          {.key = trained.trial.key,
                                           .seed = trained.trial.seed,
                                           .parameters = trained.trial.parameters,
                                           .split = options.of.split,
                                           .weights = options.of.weights,
                                           .images = options.images});
  create([&] {
    storage::write_crops(options.out, crops);
    if (options.picture) {
      write_picture(*options.picture, crops, trained.trial.parameters);
    }
  });
}

}  // namespace glimpse::worker
