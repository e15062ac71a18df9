// Colours that colour-blind readers can tell apart: the chosen family in blues and greens, the
// rejected family in reds and oranges, unrelated responses in greys, shuffled ones dashed.

const dark = window.matchMedia("(prefers-color-scheme: dark)");
let printing = false;

function isDark() {
  return dark.matches && !printing;
}

/** name: [light, dark, width, dash] */
const KIND_STYLES = {
  chosen: ["#0b4fa8", "#6cb0ff", 3, "solid"],
  chosen_initial: ["#3f9fd8", "#9ad4f5", 1.8, "solid"],
  chosen_gptsemantic: ["#00795c", "#3fd0a5", 1.8, "solid"],
  chosen_gptformat: ["#5aa02c", "#a5d86e", 1.8, "solid"],
  chosen_selfr: ["#0f7f8c", "#5ed3df", 1.8, "solid"],
  rejected: ["#b3121d", "#ff7a7a", 3, "solid"],
  reject_gptsemantic: ["#e07a00", "#ffb35c", 1.8, "solid"],
  reject_gptformat: ["#d1587a", "#f6a1b8", 1.8, "solid"],
  irr_train: ["#3c4650", "#dbe2e8", 1.8, "solid"],
  irr_test: ["#75818c", "#aab5bf", 1.8, "solid"],
  irr_hum: ["#a3acb4", "#7d8892", 1.8, "solid"],
  random_permute: ["#7a5195", "#c9a4e3", 1.6, "dashed"],
  random_nonhum: ["#8a6d3b", "#d8bd8a", 1.6, "dashed"],
};
const OTHER_KINDS = [
  ["#0b4fa8", "#6cb0ff"], ["#b3121d", "#ff7a7a"], ["#00795c", "#3fd0a5"], ["#e07a00", "#ffb35c"],
  ["#7a5195", "#c9a4e3"], ["#3c4650", "#dbe2e8"], ["#0f7f8c", "#5ed3df"], ["#8a6d3b", "#d8bd8a"],
];
const RUN_COLOURS = [
  ["#0b4fa8", "#6cb0ff"], ["#e07a00", "#ffb35c"], ["#00795c", "#3fd0a5"], ["#8e3a9d", "#d9a2e6"],
  ["#b3121d", "#ff7a7a"], ["#75818c", "#aab5bf"],
];
const DASHES = ["solid", "dashed", "dotted"];

function shade(pair) {
  return pair[isDark() ? 1 : 0];
}

function kindStyle(kind, kinds) {
  const known = Object.hasOwn(KIND_STYLES, kind) ? KIND_STYLES[kind] : null;
  if (known) {
    return { color: shade(known), width: known[2], dash: known[3] };
  }
  const others = kinds.filter(name => !Object.hasOwn(KIND_STYLES, name));
  const number = Math.max(0, others.indexOf(kind));
  return {
    color: shade(OTHER_KINDS[number % OTHER_KINDS.length]),
    width: 1.8,
    dash: DASHES[Math.floor(number / OTHER_KINDS.length) % DASHES.length],
  };
}

function runStyle(number) {
  return {
    color: shade(RUN_COLOURS[number % RUN_COLOURS.length]),
    dash: DASHES[Math.floor(number / RUN_COLOURS.length) % DASHES.length],
  };
}

function theme() {
  return isDark()
    ? { ink: "#e7edf2", soft: "#a3b1bd", zero: "#5c6b78", line: "#2d3945", paper: "#17202a", alarm: "rgba(255,170,60,.13)", alarmInk: "#ffcf8a" }
    : { ink: "#17212b", soft: "#55636f", zero: "#9aa6b0", line: "#e3e8ec", paper: "#ffffff", alarm: "rgba(235,140,0,.12)", alarmInk: "#7a3d00" };
}

const DASH_LENGTHS = { solid: "none", dashed: "5 4", dotted: "2 3" };

/** A short line in a series' style, for legends. */
function swatch(style) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
  const put = (node, values) => Object.entries(values).forEach(([name, value]) => node.setAttribute(name, value));
  put(svg, { width: 22, height: 10, viewBox: "0 0 22 10", class: "swatch", "aria-hidden": "true" });
  put(line, {
    x1: 1, x2: 21, y1: 5, y2: 5, stroke: style.color, "stroke-width": style.width || 2.5,
    "stroke-dasharray": DASH_LENGTHS[style.dash] || "none",
  });
  svg.append(line);
  return svg;
}
