// For h5py_judge.py: writes a dataset and crops for it to read, and imports a dataset it wrote.

#include <cstdio>
#include <exception>
#include <string>

#include "storage/hdf5/dataset_import.h"
#include "tests/storage/hdf5/crops_samples.h"
#include "tests/storage/hdf5/dataset_samples.h"

int main(int argc, char** argv) {
  using namespace glimpse;
  try {
    if (argc == 3 && std::string(argv[1]) == "write") {
      tests::write_sample(argv[2]);
      return 0;
    }
    if (argc == 3 && std::string(argv[1]) == "crops") {
      storage::write_crops(argv[2], tests::sample_crops());
      return 0;
    }
    if (argc == 4 && std::string(argv[1]) == "import") {
      storage::import_dataset(argv[2], argv[3], tests::sample_info());
      return 0;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 64;
}
