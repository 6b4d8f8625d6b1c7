"""`glimpse run` as a job of a real Slurm: the README's batch scripts, their signals and their end.

check_slurm.py SOURCE_TREE BUILD_TREE
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import loopback

SOURCE, BUILD = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
STUDY = "docs/examples/line.json"
EPOCHS = 240  # of all its trials
CELLS = "select parameters, n, mean from v_cells where name = 'loss' order by parameters"

# The node has two cores; everything else in the scripts stays as it is.
SMALLER = {"--nodes=4": "--nodes=1", "--cpus-per-task=16": "--cpus-per-task=2"}


def batch_scripts():
    """Those of the README: through srun, and through mpirun."""
    text = (SOURCE / "README.md").read_text()
    scripts = re.findall(r"^```bash\n(#!/bin/bash\n#SBATCH.*?)^```$", text, re.M | re.S)
    for large, small in SMALLER.items():
        scripts = [script.replace(large, small) for script in scripts]
    return scripts


class Slurm(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=CLUSTER.folder)
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "docs").symlink_to(SOURCE / "docs")

    def call(self, *command, timeout=90):
        return subprocess.run(command, cwd=self.folder, env=CLUSTER.env, text=True,
                              capture_output=True, timeout=timeout)

    def query(self, sql):
        return self.call("glimpse", "query", sql, "--format", "csv").stdout.split("\n", 1)[-1]

    def count(self, sql):
        number = self.query(sql).strip()
        return int(number) if number.isdigit() else 0

    def submit(self, script, *options):
        (self.folder / "job.sh").write_text(script)
        submitted = self.call("sbatch", "--parsable", *options, "job.sh")
        self.assertEqual(submitted.returncode, 0, submitted.stderr)
        return submitted.stdout.strip()

    def end_of(self, job, seconds=60):
        """Its state and exit code, as in FAILED 75:0."""
        def fields():
            shown = CLUSTER.tell("scontrol", "show", "job", job)
            return re.findall(r"(?:JobState|ExitCode)=(\S+)", shown)
        done = {"COMPLETED", "FAILED", "TIMEOUT", "CANCELLED", "NODE_FAIL"}
        CLUSTER.wait_until(lambda: fields()[0] in done, seconds)
        return " ".join(fields())

    def printed(self):
        return "".join(path.read_text() for path in self.folder.glob("*.out"))

    def interrupt_and_go_on(self, script, *scancel):
        first = self.submit(script)
        CLUSTER.wait_until(lambda: self.count("select count(*) from v_metrics") >= 3, 30)
        CLUSTER.tell("scancel", *scancel, "-s", "USR1", first)
        self.assertEqual(self.end_of(first), "FAILED 75:0", self.printed())
        self.assertLess(self.count("select count(*) from v_metrics"), EPOCHS)
        self.assertEqual(
            self.count("select count(*) from v_attempts where state = 'failed'"), 0,
            self.printed())
        second = self.submit(script)
        self.assertEqual(self.end_of(second), "COMPLETED 0:0", self.printed())
        self.assertEqual(self.count("select count(*) from v_metrics"), EPOCHS)
        return self.query(CELLS)

    def cells_on_one_machine(self):
        done = self.call("glimpse", "run", STUDY, "--results", "alone")
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.call("glimpse", "query", CELLS, "--format", "csv", "--results",
                         "alone").stdout.split("\n", 1)[-1]

    def test_two_ranks_of_srun_give_the_cells_of_one_machine(self):
        done = self.call("srun", "--mpi=pmix", "-n", "2", "glimpse", "run", STUDY)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("learning_rate", done.stdout)
        self.assertEqual(self.query(CELLS), self.cells_on_one_machine())

    def test_copies_that_know_nothing_of_each_other_run_nothing(self):
        done = self.call("srun", "--mpi=none", "-n", "2", "glimpse", "run", STUDY)
        self.assertNotEqual(done.returncode, 0)
        self.assertNotEqual(done.stderr, "")
        self.assertEqual(self.count("select count(*) from v_attempts"), 0)

    def test_the_batch_script_saves_when_warned_and_goes_on_when_submitted_again(self):
        cells = self.interrupt_and_go_on(batch_scripts()[0])
        self.assertEqual(cells, self.cells_on_one_machine())

    def test_the_batch_script_for_mpirun_does_so_too(self):
        cells = self.interrupt_and_go_on(batch_scripts()[1], "-b")
        self.assertEqual(cells, self.cells_on_one_machine())

    def test_a_job_saves_before_its_time_is_over(self):
        (self.folder / "endless.sh").write_text(
            "trap 'exit 75' TERM\nwhile true; do sleep 0.1; done\n")
        (self.folder / "endless.json").write_text(
            '{"name": "endless", "kind": "command", "command": ["bash", "endless.sh"],'
            ' "parameters": {"x": {"value": 1}}, "metric": {"name": "loss"}}')
        # Slurm 22.05 does not set what newer ones do, so the job does, as the README says.
        job = self.submit(
            "#!/bin/bash\n"
            "export SLURM_JOB_END_TIME=$(date -d \"$(squeue -h -j $SLURM_JOB_ID -o %e)\" +%s)\n"
            "exec srun --mpi=pmix glimpse run ./endless.json\n",
            "--time=1", "--output=endless.out")
        self.assertEqual(self.end_of(job, 120), "FAILED 75:0", self.printed())
        self.assertEqual(self.query("select state from v_attempts").strip(), "stopped")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        with loopback.Loopback(folder, loopback.environment(BUILD)) as CLUSTER:
            program = unittest.main(argv=sys.argv[:1] + sys.argv[3:], exit=False, verbosity=2)
    sys.exit(not program.result.wasSuccessful())
