// Charts by sequence of runs: likelihood, squeezing, shape.

const state = { kinds: new Set(), runs: new Set(), view: "change", band: "interval", squeezeKind: "", layout: "run", squeezeStages: "last" };
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
const LAYOUTS = { run: "line of training", kind: "kind" };
const VIEWS = { change: "change since the start", level: "log-probability" };

/** The numbers of a panel's shown runs. */
function stagesShown(panel) {
  if (panel.only !== undefined) {
    return [panel.only];
  }
  return panel.runs.map((name, i) => i).filter(i => state.runs.has(panel.runs[i]));
}

/** A panel reduced to its last shown run. */
function lastStage(panel) {
  return Object.assign({}, panel, { only: stagesShown(panel).at(-1), alarms: panel.alarms.filter(alarm => alarm.run === panel.runs[stagesShown(panel).at(-1)]) });
}

function panelName(panel) {
  return stagesShown(panel).map(i => panel.runs[i]).join(" \u2192 ");
}

/** The panels with a shown run; those that would look the same only once. */
function shownPanels() {
  const names = data.panels.map(panelName);
  return data.panels.filter((panel, i) => names[i] && names.indexOf(names[i]) === i);
}

function shownKinds(panel) {
  return data.kinds.filter(kind => state.kinds.has(kind) && panel.kinds[kind]);
}

/** The indexes of the points that belong to shown runs. */
function pointsShown(at, panel) {
  const stages = new Set(stagesShown(panel));
  return at.map((stage, i) => i).filter(i => stages.has(at[i]));
}

function pick(values, points) {
  return values ? points.map(i => values[i]) : null;
}

function stagesOf(panel) {
  const shown = stagesShown(panel);
  return shown.length < 2 ? [] : shown.map(i => Object.assign({ name: panel.runs[i] }, spanOf(panel, i)));
}

/** Where the first shown run begins; iterations are counted from there. */
function origin(panel) {
  return panel.starts[stagesShown(panel)[0]] || 0;
}

function spanOf(panel, stage) {
  const last = stage + 1 === panel.starts.length;
  const end = last ? panel.x[panel.x.length - 1] : panel.starts[stage + 1];
  return { from: panel.starts[stage] - origin(panel), to: end - origin(panel) };
}

/** The iterations of points, counted from the first shown run's beginning. */
function iterations(x, points, panel) {
  return points.map(i => x[i] - origin(panel));
}

const ALARM_LABELS = { squeezing: "squeezing", displacement: "displacement", nan: "NaN", rewards_stuck: "rewards stuck" };

function alarmsOf(panel, codes) {
  return panel.alarms.filter(alarm => codes.includes(alarm.code) && state.runs.has(alarm.run))
    .map(alarm => ({ from: alarm.from - origin(panel), to: alarm.to - origin(panel), label: ALARM_LABELS[alarm.code] }));
}

/** The curve of a kind's measure, as level or as change since the first shown run's beginning. */
function lineOf(panel, kind, measure, change, name, style) {
  const values = panel.kinds[kind][measure];
  const from = change ? values.changes[stagesShown(panel)[0]] : values;
  const points = pointsShown(panel.at, panel);
  const wanted = BANDS[state.band];
  const band = side => wanted[side] ? pick(from[wanted[side]] || from[side], points) : null;
  return {
    name: name || kind, x: iterations(panel.x, points, panel), y: pick(from.mean, points),
    style: style || kindStyle(kind, data.kinds), low: band("low"), high: band("high"),
  };
}

/** The largest size in lines. */
function sizeOf(lines) {
  return Math.max(0, ...lines.flatMap(line => line.y).filter(value => value !== null).map(Math.abs));
}

/** Those whose lines are of the same order as one's: they share its scale, others would lie flat. */
function alike(all, one, linesOf) {
  const size = sizeOf(linesOf(one));
  return all.filter(other => { const ratio = sizeOf(linesOf(other)) / size; return ratio > 0.25 && ratio < 4; });
}

