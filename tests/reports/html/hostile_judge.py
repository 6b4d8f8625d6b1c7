"""Reads a page full of hostile names with Python's HTML parser: hostile_judge.py SAMPLE_PAGE

Whatever the names say, the page has the elements and attributes of a page with harmless names, its
own script and no other, links within itself, and every name as text.
"""

import html.parser
import json
import subprocess
import sys
import xml.etree.ElementTree

VOID = {"meta", "img", "input", "br", "hr", "link"}


class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []
        self.tags = set()
        self.attributes = set()
        self.addresses = set()
        self.texts = []
        self.scripts = []
        self.faults = []

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        for name, value in attributes:
            self.attributes.add((tag, name))
            if name in ("href", "src"):
                self.addresses.add(value)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()} closes another element")

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.scripts[-1] += data
        else:
            self.texts.append(data)

    def handle_comment(self, data):
        self.faults.append(f"a comment: {data[:50]!r}")

    def unknown_decl(self, data):
        self.faults.append(f"a declaration: {data[:50]!r}")


def printed(program, what):
    return subprocess.run([program, what], check=True, capture_output=True).stdout.decode("utf-8")


def read(text):
    reader = Reader()
    reader.feed(text)
    reader.close()
    if reader.open:
        reader.faults.append(f"left open: {reader.open}")
    return reader


def main() -> int:
    program = sys.argv[1]
    harmless = read(printed(program, "tiny"))
    page = read(printed(program, "hostile"))
    faults = page.faults + harmless.faults
    # A table of deviations stands on the hostile page alone.
    for tag in page.tags - harmless.tags - {"ul", "li"}:
        faults.append(f"an element {tag}")
    for tag, name in page.attributes - harmless.attributes:
        faults.append(f"an attribute {name} of {tag}")
    if page.scripts != harmless.scripts or len(page.scripts) != 1:
        faults.append(f"{len(page.scripts)} scripts")
    for address in page.addresses:
        if not address.startswith(("#", "data:image/png;base64,")):
            faults.append(f"an address {address[:80]!r}")
    shown = "\n".join(page.texts)
    names = json.loads(printed(program, "names"))
    for name in names:
        if name[:60] not in shown:
            faults.append(f"not shown: {name[:60]!r}")
    # A chart alone is XML, which forgives nothing.
    chart = xml.etree.ElementTree.fromstring(printed(program, "svg"))
    labels = [text.text or "" for text in chart.iter("{http://www.w3.org/2000/svg}text")]
    kinds = {element.tag.rpartition("}")[2] for element in chart.iter()}
    if kinds - {"svg", "title", "desc", "style", "g", "text", "line", "rect", "path"}:
        faults.append(f"in the chart: {kinds}")
    if sum(label in names for label in labels) < 250:
        faults.append("the chart does not show the names")
    for fault in faults[:20]:
        print(fault)
    print(f"{len(names)} names, {len(page.tags)} kinds of elements, {len(faults)} faults")
    return 0 if not faults and len(names) == 500 and len(page.tags) > 30 else 1


if __name__ == "__main__":
    sys.exit(main())
