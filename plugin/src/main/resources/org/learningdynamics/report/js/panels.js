// Charts by sequence of runs: likelihood, squeezing, shape.

const state = { kinds: new Set(), panels: new Set(), view: "change", band: "interval", squeezeKind: "" };
const listeners = [];

/** Changes what is shown and draws again. */
function show(change) {
  Object.assign(state, change);
  listeners.forEach(listener => listener());
  redraw();
}

const BANDS = {
  interval: { low: "low", high: "high", label: "95 % interval of the mean" },
  probes: { low: "q10", high: "q90", label: "middle 80 % of probes" },
  none: { label: "none" },
};
const VIEWS = { change: "change since the start", level: "log-probability" };

function shownPanels() {
  return data.panels.filter((panel, i) => state.panels.has(i));
}

function shownKinds(panel) {
  return data.kinds.filter(kind => state.kinds.has(kind) && panel.kinds[kind]);
}

function stagesOf(panel) {
  if (panel.runs.length < 2) {
    return [];
  }
  const end = panel.x[panel.x.length - 1];
  return panel.runs.map((name, i) => ({
    name, from: panel.starts[i], to: i + 1 < panel.starts.length ? panel.starts[i + 1] : end,
  }));
}

const ALARM_LABELS = { squeezing: "squeezing", displacement: "displacement", nan: "NaN", rewards_stuck: "rewards stuck" };

function alarmsOf(panel, codes) {
  return panel.alarms.filter(alarm => codes.includes(alarm.code))
    .map(alarm => ({ from: alarm.from, to: alarm.to, label: ALARM_LABELS[alarm.code] }));
}

function lineOf(panel, kind, measure, prefix, name, style) {
  const values = panel.kinds[kind][measure];
  const wanted = BANDS[state.band];
  const low = values[prefix + wanted.low] || (state.band === "probes" ? values[prefix + "low"] : null);
  const high = values[prefix + wanted.high] || (state.band === "probes" ? values[prefix + "high"] : null);
  return {
    name: name || kind, x: panel.x, y: values[prefix + "mean"], style: style || kindStyle(kind, data.kinds),
    low: wanted.low ? low : null, high: wanted.low ? high : null,
  };
}

/** Lines of a measure in every shown panel, so that panels can share their range. */
function measureLines(panel, measure) {
  const prefix = state.view === "change" && measure === "log_prob" ? "change_" : "";
  return shownKinds(panel).map(kind => lineOf(panel, kind, measure, prefix));
}

function measureChart(panel, measure, unit) {
  return () => ({
    lines: measureLines(panel, measure),
    range: rangeOf(shownPanels().flatMap(other => measureLines(other, measure))),
    unit: measure === "log_prob" ? (state.view === "change" ? "change (nats)" : "nats") : unit,
    signed: measure === "log_prob" && state.view === "change",
    stages: stagesOf(panel), alarms: measure === "log_prob" ? alarmsOf(panel, ["squeezing", "displacement", "nan"]) : [],
    labels: measure === "log_prob",
  });
}

function buildLikelihood() {
  renew("likelihood-panels", shownPanels().map(panel =>
    figure(panel.name, count(panel.recordings, "recording"), "", measureChart(panel, "log_prob"))));
}

const SHAPES = [
  ["peakiness", "Peakiness \u2016A\u2016", "How concentrated the distributions are: Frobenius norm of the Jacobian of log-softmax. Peaky models squeeze harder.", ""],
  ["gap", "Gap", "Mean distance between predicted distribution and response token; 0 if the response is certain.", ""],
  ["energy", "Pull-up energy", "Mean probability still missing at the response\u2019s tokens; what is left to learn.", ""],
  ["entropy", "Entropy", "Mean entropy of the distributions; 0 if the model is sure of one token.", "nats per token"],
];

function buildShapes() {
  renew("shape-panels", SHAPES.map(([measure, title, explanation, unit]) =>
    h("div", { class: "shape-row" }, h("h3", {}, title), h("p", { class: "explain" }, explanation),
      h("div", { class: "panels" }, shownPanels().map(panel =>
        figure(panel.name, "", "small", measureChart(panel, measure, unit), title))))));
}

const PARTS = [
  ["argmax_log_prob", "argmax", ["#0b4fa8", "#6cb0ff"], "solid"],
  ["log_prob", "response", ["#e07a00", "#ffb35c"], "solid"],
  ["rest_log_prob", "rest", ["#75818c", "#aab5bf"], "dashed"],
];

function squeezeLines(panel) {
  const kind = state.squeezeKind;
  if (!panel.kinds[kind]) {
    return [];
  }
  const prefix = state.view === "change" ? "change_" : "";
  const lines = PARTS.map(([measure, name, colours, dash]) =>
    lineOf(panel, kind, measure, prefix, name, { color: shade(colours), width: 2.4, dash }));
  if (state.view === "change") {
    panel.kinds[kind].fits.filter(fit => fit.slope !== null).forEach((fit, i) => lines.push({
      name: "rest, fitted in " + panel.runs[i], x: fit.x, y: fit.y, quiet: true,
      style: { color: shade(["#75818c", "#aab5bf"]), width: 1.4, dash: "dotted" },
    }));
  }
  return lines;
}

function fitNote(panel) {
  const kind = panel.kinds[state.squeezeKind];
  if (!kind) {
    return "not recorded here";
  }
  const parts = kind.fits.map((fit, i) => fit.slope === null ? null
    : "rest " + num(fit.slope * 100, true) + " nats per 100 iterations in " + panel.runs[i] + " (R\u00b2 " + num(fit.r2) + ")");
  return parts.filter(Boolean).join("; ");
}

function buildSqueezing() {
  renew("squeezing-panels", shownPanels().map(panel => figure(panel.name, fitNote(panel), "medium", () => ({
    lines: squeezeLines(panel),
    range: rangeOf(shownPanels().flatMap(squeezeLines)),
    unit: state.view === "change" ? "change (nats)" : "nats", signed: state.view === "change",
    stages: stagesOf(panel), alarms: alarmsOf(panel, ["squeezing"]), labels: true,
  }))));
}

function renew(id, children) {
  const container = byId(id);
  dropCharts(container);
  container.replaceChildren(...(children.length ? children : [h("p", { class: "empty" }, "No runs are selected.")]));
}

function buildPanels() {
  buildLikelihood();
  buildSqueezing();
  buildShapes();
}
