#pragma once

// Every key that a study may have, for documentation and its tests: the reader takes these and no
// others. Model parameters are not among them; they are in model_table.h.

#include <string>
#include <vector>

namespace glimpse::experiments {

struct StudyKeyRow {
  std::string path;           // "resources.cores"
  std::string type;           // "whole number"
  std::string range;          // "1 to 4096", or the choices; "" where there is nothing to say
  std::string default_value;  // as JSON; "" for none
  bool is_required = false;   // of the study, or of its section where that is given
  std::string doc;            // one line
};

// In the order of the printed study; sections stand before their keys.
std::vector<StudyKeyRow> study_keys();

}  // namespace glimpse::experiments
