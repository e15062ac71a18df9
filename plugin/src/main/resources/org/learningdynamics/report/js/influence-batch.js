// The batch behind the chosen recording: heat maps, predicted against actual, residuals, parts.

const CHART_FONT = { fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif" };

const PART_NAMES = { chosen: "y\u207a (chosen)", rejected: "y\u207b (rejected)", response: "response" };
const PART_COLOURS = { chosen: ["#0b4fa8", "#6cb0ff"], rejected: ["#b3121d", "#ff7a7a"], response: ["#0b4fa8", "#6cb0ff"] };

function plainAxis(colours, more) {
  const text = { color: colours.soft, fontSize: 11 };
  return Object.assign({
    axisLabel: Object.assign({ hideOverlap: true }, text), nameTextStyle: text, axisTick: { show: false },
    axisLine: { lineStyle: { color: colours.soft } }, splitLine: { lineStyle: { color: colours.line } },
  }, more);
}

function valueAxis(colours, name, more) {
  return plainAxis(colours, Object.assign({ type: "value", name, scale: true,
    axisLabel: { color: colours.soft, fontSize: 11, hideOverlap: true, formatter: value => minus(value.toLocaleString("en-US", { maximumSignificantDigits: 4 })) } }, more));
}

function tipBox(colours, formatter) {
  return { trigger: "item", confine: true, renderMode: "html", backgroundColor: colours.paper, borderColor: colours.line,
    padding: [6, 10], formatter };
}

/** What the heat map can show: influences whole and by part, the kernel where it was measured. */
function matricesOf(run) {
  const parts = run.parts.filter(part => part !== "").map(part => [part, "influence through " + PART_NAMES[part]]);
  const kernels = [...new Set(run.recordings.flatMap(recording => Object.keys(recording.kernel)))].filter(name => !name.endsWith(" error"));
  return [["", "influence of each example"], ...parts, ...kernels.map(name => ["kernel " + name, kernelName(name)])];
}

function kernelName(key) {
  const [name, part] = key.split(" ");
  const what = { trace: "trace of K", frobenius: "\u2016K\u2016" }[name] || name + " of K";
  return what + (part === "response" ? "" : " with " + PART_NAMES[part]);
}

function isKernel() {
  return looking.matrix.startsWith("kernel ");
}

function shownMatrix(recording) {
  return isKernel() ? recording.kernel[looking.matrix.slice(7)] || [] : recording.parts[looking.matrix] || [];
}

function matrixUnit(run) {
  return isKernel() ? kernelName(looking.matrix.slice(7)) : influenceUnit(run);
}

/** Cells of [column, row, value] with the most positive and the most negative one. */
function cellsOf(columns, rows, value) {
  const cells = columns.flatMap((column, x) => rows.map((row, y) => [x, y, value(x, row)])).filter(cell => cell[2] !== null && cell[2] !== undefined);
  const most = sign => cells.reduce((best, cell) => best === null || sign * cell[2] > sign * best[2] ? cell : best, null);
  return { cells, high: most(1), low: most(-1), strongest: Math.max(...cells.map(cell => Math.abs(cell[2])), 1e-30) };
}

function influenceCells() {
  const run = influenceRun();
  const recording = influenceRecording();
  const shown = responsesShown(run);
  const matrix = shownMatrix(recording);
  const found = cellsOf(recording.examples, shown, (e, r) => matrix[e] ? matrix[e][r] : null);
  return Object.assign(found, { run, recording, shown, matrix });
}

function heatSpoken(found) {
  const name = cell => "example #" + found.recording.examples[cell[0]] + " on " + responseName(found.run.responses[found.shown[cell[1]]]) + ", " + num(cell[2], true);
  const lowest = found.low && found.low[2] < 0 || !isKernel() ? "; most lowered: " : "; least: ";
  return "heat map of " + count(found.recording.examples.length, "example") + " and " + count(found.shown.length, "response")
    + (found.cells.length ? (isKernel() ? ". Most: " : ". Most raised: ") + name(found.high) + lowest + name(found.low) : ". Nothing to show") + ".";
}

function divergingEnds() {
  return isDark() ? ["rgb(240,130,70)", "rgb(90,165,245)"] : ["rgb(205,80,20)", "rgb(20,100,190)"];
}

/** Signed square roots: small influences stay visible beside large ones; the legend says so. */
function rooted(value, strongest) {
  return Math.sign(value) * Math.sqrt(Math.abs(value) / strongest);
}

/** A heat map of signed values; strong cells also carry their sign, for print without colours. */
function heatOption(found, colours, more) {
  const ends = divergingEnds();
  const cells = found.cells.map(([x, y, value]) => ({
    value: [x, y, rooted(value, found.strongest), value],
    label: { show: found.cells.length <= 1200 && Math.abs(value) >= 0.2 * found.strongest, formatter: value > 0 ? "+" : "\u2212", color: colours.ink, fontSize: 11 },
  }));
  return {
    animation: false, aria: { enabled: false }, textStyle: CHART_FONT,
    grid: { left: 6, right: 14, top: 8, bottom: 24, containLabel: true },
    tooltip: tipBox(colours, more.tip),
    visualMap: { show: false, min: -1, max: 1, dimension: 2, inRange: { color: [ends[0], colours.paper, ends[1]] } },
    xAxis: plainAxis(colours, { type: "category", name: more.xName, nameLocation: "middle", nameGap: 24, data: more.columns }),
    yAxis: plainAxis(colours, { type: "category", inverse: true, data: more.rows }),
    series: [{ type: "heatmap", data: cells, itemStyle: { borderColor: colours.line, borderWidth: 0.5 } }],
  };
}

/** The colours of a heat map with the values they stand for. */
function heatLegend(strongest, unit, note) {
  const ends = divergingEnds();
  const bar = h("span", { class: "heat-bar", "aria-hidden": "true" });
  bar.style.background = "linear-gradient(to right, " + ends[0] + ", " + theme().paper + ", " + ends[1] + ")";
  const ticks = [-1, -0.25, 0, 0.25, 1].map(part => h("span", {}, num(part * strongest, true)));
  return h("div", { class: "heat-legend" }, bar, h("div", { class: "heat-ticks" }, ticks),
    h("p", { class: "small" }, unit + ", colours by square root; + and \u2212 mark the strongest cells" + (note || "")));
}

function batchHeatOption(found, colours) {
  return heatOption(found, colours, {
    xName: "example of the batch", columns: found.recording.examples.map(id => "#" + id),
    rows: found.shown.map(r => responseName(found.run.responses[r])),
    tip: cell => {
      const [e, y] = cell.value;
      const response = found.run.responses[found.shown[y]];
      const id = found.recording.examples[e];
      const error = isKernel() ? (found.recording.kernel[looking.matrix.slice(7) + " error"] || [])[e] : null;
      return h("div", { class: "tip" }, h("b", {}, num(cell.value[3], true) + (isKernel() ? "" : " " + influenceUnit(found.run)),
        error && error[found.shown[y]] ? " \u00b1 " + num(error[found.shown[y]]) : ""),
        h("p", {}, "example #" + id + " " + clip(examplePrompt(found.run, id), 120)),
        h("p", {}, "on " + responseName(response) + (response.text ? ": " + clip(flat(response.text), 120) : "")));
    },
  });
}

function heatNumbers(found, title) {
  const errors = isKernel() ? found.recording.kernel[looking.matrix.slice(7) + " error"] || [] : [];
  return table(title + " (" + matrixUnit(found.run) + ")", ["response", ...found.recording.examples.map(id => "#" + id)],
    found.shown.map(r => h("tr", {}, h("th", { scope: "row" }, responseName(found.run.responses[r])),
      found.recording.examples.map((id, e) => h("td", { class: "num" }, num(found.matrix[e] ? found.matrix[e][r] : null, true),
        errors[e] && errors[e][r] ? h("span", { class: "interval" }, "\u00b1 " + num(errors[e][r])) : null)))));
}

function describeHeat() {
  const found = influenceCells();
  return {
    lines: [], spoken: heatSpoken(found), build: colours => batchHeatOption(found, colours),
    numbers: title => heatNumbers(found, title),
    legend: () => heatLegend(found.strongest, matrixUnit(found.run), isKernel() ? "; empty: estimates whose error was above 20\u00a0%" : ""),
    chosen: cell => showResponse(found.shown[cell.value[1]]),
    empty: found.cells.length ? "" : isKernel() ? "The kernel was not measured at this recording, or only with errors above 20 %." : "",
  };
}

/** What each layer group did to each response, summed over the batch. */
function describeLayers() {
  const run = influenceRun();
  const recording = influenceRecording();
  const shown = responsesShown(run);
  const found = cellsOf(run.layers, shown, (l, r) => recording.layers[l] ? recording.layers[l][r] : null);
  const name = cell => run.layers[cell[0]] + " on " + responseName(run.responses[shown[cell[1]]]) + ", " + num(cell[2], true);
  return {
    lines: [],
    spoken: "heat map of " + count(run.layers.length, "layer group") + " and " + count(shown.length, "response")
      + (found.cells.length ? ". Most raised: " + name(found.high) + "; most lowered: " + name(found.low) : ". Nothing to show") + ".",
    build: colours => {
      const made = heatOption(found, colours, {
        xName: "", columns: run.layers, rows: shown.map(r => responseName(run.responses[r])),
        tip: cell => h("div", { class: "tip" }, h("b", {}, num(cell.value[3], true) + " " + influenceUnit(run)),
          h("p", {}, run.layers[cell.value[0]] + ", whole batch"), h("p", {}, "on " + responseName(run.responses[shown[cell.value[1]]]))),
      });
      made.xAxis.axisLabel = Object.assign({}, made.xAxis.axisLabel, { rotate: 40, hideOverlap: false, interval: 0 });
      return made;
    },
    numbers: title => table(title + " (" + influenceUnit(run) + ")", ["response", ...run.layers],
      shown.map(r => h("tr", {}, h("th", { scope: "row" }, responseName(run.responses[r])),
        run.layers.map((layer, l) => h("td", { class: "num" }, num((recording.layers[l] || [])[r], true)))))),
    legend: () => heatLegend(found.strongest, influenceUnit(run)),
  };
}

/** Points of [predicted, actual, response] for shown responses that have both. */
function shiftPoints() {
  const run = influenceRun();
  const recording = influenceRecording();
  return responsesShown(run).map(r => [recording.predicted[r], recording.actual[r], r])
    .filter(point => point[0] !== null && point[1] !== null);
}

const KIND_SYMBOLS = ["circle", "triangle", "rect", "diamond", "roundRect", "pin"];

function scatterOption(run, points, colours) {
  const values = points.flatMap(point => [point[0], point[1]]);
  const ends = values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
  const atEdge = (name, more) => valueAxis(colours, name, Object.assign({ axisLine: { onZero: false, lineStyle: { color: colours.soft } } }, more));
  const kinds = data.kinds.filter(kind => points.some(point => run.responses[point[2]].kind === kind));
  return {
    animation: false, aria: { enabled: false }, textStyle: CHART_FONT,
    grid: { left: 6, right: 22, top: 54, bottom: 26, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 10, textStyle: { color: colours.soft, fontSize: 11 }, selectedMode: false,
      data: kinds, type: "scroll", pageIconSize: 10, pageTextStyle: { color: colours.soft } },
    tooltip: tipBox(colours, point => h("div", { class: "tip" }, h("b", {}, responseName(run.responses[point.value[2]])),
      h("div", {}, "predicted " + num(point.value[0], true)), h("div", {}, "actual " + num(point.value[1], true)))),
    xAxis: atEdge("predicted change (nats)", { nameLocation: "middle", nameGap: 26 }),
    yAxis: atEdge("actual change (nats)", { nameLocation: "end", nameTextStyle: { align: "left", color: colours.soft, fontSize: 11 } }),
    series: [
      { type: "line", name: "actual = predicted", data: ends.map(end => [end, end]), symbol: "none", silent: true, tooltip: { show: false },
        lineStyle: { color: colours.soft, type: "dashed", width: 1.4 } },
      ...kinds.map(kind => ({ type: "scatter", name: kind, symbolSize: 8, symbol: KIND_SYMBOLS[data.kinds.indexOf(kind) % KIND_SYMBOLS.length],
        color: kindStyle(kind, data.kinds).color, data: points.filter(point => run.responses[point[2]].kind === kind) })),
    ],
  };
}

const SPLIT = [["batch", "from batch"], ["history", "from history"], ["decay", "from decay"], ["statistics", "from statistics"], ["unattributed", "unattributed"]];

function describeScatter() {
  const run = influenceRun();
  const recording = influenceRecording();
  const points = shiftPoints();
  return {
    lines: [], build: colours => scatterOption(run, points, colours),
    spoken: "scatter chart of " + count(points.length, "response") + ". " + trustText(recording.trust) + ".",
    numbers: title => table(title + " (nats)", ["response", "predicted", ...SPLIT.map(part => part[1]), "actual", "actual \u2212 predicted"],
      points.map(point => h("tr", {}, h("th", { scope: "row" }, responseName(run.responses[point[2]])),
        [point[0], ...SPLIT.map(([key]) => recording.split[key][point[2]]), point[1], point[1] - point[0]]
          .map(value => h("td", { class: "num" }, num(value, true)))))),
  };
}

const STRIPES = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -0.8 };

