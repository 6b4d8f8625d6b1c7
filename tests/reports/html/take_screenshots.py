"""Shows a page as people see it: take_screenshots.py PAGE.html FOLDER CHROMIUM

Writes FOLDER/1280-light.png, 1280-dark.png, 390-light.png, 390-dark.png and print.pdf.
"""

import pathlib
import sys

import browser


def take(page, folder, program):
    with browser.opened(program) as chromium:
        for width in (1280, 390):
            for scheme in ("light", "dark"):
                shown = browser.Watched(
                    chromium,
                    page,
                    viewport={"width": width, "height": 900},
                    color_scheme=scheme,
                )
                shown.page.screenshot(path=folder / f"{width}-{scheme}.png", full_page=True)
                shown.context.close()
        shown = browser.Watched(chromium, page)
        shown.page.pdf(path=folder / "print.pdf", format="A4")


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    take(pathlib.Path(sys.argv[1]), target, sys.argv[3])
