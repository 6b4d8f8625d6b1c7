"""Uses a report as its readers do, in Debian's chromium: web_test.py SAMPLE_PAGE FOLDER CHROMIUM

SAMPLE_PAGE prints the pages. FOLDER gets them, and screenshots in light and dark at two widths.
"""

import pathlib
import subprocess
import sys
import unittest

from axe_playwright_python.sync_playwright import Axe

import browser
import take_screenshots

program, folder, chromium = None, None, None


def page_of(name):
    path = folder / f"{name}.html"
    path.write_bytes(subprocess.run([program, name], check=True, capture_output=True).stdout)
    return path


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.opened = browser.opened(chromium)
        cls.chromium = cls.opened.__enter__()
        cls.path = page_of("table")

    @classmethod
    def tearDownClass(cls):
        cls.opened.__exit__(None, None, None)

    def show(self, path=None, **context):
        context.setdefault("viewport", {"width": 1280, "height": 900})
        shown = browser.Watched(self.chromium, path or self.path, **context)
        self.addCleanup(shown.context.close)
        self.shown = shown
        return shown.page

    def check_quiet(self):
        self.assertEqual(self.shown.complaints, [])
        self.assertEqual(self.shown.requests, [])

    def column(self, page, table, number):
        return page.locator(f"#{table} tbody tr > :nth-child({number})").all_inner_texts()

    def test_sorts_by_keyboard(self):
        page = self.show()
        head = page.locator("#cells thead th").nth(2)
        head.locator("button").focus()
        page.keyboard.press("Enter")
        self.assertEqual(head.get_attribute("aria-sort"), "ascending")
        means = self.column(page, "cells", 3)
        numbers = [float(mean) for mean in means[:-1]]
        self.assertEqual(numbers, sorted(numbers))
        self.assertEqual(means[-1], "\u2013")  # no mean comes last ...
        page.keyboard.press("Enter")
        self.assertEqual(head.get_attribute("aria-sort"), "descending")
        means = self.column(page, "cells", 3)
        self.assertEqual([float(mean) for mean in means[:-1]], numbers[::-1])
        self.assertEqual(means[-1], "\u2013")  # ... either way
        page.locator("#cells thead th button").first.press("Space")
        names = self.column(page, "cells", 1)
        self.assertEqual(names, sorted(names))
        self.assertIsNone(head.get_attribute("aria-sort"))
        self.check_quiet()

    def test_filters_pictures(self):
        page = self.show()
        cards = page.locator(".card")
        every = cards.count()
        page.locator("select[name=wrong]").select_option("wrong")
        wrong = page.locator(".card:visible").count()
        self.assertTrue(0 < wrong < every)
        self.assertEqual(page.locator(".card[data-wrong='0']:visible").count(), 0)
        page.locator("select[name=wrong]").select_option("right")
        self.assertEqual(page.locator(".card:visible").count(), every - wrong)
        page.locator("select[name=model]").select_option(label="conv")
        shown = page.locator(".card:visible")
        self.assertTrue(all("conv," in text for text in shown.all_inner_texts()))
        self.assertEqual(page.locator("output").inner_text(), f"{shown.count()} of {every} shown")
        self.check_quiet()

    def kept(self, page):
        return page.locator("figure.parallel .wide .lines path:not(.off)").count()

    def test_brushes_an_axis(self):
        page = self.show()
        chart = page.locator("figure.parallel .wide svg")
        chart.scroll_into_view_if_needed()
        box = chart.bounding_box()
        scale = box["width"] / 960
        every = self.kept(page)
        x = box["x"] + (960 - 34) * scale  # the outcome's axis; small values lie low
        page.mouse.move(x, box["y"] + 200 * scale)
        page.mouse.down()
        page.mouse.move(x, box["y"] + 272 * scale, steps=4)
        page.mouse.up()
        kept = self.kept(page)
        self.assertTrue(0 < kept < every)
        readout = page.locator("figure.parallel .readout")
        page.mouse.move(0, 0)
        self.assertEqual(readout.inner_text(), f"{kept} of {every} trials")
        page.locator("figure.parallel summary").click()
        self.assertEqual(page.locator("#trials tbody tr:visible").count(), kept)
        page.mouse.click(x, box["y"] + 40 * scale)
        self.assertEqual(self.kept(page), every)
        self.check_quiet()

    def test_brushes_by_keyboard(self):
        page = self.show()
        every = self.kept(page)
        pad = page.locator("figure.parallel .pad")
        pad.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
        kept = self.kept(page)
        self.assertTrue(0 < kept < every)
        for _ in range(20):
            page.keyboard.press("Shift+ArrowDown")
        self.assertGreater(self.kept(page), kept)
        page.keyboard.press("Escape")
        self.assertEqual(self.kept(page), every)
        self.check_quiet()

    def test_tells_the_line_under_the_pointer(self):
        page = self.show()
        chart = page.locator("figure.parallel .wide svg")
        chart.scroll_into_view_if_needed()
        line = page.locator("figure.parallel .wide .lines path").last
        scale = chart.bounding_box()["width"] / 960
        first = float(line.get_attribute("data-y").split(",")[0])
        second = float(line.get_attribute("data-y").split(",")[1])
        box = chart.bounding_box()
        page.mouse.move(
            box["x"] + (34 + 111.5) * scale, box["y"] + (first + second) / 2 * scale
        )
        self.assertRegex(
            page.locator("figure.parallel .readout").inner_text(),
            "^[0-9a-f]{8}: model .*, valid_error [0-9.]+$",
        )
        self.assertEqual(page.locator("figure.parallel .wide path.on").count(), 1)
        self.check_quiet()

    def test_switches_curves_without_a_script(self):
        page = self.show(java_script_enabled=False)
        self.assertTrue(page.locator(".log.epochs").is_visible())
        page.locator("#tolog").uncheck()
        self.assertTrue(page.locator(".linear.epochs").is_visible())
        self.assertFalse(page.locator(".log.epochs").is_visible())
        page.locator("label[for=totime]").click()
        self.assertTrue(page.locator(".linear.time").is_visible())
        self.assertEqual(page.locator(".views > :visible").count(), 1)

    def test_is_whole_without_a_script(self):
        page = self.show(java_script_enabled=False)
        self.assertEqual(page.locator("button:visible").count(), 0)
        self.assertEqual(page.locator("form:visible").count(), 0)
        self.assertEqual(page.locator("section").count(), 10)
        self.assertEqual(page.locator(".card:visible").count(), page.locator(".card").count())
        self.check_quiet()

    def test_switches_colours_by_hand(self):
        page = self.show(color_scheme="light")
        ground = "getComputedStyle(document.body).backgroundColor"
        light = page.evaluate(ground)
        page.locator("#scheme").click()
        self.assertEqual(page.evaluate(ground), light)
        page.locator("#scheme").click()
        dark = page.evaluate(ground)
        self.assertNotEqual(dark, light)
        page.emulate_media(media="print")
        self.assertEqual(page.evaluate(ground), light)
        page.emulate_media(media="screen", color_scheme="dark")
        page.locator("#scheme").click()
        self.assertEqual(page.evaluate(ground), dark)

    def test_saves_figures(self):
        page = self.show()
        figure = page.locator("#seeds figure")
        with page.expect_download() as saved:
            figure.get_by_role("button", name="SVG").click()
        svg = pathlib.Path(saved.value.path()).read_text("utf-8")
        self.assertNotIn("var(", svg)
        self.assertIn("#0072b2", svg)
        with page.expect_download() as saved:
            figure.get_by_role("button", name="CSV").click()
        lines = pathlib.Path(saved.value.path()).read_text("utf-8").splitlines()
        self.assertEqual(saved.value.suggested_filename, "strips.csv")
        self.assertEqual(len(lines), 10)
        self.assertTrue(lines[1].startswith('"rnn-spn, downsample 1","5","1.8'))
        self.check_quiet()

    def test_refuses_other_scripts(self):
        page = self.show()
        # The driver's own calls are not bound by a page's policy; what it adds to the page is.
        page.evaluate(
            "const s = document.createElement('script');"
            "s.textContent = 'document.title = \"owned\"'; document.body.append(s);"
        )
        self.assertNotEqual(page.title(), "owned")
        self.assertEqual(len(self.shown.complaints), 1)
        self.assertIn("Content Security Policy", self.shown.complaints[0])

    def test_obeys_no_hostile_name(self):
        page = self.show(page_of("hostile"))
        page.on("dialog", lambda dialog: self.fail("a dialog"))
        for head in page.locator("thead th button").all()[:20]:
            head.click()
        self.check_quiet()

    def test_fits_narrow_screens(self):
        for name in ("table", "tiny", "empty", "hostile"):
            for width in (320, 390, 800):
                page = self.show(page_of(name), viewport={"width": width, "height": 900})
                wide = page.evaluate("document.documentElement.scrollWidth")
                self.assertLessEqual(wide, width, name)

    def test_is_found_accessible(self):
        for name in ("table", "tiny", "empty"):
            path = page_of(name)
            for scheme in ("light", "dark"):
                page = self.show(path, color_scheme=scheme)
                for summary in page.locator("summary").all():
                    summary.click()
                found = Axe().run(page).response["violations"]
                told = [(f["id"], f["impact"], f["nodes"][0]["html"][:200]) for f in found]
                self.assertEqual(told, [], f"{name}, {scheme}")


if __name__ == "__main__":
    program, folder, chromium = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    folder.mkdir(parents=True, exist_ok=True)
    take_screenshots.take(page_of("table"), folder, chromium)
    unittest.main(argv=sys.argv[:1], verbosity=2)
