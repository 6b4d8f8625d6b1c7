#include "reports/stats/student.h"

#include <cmath>

#include <boost/math/distributions/students_t.hpp>

namespace glimpse::reports {

double student_quantile(double degrees, double probability) {
  return boost::math::quantile(boost::math::students_t(degrees), probability);
}

double student_tail(double degrees, double t) {
  if (std::isinf(t)) {
    return t > 0 ? 0 : 1;
  }
  return boost::math::cdf(boost::math::complement(boost::math::students_t(degrees), t));
}

}  // namespace glimpse::reports
