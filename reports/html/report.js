"use strict";
// Everything can be read without this: it sorts, filters, highlights and saves.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const make = (tag, text, parent) => {
  const element = document.createElement(tag);
  element.textContent = text;
  parent.append(element);
  return element;
};

// Light and dark: as the system has it, or by hand.
{
  const button = document.getElementById("scheme");
  const sheet = document.getElementById("dark");
  const ways = [["Auto", "screen and (prefers-color-scheme: dark)"], ["Light", "not all"],
    ["Dark", "screen"]];
  let way = 0;
  const show = () => {
    sheet.media = ways[way][1];
    button.textContent = ways[way][0];
    button.setAttribute("aria-label", "Colours: " + ways[way][0].toLowerCase());
  };
  button.onclick = () => {
    way = (way + 1) % ways.length;
    show();
  };
  button.hidden = false;
  show();
}

// Tables sort by a column's heading; what has no value comes last either way.
const sortBy = (table, column, descending) => {
  const body = table.tBodies[0];
  const key = (row) => {
    const cell = row.cells[column];
    if ("v" in cell.dataset) return Number(cell.dataset.v);
    const text = cell.textContent;
    return text === "\u2013" || text === "" ? null : text;
  };
  const order = (a, b) => {
    if (a === null || b === null) return (a === null) - (b === null);
    const less = typeof a === "number" && typeof b === "number" ? a - b
      : String(a).localeCompare(String(b), "en", {numeric: true});
    return descending ? -less : less;
  };
  const rows = [...body.rows].map((row) => [key(row), row]);
  rows.sort((a, b) => order(a[0], b[0]));
  body.append(...rows.map((pair) => pair[1]));
};
for (const table of all("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const name = head.textContent;
    head.textContent = "";
    make("button", name, head).onclick = () => {
      const descending = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      sortBy(table, column, descending);
    };
  });
}

// Pictures by model and by whether they were read right.
for (const form of all("form.filter")) {
  const cards = all(".card", form.parentElement);
  const show = () => {
    const {model, wrong} = form.elements;
    let shown = 0;
    for (const card of cards) {
      const isWrong = card.dataset.wrong !== "0";
      card.hidden = (model.value !== "" && card.dataset.model !== model.value) ||
        (wrong.value !== "" && isWrong !== (wrong.value === "wrong"));
      shown += card.hidden ? 0 : 1;
    }
    form.querySelector("output").textContent = shown + " of " + cards.length + " shown";
  };
  form.oninput = show;
  form.onsubmit = (event) => event.preventDefault();
  form.hidden = false;
  show();
}

