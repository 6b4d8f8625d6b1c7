"""What the judges share: results that the samples program makes, exported by the real program."""

import contextlib
import pathlib
import sqlite3
import subprocess
import sys
import tempfile


class Results:
    def __init__(self, folder):
        self.folder = folder
        samples, self.glimpse = sys.argv[1:3]
        subprocess.run([samples, folder / "results"], check=True)

    def export(self, format, *options):
        out = self.folder / format
        subprocess.run([self.glimpse, "export", format, "--study", "sweep", "--out", out,
                        "--results", self.folder / "results", *options], check=True)
        return out

    def connect(self):
        path = self.folder / "results" / "glimpse.db"
        return contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True))

    def rows(self, sql):
        with self.connect() as database:
            return database.execute(sql).fetchall()


@contextlib.contextmanager
def results():
    with tempfile.TemporaryDirectory() as folder:
        yield Results(pathlib.Path(folder))
