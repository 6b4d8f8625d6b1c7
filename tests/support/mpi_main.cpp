// Runs the cases in every rank. Rank 0 prints as ever, the others only what fails; the highest exit
// code of all is that of each.

#include <iostream>
#include <string>

#include <gtest/gtest.h>
#include <mpi.h>

#include "launcher/mpi/communicator.h"
#include "launcher/mpi/mpi_session.h"

namespace {

class FailuresOfARank final : public testing::EmptyTestEventListener {
 public:
  explicit FailuresOfARank(int rank) : rank_(rank) {}
  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (result.failed()) {
      std::cerr << "rank " << rank_ << ": " << result.file_name() << ':' << result.line_number()
                << ": " << result.message() << std::endl;
    }
  }

 private:
  int rank_;
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  glimpse::launcher::MpiSession session;
  const int rank = glimpse::launcher::Communicator::of_world().rank();
  auto& listeners = testing::UnitTest::GetInstance()->listeners();
  if (rank > 0) {
    delete listeners.Release(listeners.default_result_printer());
    listeners.Append(new FailuresOfARank(rank));
  }
  const int own = RUN_ALL_TESTS();
  int worst = own;
  MPI_Allreduce(&own, &worst, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  session.finish();
  return worst;
}
