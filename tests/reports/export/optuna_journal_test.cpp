#include "reports/export/optuna_journal.h"

#include <gtest/gtest.h>

#include "tests/reports/export/small_study.h"

namespace glimpse::reports {
namespace {

using tests::load_bytes;

class OptunaJournal : public tests::SmallStudy {};

TEST_F(OptunaJournal, HasALinePerRun) {
  export_optuna(*reader_, study_, definition(), out());
  const std::string distributions =
      R"("distributions":{"rate":"{\"name\":\"FloatDistribution\",\"attributes\":{\"log\":true,)"
      R"(\"step\":null,\"low\":0.001,\"high\":1}}","seed_of":"{\"name\":)"
      R"(\"CategoricalDistribution\",\"attributes\":{\"choices\":[\"=a\",\"b\\\"c\"]}}"},)"
      R"("params":{"rate":0.1,"seed_of":0},)";
  EXPECT_EQ(load_bytes(out() / "journal.log"),
            R"({"op_code":0,"worker_id":"glimpse","study_name":"small","directions":[1]})"
            "\n"
            R"({"op_code":3,"worker_id":"glimpse","study_id":0,)"
            R"("system_attr":{"study:metric_names":["loss"]}})"
            "\n"
            R"({"op_code":2,"worker_id":"glimpse","study_id":0,)"
            R"("user_attr":{"text_hash":"00112233445566778899aabbccddeeff"}})"
            "\n"
            R"({"op_code":4,"worker_id":"glimpse","study_id":0,)"
            R"("datetime_start":"2023-11-14T22:14:20.000000+00:00",)"
            R"("datetime_complete":"2023-11-14T22:14:23.000000+00:00",)"
            R"("state":1,"value":0.25,"values":null,)" +
                distributions + R"("user_attrs":{"run_id":")" + run_id(0) +
                R"(","seed":1,"configuration":0,"arm":"","state":"done","outcome":"completed"},)"
                R"("system_attrs":{},"intermediate_values":{"1":0.5,"2":0.25}})"
                "\n"
                R"({"op_code":4,"worker_id":"glimpse","study_id":0,)"
                R"("datetime_start":"2023-11-14T22:15:23.000000+00:00",)"
                R"("state":0,"value":null,"values":null,)" +
                distributions + R"("user_attrs":{"run_id":")" + run_id(1) +
                R"(","seed":2,"configuration":0,"arm":"","state":"running","outcome":""},)"
                R"("system_attrs":{},"intermediate_values":{"1":3}})"
                "\n");
}

}  // namespace
}  // namespace glimpse::reports
