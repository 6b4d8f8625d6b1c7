#include "reports/export/csv_files.h"

#include <gtest/gtest.h>

#include "tests/reports/export/small_study.h"

namespace glimpse::reports {
namespace {

using tests::load_bytes;

class CsvFiles : public tests::SmallStudy {};

TEST_F(CsvFiles, HaveARowPerRunAndOnePerMetric) {
  export_csv(*reader_, study_, out());
  EXPECT_EQ(load_bytes(out() / "runs.csv"),
            "run_id,position,stage,configuration,seed,arm,state,outcome,objective,best_epoch,"
            "attempts,started,ended,rate,seed_of\r\n" +
                run_id(0) +
                ",0,1,0,1,,done,completed,0.25,2,1,2023-11-14T22:14:20.000Z,"
                "2023-11-14T22:14:23.000Z,0.1,'=a\r\n" +
                run_id(1) + ",1,1,0,2,,running,,3,1,1,2023-11-14T22:15:23.000Z,,0.1,'=a\r\n");
  EXPECT_EQ(load_bytes(out() / "metrics.csv"),
            "run_id,epoch,name,value,time_ms\r\n" + run_id(0) +
                ",1,\"'@name, \"\"x\"\"\",0.1,1700000061000\r\n" + run_id(0) +
                ",1,loss,0.5,1700000061000\r\n" + run_id(0) + ",2,loss,0.25,1700000062000\r\n" +
                run_id(1) + ",1,loss,3,1700000124000\r\n");
}

TEST_F(CsvFiles, CallParametersThatHaveAColumnsNameByAnother) {
  study_.runs.resize(1);
  study_.runs[0].parameters = {{"seed", 7.0}, {"parameters.seed", true}};
  export_csv(*reader_, study_, out());
  const std::string text = load_bytes(out() / "runs.csv");
  EXPECT_NE(text.find(",ended,parameters.seed,parameters.parameters.seed\r\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("Z,true,7\r\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace glimpse::reports