/** Lines of a measure in every shown panel, so that panels can share their range. */
function measureLines(panel, measure) {
  const change = state.view === "change" && measure === "log_prob";
  return shownKinds(panel).map(kind => lineOf(panel, kind, measure, change));
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

/** One kind in all shown panels, to lay runs over each other. */
function overlayLines(kind) {
  return state.kinds.has(kind) ? shownPanels().filter(panel => panel.kinds[kind]).map(panel =>
    lineOf(panel, kind, "log_prob", state.view === "change", panelName(panel), runStyle(data.panels.indexOf(panel)))) : [];
}

function overlayFigure(kind) {
  return figure(kind, "", "small", () => ({
    lines: overlayLines(kind), unit: state.view === "change" ? "change (nats)" : "nats", signed: state.view === "change", labels: false,
    empty: state.kinds.has(kind) ? undefined : "This kind is switched off.",
  }), "");
}

function buildLikelihood() {
  const byKind = state.layout === "kind" && shownPanels().length > 1;
  byId("likelihood-panels").className = byKind ? "grid" : "panels";
  fill("likelihood-legend", ...(byKind ? shownPanels().map(panel =>
    h("span", {}, swatch(runStyle(data.panels.indexOf(panel))), panelName(panel))) : []));
  renew("likelihood-panels", byKind ? data.kinds.filter(kind => shownPanels().some(panel => panel.kinds[kind])).map(overlayFigure)
    : shownPanels().map(panel => figure(panelName(panel), "", "", measureChart(panel, "log_prob"))));
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
        figure(panelName(panel), "", "small", measureChart(panel, measure, unit), title))))));
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
  const lines = PARTS.map(([measure, name, colours, dash]) =>
    lineOf(panel, kind, measure, state.view === "change", name, { color: shade(colours), width: 2.4, dash }));
  return state.view === "change" ? lines.concat(fitLines(panel, panel.kinds[kind])) : lines;
}

/** The lines fitted to the rest in each run, moved to the base that is shown. */
function fitLines(panel, kind) {
  const changes = kind.rest_log_prob.changes;
  const base = stagesShown(panel)[0];
  return stagesShown(panel).filter(i => kind.fits[i].slope !== null).map(i => {
    const begin = panel.at.indexOf(i);
    const shift = changes[base].mean[begin] - changes[0].mean[begin];
    return {
      name: "rest, fitted in " + panel.runs[i], x: kind.fits[i].x.map(x => x - origin(panel)), y: kind.fits[i].y.map(y => y + shift), quiet: true,
      style: { color: shade(["#75818c", "#aab5bf"]), width: 1.4, dash: "dotted" },
    };
  });
}

function fitNote(panel) {
  const kind = panel.kinds[state.squeezeKind];
  if (!kind) {
    return "not recorded here";
  }
  return stagesShown(panel).filter(i => kind.fits[i].slope !== null).map(i => "rest " + num(kind.fits[i].slope * 100, true)
    + " nats per 100 iterations in " + panel.runs[i] + " (R\u00b2 " + num(kind.fits[i].r2) + ")").join("; ");
}

const SQUEEZE_STAGES = { last: "last run of each line", all: "all shown runs" };

function squeezePanels() {
  return state.squeezeStages === "all" ? shownPanels() : shownPanels().map(lastStage);
}

function buildSqueezing() {
  const panels = squeezePanels();
  renew("squeezing-panels", panels.map(panel => figure(panelName(panel), fitNote(panel), "medium", () => ({
    lines: squeezeLines(panel),
    range: rangeOf(alike(panels, panel, squeezeLines).flatMap(squeezeLines)),
    unit: state.view === "change" ? "change (nats)" : "nats", signed: state.view === "change",
    stages: stagesOf(panel), alarms: alarmsOf(panel, ["squeezing"]), labels: true,
  }))));
  renew("against-panels", panels.map(panel =>
    figure(panelName(panel), againstNote(panel), "medium", againstChart(panel), "Argmax against rest")));
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
