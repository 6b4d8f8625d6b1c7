#pragma once

// What a person sees of a run that they started by hand: a line per epoch. Pure.

#include <string>

#include "experiments/record.h"

namespace glimpse::worker {

// "epoch 3/300  loss 1.2345  valid 12.34 %  582 images/s  3.2 h to go"
std::string render_epoch(const experiments::EpochRecord& record, int epochs);
// "best epoch 24  test 4.56 % of digits, 9.87 % of sequences", or how else it ended.
std::string render_end(const experiments::RecordBody& last);

}  // namespace glimpse::worker
