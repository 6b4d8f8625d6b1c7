"""Compiles the LaTeX of a report, and that of hostile names, as a paper would.

check_latex.py PDFLATEX FILE...

Each file is pasted into a plain article. LaTeX has to end without an error, and without an overfull
line in the table of the first file.
"""

import pathlib
import subprocess
import sys
import tempfile

DOCUMENT = """\\documentclass{article}
\\usepackage[T1]{fontenc}
\\usepackage{booktabs}
\\usepackage{siunitx}
\\usepackage{textcomp}
\\begin{document}
%s
\\end{document}
"""


def compile_report(pdflatex, table, folder):
    """What LaTeX says; ends the test where it fails."""
    (folder / "paper.tex").write_text(DOCUMENT % table, encoding="utf-8")
    done = subprocess.run(
        [pdflatex, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "paper.tex"],
        cwd=folder, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0:
        sys.exit(f"pdflatex failed:\n{done.stdout[-3000:]}")
    return done.stdout


def main(pdflatex, files):
    for number, file in enumerate(files):
        with tempfile.TemporaryDirectory() as folder:
            said = compile_report(pdflatex, pathlib.Path(file).read_text(encoding="utf-8"),
                                  pathlib.Path(folder))
            if number == 0 and "Overfull" in said:
                sys.exit(f"{file}: a line is too long for the page:\n{said[-3000:]}")
    # The compiler is no rubber stamp.
    with tempfile.TemporaryDirectory() as folder:
        try:
            compile_report(pdflatex, "\\undefined{50 % of $x_1}", pathlib.Path(folder))
        except SystemExit:
            return
    sys.exit("a broken document compiled")


main(sys.argv[1], sys.argv[2:])