// Parallel coordinates: the nearest line tells what it is, and ranges on axes keep some lines.
// Places are shares of an axis from its top, so that both drawings agree; 1.x lies below it.
for (const figure of all("figure.parallel")) {
  const rows = new Map(all("tr[data-row]", figure).map((row) => [row.dataset.row, row]));
  const readout = make("p", "", figure);
  readout.className = "readout";
  readout.setAttribute("role", "status");
  figure.querySelector("figcaption").before(readout);
  const ranges = [];
  let chosen = -1;
  const charts = all("svg.chart", figure).map((svg) => {
    const top = Number(svg.dataset.top);
    const height = Number(svg.dataset.bottom) - top;
    const lines = all(".lines path", svg).map((path) => ({
      path, row: path.dataset.row, label: path.dataset.label,
      at: path.dataset.y.split(",").map((y) => (Number(y) - top) / height),
    }));
    return {svg, top, height, lines, xs: svg.dataset.axes.split(",").map(Number),
      axes: all(".axis", svg)};
  });
  const keeps = (line) => ranges.every((range, axis) =>
    !range || (line.at[axis] >= range[0] && line.at[axis] <= range[1]));
  const update = () => {
    let kept = 0;
    charts.forEach((chart, number) => {
      all(".brush", chart.svg).forEach((old) => old.remove());
      ranges.forEach((range, axis) => {
        if (!range) return;
        const box = document.createElementNS(chart.svg.namespaceURI, "rect");
        box.setAttribute("class", "brush");
        box.setAttribute("x", chart.xs[axis] - 7);
        box.setAttribute("y", chart.top + range[0] * chart.height);
        box.setAttribute("width", 14);
        box.setAttribute("height", (range[1] - range[0]) * chart.height);
        chart.svg.append(box);
      });
      chart.axes.forEach((axis, i) => axis.classList.toggle("chosen", i === chosen));
      for (const line of chart.lines) {
        const isKept = keeps(line);
        line.path.classList.toggle("off", !isKept);
        if (number > 0) continue;
        kept += isKept ? 1 : 0;
        if (rows.has(line.row)) rows.get(line.row).hidden = !isKept;
      }
    });
    readout.textContent = kept + " of " + charts[0].lines.length + " trials";
  };
  const highlight = (chart, found) => {
    chart.lines.forEach((line) => line.path.classList.toggle("on", line === found));
    if (found) readout.textContent = found.label;
    else update();
  };
  for (const chart of charts) {
    const {svg, xs, top, height} = chart;
    const locate = (event) => {
      const box = svg.getBoundingClientRect();
      const scale = svg.viewBox.baseVal.width / box.width;
      return {x: (event.clientX - box.left) * scale,
        share: ((event.clientY - box.top) * scale - top) / height};
    };
    const nearestLine = (at) => {
      const right = Math.max(1, xs.findIndex((x) => x >= at.x));
      const part = (at.x - xs[right - 1]) / (xs[right] - xs[right - 1]);
      let best = null;
      let distance = 8 / height;
      for (const line of chart.lines) {
        const y = line.at[right - 1] * (1 - part) + line.at[right] * part;
        if (keeps(line) && Math.abs(y - at.share) < distance) {
          distance = Math.abs(y - at.share);
          best = line;
        }
      }
      return best;
    };
    let start = null;
    svg.onpointerdown = (event) => {
      const at = locate(event);
      const axis = xs.findIndex((x) => Math.abs(x - at.x) < 14);
      if (axis < 0) return;
      start = {axis, share: at.share};
      ranges[axis] = null;
      svg.setPointerCapture(event.pointerId);
      update();
    };
    svg.onpointermove = (event) => {
      const at = locate(event);
      if (!start) {
        highlight(chart, nearestLine(at));
        return;
      }
      const ends = [start.share, at.share].sort((a, b) => a - b);
      ranges[start.axis] = ends[1] - ends[0] > 0.01 ? [Math.max(ends[0], -0.05), ends[1]] : null;
      update();
    };
    svg.onpointerup = svg.onpointercancel = () => {
      start = null;
    };
    svg.onpointerleave = () => highlight(chart, null);
  }
  // The same by keyboard: left and right choose an axis, up and down move its range, with shift
  // they change its length; Escape lets go of all.
  const pad = figure.querySelector(".pad");
  pad.tabIndex = 0;
  pad.setAttribute("role", "group");
  pad.setAttribute("aria-label", "Parallel coordinates. Left and right choose an axis, up and " +
    "down move its range, with shift they change its length, Escape shows all trials.");
  pad.onkeydown = (event) => {
    const step = {ArrowUp: -0.05, ArrowDown: 0.05}[event.key];
    const turn = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    const count = charts[0].xs.length;
    if (turn) {
      chosen = chosen < 0 ? 0 : (chosen + turn + count) % count;
    } else if (step && chosen >= 0) {
      const [from, to] = ranges[chosen] || [-0.05, 0.3];
      ranges[chosen] = event.shiftKey ? [from, Math.max(from + 0.05, to + step)]
        : [from + step, to + step];
    } else if (event.key === "Escape") {
      ranges.length = 0;
      chosen = -1;
    } else {
      return;
    }
    event.preventDefault();
    update();
  };
  update();
}

// Figures as files for a paper: what is drawn now, and its numbers.
const save = (name, type, text) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], {type}));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
};
const drawingText = (svg) => {
  const css = document.getElementById("charts").textContent;
  const colours = new Map([...css.matchAll(/--(\w+): (#\w+)/g)].map((found) => [found[1], found[2]]));
  const copy = svg.cloneNode(true);
  const style = document.createElementNS(svg.namespaceURI, "style");
  // Other programs than browsers know no variables.
  style.textContent = css.replace(/var\(--(\w+)\)/g, (_, name) => colours.get(name)) +
    ".chart .ground { fill: #fff; }";
  copy.prepend(style);
  return new XMLSerializer().serializeToString(copy);
};
const csvText = (table) => [...table.rows].map((row) => [...row.cells].map((cell) => {
  const text = "v" in cell.dataset ? cell.dataset.v : cell.textContent;
  const isNumber = "v" in cell.dataset;
  return '"' + (!isNumber && /^[=+\-@\t\r]/.test(text) ? "'" : "") + text.replaceAll('"', '""') + '"';
}).join(",")).join("\r\n") + "\r\n";
for (const figure of all("figure")) {
  const tools = document.createElement("div");
  tools.className = "tools";
  make("button", "SVG", tools).onclick = () => all("svg.chart", figure)
    .filter((svg) => svg.getBoundingClientRect().width > 0)
    .forEach((svg) => save(svg.firstElementChild.id + ".svg", "image/svg+xml", drawingText(svg)));
  make("button", "CSV", tools).onclick = () => all("table", figure)
    .forEach((table) => save(table.id + ".csv", "text/csv", csvText(table)));
  figure.querySelector("figcaption").before(tools);
}