/** Bars, one group an example of the batch and one bar a series. */
function batchBars(colours, categories, series, unit, tip) {
  return {
    animation: false, aria: { enabled: false }, textStyle: CHART_FONT,
    grid: { left: 6, right: 14, top: 54, bottom: 24, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 16, itemHeight: 10, textStyle: { color: colours.soft, fontSize: 11 }, selectedMode: false },
    tooltip: tipBox(colours, tip),
    xAxis: plainAxis(colours, { type: "category", name: "example of the batch", nameLocation: "middle", nameGap: 24, data: categories,
      axisLine: { onZero: true, lineStyle: { color: colours.soft } } }),
    yAxis: valueAxis(colours, unit, { scale: false, nameTextStyle: { align: "left", color: colours.soft, fontSize: 11 } }),
    series,
  };
}

function partSeries(part, values, more) {
  const decal = part === "rejected" ? Object.assign({ color: theme().paper }, STRIPES) : undefined;
  return Object.assign({ type: "bar", name: PART_NAMES[part], data: values, itemStyle: { color: shade(PART_COLOURS[part]), decal } }, more);
}

/** How each part of an example moved the chosen response; the whole is their sum. */
function describeParts() {
  const run = influenceRun();
  const recording = influenceRecording();
  const r = looking.response;
  const name = responseName(run.responses[r]);
  const parts = run.parts.filter(part => part !== "");
  const at = part => recording.examples.map((id, e) => recording.parts[part] ? recording.parts[part][e][r] : null);
  const total = part => at(part).reduce((sum, value) => sum + (value || 0), 0);
  const series = colours => parts.map(part => partSeries(part, at(part), { stack: "parts" }))
    .concat([{ type: "scatter", name: "whole example", data: at(""), symbol: "diamond", symbolSize: 9, itemStyle: { color: colours.ink } }]);
  return {
    lines: [],
    spoken: "bar chart of " + count(recording.examples.length, "example") + " on " + name + ". "
      + parts.map(part => "Through " + part + " " + num(total(part), true)).join("; ") + " in all.",
    build: colours => batchBars(colours, recording.examples.map(id => "#" + id), series(colours), "on " + name + " (" + influenceUnit(run) + ")",
      bar => h("div", { class: "tip" }, h("b", {}, "example " + bar.name), h("div", {}, h("span", { class: "name" }, bar.seriesName), h("span", {}, num(bar.value, true))))),
    numbers: title => table(title + ", on " + name + " (" + influenceUnit(run) + ")", ["example", "whole", ...parts.map(part => PART_NAMES[part])],
      recording.examples.map((id, e) => h("tr", {}, h("th", { scope: "row" }, "#" + id),
        ["", ...parts].map(part => h("td", { class: "num" }, num(at(part)[e], true)))))),
  };
}

