#pragma once

// Which dataset a trial trains on: the values a recipe turns into pixels, or a file to import.
// Defaults give the cluttered sequences of the RNN-SPN paper as its released code draws them.

#include <cstdint>
#include <functional>
#include <string>

namespace glimpse::experiments {

enum class DigitSourceKind { kMnist, kBuiltin };
// Slopes of a sequence, in pixels per digit of side s: the released code draws -s/2 .. s/2-1,
// the paper's wording (45 degrees either way) is -s .. s.
enum class SlopeRange { kCode, kPaper };
// Which splits supply clutter: the released code's bank, the paper's wording, or the bank of the
// released data file (train counted twice).
enum class ClutterBank { kTrainValid, kPerSplit, kTrainTwiceValid };

struct DatasetSpec {
  std::string recipe = "cluttered-sequences";
  DigitSourceKind source = DigitSourceKind::kMnist;
  std::uint64_t seed = 1234;
  int width = 100;
  int height = 100;
  int digits = 3;
  int digit_side = 28;
  int patches = 8;
  int patch_side = 9;  // min(9, digit_side - 1) where a study does not say
  SlopeRange slope = SlopeRange::kCode;
  ClutterBank clutter = ClutterBank::kTrainValid;
  int train = 60000;
  int valid = 10000;
  int test = 10000;
  bool shuffle_labels = false;  // for the negative control: nothing can be learnt
  std::string file = {};        // an imported HDF5 file; then nothing above has a meaning

  bool operator==(const DatasetSpec&) const = default;
};

// What a model needs to know of a dataset to have a shape.
struct ImageShape {
  int width = 100;
  int height = 100;
  int digits = 3;  // labels per image
  int classes = 10;

  bool operator==(const ImageShape&) const = default;
};

// Of a recipe's images. An imported file has to be asked for its own.
ImageShape image_shape(const DatasetSpec& spec);

// Raised by hand when the pixels of a recipe, or of the built-in digits, change.
inline constexpr int kGeneratorVersion = 1;
inline constexpr int kBuiltinDigitsVersion = 1;

// SHA-256 in hex of a file's content, "" where there is no regular file of that name; given by the
// caller, who may touch the disk.
using FileHasher = std::function<std::string(const std::string& path)>;

// What tells datasets apart, as canonical JSON: recipe, generator version, the values that differ
// from their defaults, seed and the SHA-256 of the sources. Throws StudyError where an imported
// file cannot be read.
std::string dataset_identity_text(const DatasetSpec& spec, const FileHasher& hash_file);

// The identity of a dataset, 64 hex digits: the SHA-256 of that text. It never depends on the file
// that is built, so it is known before there is one.
std::string dataset_identity(const DatasetSpec& spec, const FileHasher& hash_file);

}  // namespace glimpse::experiments
