// Trust, residuals and kernel over the whole run.

const TRUST_LINES = [
  ["Spearman", 1, ["#0b4fa8", "#6cb0ff"], "solid"], ["slope", 2, ["#e07a00", "#ffb35c"], "dashed"],
  ["R\u00b2", 3, ["#00795c", "#3fd0a5"], "dotted"], ["remainder", 4, ["#75818c", "#aab5bf"], "dashed"],
];

function trustLines(run) {
  const rows = run.trust.steps;
  return TRUST_LINES.map(([name, column, colours, dash]) => ({
    name, x: rows.map(row => row[0]), y: rows.map(row => row[column]), style: { color: shade(colours), width: 2, dash },
  }));
}

/** The names of lines, for charts that are too narrow for names at the lines' ends. */
function lineLegend(lines) {
  return h("p", { class: "row small line-legend" }, lines.map(line => h("span", {}, swatch(line.style), line.name)));
}

function withLegend(what) {
  return Object.assign(what, { legend: () => lineLegend(what.lines) });
}

/** Figures far outside are cut off by the chart, not by its numbers. */
function describeTrust() {
  const lines = trustLines(influenceRun());
  const [low, high] = rangeOf(lines) || [0, 1];
  return withLegend({ lines, range: [Math.max(-1, Math.min(0, low)), Math.min(2, Math.max(1, high))], unit: "", labels: false });
}

function describeResidualCurves(measure) {
  const residuals = influenceRun().residuals;
  return () => withLegend({
    lines: Object.entries(residuals).map(([part, curves]) => ({
      name: PART_NAMES[part], x: curves.x, y: curves[measure].map(row => row[0]), low: curves[measure].map(row => row[1]), high: curves[measure].map(row => row[2]),
      style: { color: shade(PART_COLOURS[part]), width: 2, dash: part === "rejected" ? "dashed" : "solid" },
    })),
    unit: { g: "\u2016G\u2016", a: "\u2016A\u2016", c: "|c|" }[measure], labels: false,
  });
}

function describeKernel(name) {
  const kinds = influenceRun().kernel[name];
  return () => withLegend({
    lines: Object.entries(kinds).filter(([kind]) => !kind || state.kinds.has(kind)).map(([kind, rows]) => ({
      name: kind || name, x: rows.map(row => row[0]), y: rows.map(row => row[1]),
      low: kind ? rows.map(row => row[2] === null || row[1] === null ? null : row[1] - 1.96 * row[2]) : null,
      high: kind ? rows.map(row => row[2] === null || row[1] === null ? null : row[1] + 1.96 * row[2]) : null,
      style: kind ? kindStyle(kind, data.kinds) : { color: shade(["#0b4fa8", "#6cb0ff"]), width: 2 },
    })),
    unit: "", labels: false,
  });
}

const KERNEL_TITLES = {
  trace: ["Trace of the kernel K", "mean over pairs of probe and example; band: 1.96 mean standard errors"],
  frobenius: ["Size of the kernel, \u2016K\u2016", "mean over pairs; estimates with an error above 20 % are not recorded; band: 1.96 mean standard errors"],
  alignment: ["Drift of the kernel", "alignment with its first recording: 1 says that it only grew or shrank"],
};

function runFigures(run) {
  const residuals = Object.keys(run.residuals).length > 0;
  return [
    ...(run.trust.recordings ? [figure("Trust in the predictions", "1 is perfect, of the remainder 0; the axis ends at \u22121 and 2", "small", describeTrust)] : []),
    ...(residuals ? [
      figure("Pull of the loss, \u2016G\u2016", "mean over the recorded batch with its 95 % interval", "small", describeResidualCurves("g")),
      figure("Peakiness of what is learnt, \u2016A\u2016", "mean over the recorded batch with its 95 % interval", "small", describeResidualCurves("a")),
      figure("Coefficient of the loss, |c|", "mean over the recorded batch with its 95 % interval", "small", describeResidualCurves("c"))] : []),
    ...Object.keys(run.kernel).map(name => figure(...(KERNEL_TITLES[name] || ["Kernel: " + name, "mean with 1.96 mean standard errors"]), "small", describeKernel(name))),
  ];
}