const RESIDUALS = ["c = \u2202\u2113/\u2202s", "\u2016A\u2016", "\u2016G\u2016", "gradient norm", "on itself", "tokens"];

/** How hard the loss pulled at each example of the batch. */
function describeResiduals() {
  const run = influenceRun();
  const recording = influenceRecording();
  const parts = Object.keys(recording.residuals);
  const g = part => recording.residuals[part].map(row => row.length ? row[2] : null);
  const mean = part => { const values = g(part).filter(value => value !== null); return values.reduce((a, b) => a + b, 0) / values.length; };
  return {
    lines: [],
    spoken: "bar chart of " + count(recording.examples.length, "example") + ". Mean " + parts.map(part => part + " " + num(mean(part))).join("; ") + ".",
    build: colours => batchBars(colours, recording.examples.map(id => "#" + id), parts.map(part => partSeries(part, g(part))), "\u2016G\u2016",
      bar => h("div", { class: "tip" }, h("b", {}, "example " + bar.name + ", " + bar.seriesName),
        RESIDUALS.map((name, i) => h("div", {}, h("span", { class: "name" }, name), h("span", {}, num(recording.residuals[parts[bar.seriesIndex]][bar.dataIndex][i])))))),
    numbers: title => table(title, ["example", h("th", { scope: "col", class: "text" }, "part"), ...RESIDUALS],
      recording.examples.flatMap((id, e) => parts.filter(part => recording.residuals[part][e].length).map(part =>
        h("tr", {}, h("th", { scope: "row" }, "#" + id), h("td", { class: "text" }, PART_NAMES[part]),
          recording.residuals[part][e].map((value, i) => h("td", { class: "num" }, i === 5 ? whole(value) : num(value))))))),
  };
}

function batchFigures(run) {
  const size = run.responses.length > 18 ? "tall" : "";
  const parts = run.parts.filter(part => part !== "");
  const through = parts.length ? [figure("Through y\u207a and through y\u207b", "of each pair, on the response chosen below", "", describeParts)] : [];
  const pull = run.recordings.some(recording => Object.keys(recording.residuals).length)
    ? [figure("Pull of the loss on each example", "norm of the residual G; c, \u2016A\u2016 and the rest under Numbers", "", describeResiduals)] : [];
  return [
    figure("Batch and responses", "blue raises, orange lowers; a click chooses the response for what follows", size, describeHeat),
    h("div", {}, ...(run.trust.recordings ? [figure("Predicted against actual change", "of each response by this update", size, describeScatter)] : []),
      h("p", { class: "small", id: "influence-trust" })),
    ...(run.layers.length ? [figure("Layers and responses", "what each layer group did, whole batch", size, describeLayers), h("div", { class: "stack" }, through, pull)]
      : through.concat(pull)),
  ];
}
