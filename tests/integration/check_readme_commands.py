"""Runs every command of the README, in its order, in one folder that looks like a fresh checkout.

check_readme_commands.py SOURCE_TREE BUILD_TREE

What a fence of `sh` says is run by bash, line by line as it stands; any line that fails ends the
test. SHORTER and ELSEWHERE hold all that is done differently, each with its reason, and each has to
be found in the README, so neither outlives what it speaks of. Batch scripts are fences of `bash`;
tests/slurm/check_slurm.py runs them.
"""

import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

# Minutes of training that prove nothing more: the same trials with fewer images.
SMALL = " epochs=2 dataset.train=200 dataset.valid=100 dataset.test=100"
SHORTER = {
    "glimpse reproduce table1 --preset smoke ": "glimpse reproduce table1 --preset smoke" + SMALL + " ",
    "glimpse run table1-smoke ": "glimpse run table1-smoke" + SMALL + " ",
    # As a benchmark it takes minutes; here it only has to work.
    "glimpse-worker bench\n": "glimpse-worker bench trial.json --steps 3\n",
}
# Blocks that are not run here, by their first words.
ELSEWHERE = {
    "scripts/demo ": "it installs packages; scripts/test itself runs this test",
    "cmake -S . -B build ": "a whole build; preset.* and packaging.* are such builds",
    "cmake --workflow --preset cuda": "a whole build; preset.cuda and packaging.bundle are it",
    "glimpse-worker bench --compare": "a benchmark: bench.* of ctest -C Bench",
}


def blocks(readme):
    """(line number, text) of each fence of sh."""
    for found in re.finditer(r"^```sh\n(.*?)^```$", readme, re.M | re.S):
        yield readme.count("\n", 0, found.start()) + 2, found.group(1)


def make_checkout(source, build, folder):
    for name in ("docs", "experiments", "scripts", "tests"):
        (folder / name).symlink_to(source / name)
    (folder / "build").mkdir()
    (folder / "build" / "release").symlink_to(build)


def environment(folder, build):
    kept = {k: v for k, v in os.environ.items() if k.startswith(("OMPI_", "PRTE_"))}
    home = folder / "home"
    home.mkdir()
    return {
        **kept,
        "PATH": f"{build}/bin:{os.environ['PATH']}",
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "GLIMPSE_SLOTS": "2",  # whatever machine this is
    }


def shortened(text, used):
    for long, short in SHORTER.items():
        if long in text:
            used.add(long)
            text = text.replace(long, short)
    return text


def run(text, folder, env):
    """Gives the exit code and what was printed; ends all that the block started, after 5 minutes."""
    process = subprocess.Popen(
        ["bash", "-euxo", "pipefail", "-c", text], cwd=folder, env=env, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True)
    try:
        printed, _ = process.communicate(timeout=300)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        printed, _ = process.communicate()
    return process.returncode, printed


def main():
    source, build = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    readme = (source / "README.md").read_text()
    used = set()
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make_checkout(source, build, folder)
        env = environment(folder, build)
        for line, text in blocks(readme):
            skipped = next((word for word in ELSEWHERE if text.startswith(word)), None)
            if skipped:
                used.add(skipped)
                print(f"README.md:{line}: elsewhere: {ELSEWHERE[skipped]}")
                continue
            code, printed = run(shortened(text, used), folder, env)
            print(f"README.md:{line}: {'runs' if code == 0 else 'ends with %d' % code}", flush=True)
            if code != 0:
                failed += 1
                print(printed[-4000:])
        subprocess.run([build / "bin" / "glimpse", "stop", "--all", "--wait"], cwd=folder, env=env,
                       capture_output=True)
    for unused in (SHORTER.keys() | ELSEWHERE.keys()) - used:
        failed += 1
        print(f"the README has no {unused!r} any more")
    return 1 if failed else 0


sys.exit(main())
