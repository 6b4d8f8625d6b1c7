#pragma once

// Student's t distribution, for the other files of this folder. Pure.

namespace glimpse::reports {

double student_quantile(double degrees, double probability);
// Probability of a value above `t`.
double student_tail(double degrees, double t);

}  // namespace glimpse::reports
