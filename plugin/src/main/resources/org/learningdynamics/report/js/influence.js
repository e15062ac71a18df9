// Which example moved which response: the batch at one recording, prediction against reality, and
// the examples that did most over the run.

const looking = { run: 0, recording: 0, response: 0 };

function influenceRun() {
  return data.influence[looking.run];
}

function influenceRecording() {
  return influenceRun().recordings[looking.recording];
}

function influenceUnit(run) {
  return run.form === "update" ? "nats" : run.form === "cosine" ? "cosine" : "inner product";
}

function responseName(response) {
  return response.kind + " of #" + response.probe;
}

function examplePrompt(run, id) {
  return Object.hasOwn(run.prompts, id) ? run.prompts[id].replace(/\s+/g, " ").trim() : "";
}

/** The indexes of the responses whose kinds are shown, one kind after the other. */
function responsesShown(run) {
  return run.responses.map((response, i) => i).filter(i => state.kinds.has(run.responses[i].kind))
    .sort((a, b) => data.kinds.indexOf(run.responses[a].kind) - data.kinds.indexOf(run.responses[b].kind) || a - b);
}

function plainAxis(colours, more) {
  const text = { color: colours.soft, fontSize: 11 };
  return Object.assign({
    axisLabel: Object.assign({ hideOverlap: true }, text), nameTextStyle: text, axisTick: { show: false },
    axisLine: { lineStyle: { color: colours.soft } }, splitLine: { lineStyle: { color: colours.line } },
  }, more);
}

const CHART_FONT = { fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif" };

function tipBox(colours, formatter) {
  return { trigger: "item", confine: true, renderMode: "html", backgroundColor: colours.paper, borderColor: colours.line,
    padding: [6, 10], formatter };
}

/** Cells of [example, response, value] with the most positive and the most negative one. */
function influenceCells() {
  const run = influenceRun();
  const recording = influenceRecording();
  const shown = responsesShown(run);
  const cells = recording.examples.flatMap((id, e) => shown.map((r, y) => [e, y, recording.values[e][r]]))
    .filter(cell => cell[2] !== null);
  const most = sign => cells.reduce((best, cell) => best === null || sign * cell[2] > sign * best[2] ? cell : best, null);
  return { run, recording, shown, cells, high: most(1), low: most(-1) };
}

function heatSpoken(found) {
  const name = cell => "example #" + found.recording.examples[cell[0]] + " on " + responseName(found.run.responses[found.shown[cell[1]]]) + ", " + num(cell[2], true);
  return "heat map of " + count(found.recording.examples.length, "example") + " and " + count(found.shown.length, "response")
    + (found.cells.length ? ". Most raised: " + name(found.high) + "; most lowered: " + name(found.low) : ". Nothing to show") + ".";
}

function heatOption(found, colours) {
  const strongest = Math.max(...found.cells.map(cell => Math.abs(cell[2])), 1e-30);
  const ends = isDark() ? ["rgb(240,130,70)", "rgb(90,165,245)"] : ["rgb(205,80,20)", "rgb(20,100,190)"];
  return {
    animation: false, aria: { enabled: false }, textStyle: CHART_FONT,
    grid: { left: 6, right: 14, top: 8, bottom: 24, containLabel: true },
    tooltip: tipBox(colours, cell => h("div", { class: "tip" },
      h("b", {}, num(cell.value[2], true) + " " + influenceUnit(found.run)),
      h("div", {}, "example #" + found.recording.examples[cell.value[0]] + " " + clip(examplePrompt(found.run, found.recording.examples[cell.value[0]]), 120)),
      h("div", {}, "on " + responseName(found.run.responses[found.shown[cell.value[1]]])))),
    visualMap: { show: false, min: -strongest, max: strongest, dimension: 2, inRange: { color: [ends[0], colours.paper, ends[1]] } },
    xAxis: plainAxis(colours, { type: "category", name: "example of the batch", nameLocation: "middle", nameGap: 24,
      data: found.recording.examples.map(id => "#" + id) }),
    yAxis: plainAxis(colours, { type: "category", inverse: true, data: found.shown.map(r => responseName(found.run.responses[r])) }),
    series: [{ type: "heatmap", data: found.cells, itemStyle: { borderColor: colours.paper, borderWidth: 1 } }],
  };
}

function heatNumbers(found, title) {
  return table(title + " (" + influenceUnit(found.run) + ")", ["response", ...found.recording.examples.map(id => "#" + id)],
    found.shown.map(r => h("tr", {}, h("th", { scope: "row" }, responseName(found.run.responses[r])),
      found.recording.values.map(row => h("td", { class: "num" }, num(row[r], true))))));
}

function describeHeat() {
  const found = influenceCells();
  return {
    lines: [], spoken: heatSpoken(found), build: colours => heatOption(found, colours),
    numbers: title => heatNumbers(found, title),
  };
}

function trustText([spearman, slope, r2, remainder]) {
  return "Spearman " + num(spearman) + ", slope " + num(slope) + ", R\u00b2 " + num(r2) + ", remainder " + num(remainder);
}

/** Points of [predicted, actual, response] for shown responses that have both. */
function shiftPoints() {
  const run = influenceRun();
  const recording = influenceRecording();
  return responsesShown(run).map(r => [recording.predicted[r], recording.actual[r], r])
    .filter(point => point[0] !== null && point[1] !== null);
}

function scatterOption(run, points, colours) {
  const values = points.flatMap(point => [point[0], point[1]]);
  const ends = values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
  const plain = name => plainAxis(colours, { type: "value", name, nameLocation: "middle", scale: true,
    axisLabel: { color: colours.soft, fontSize: 11, hideOverlap: true, formatter: value => minus(value.toLocaleString("en-US", { maximumSignificantDigits: 4 })) } });
  const axis = name => { // at the edge, wherever zero is: the name has room there
    const made = plain(name);
    return Object.assign(made, { axisLine: Object.assign({}, made.axisLine, { onZero: false }) });
  };
  const kinds = data.kinds.filter(kind => points.some(point => run.responses[point[2]].kind === kind));
  return {
    animation: false, aria: { enabled: false }, textStyle: CHART_FONT,
    grid: { left: 6, right: 22, top: 30, bottom: 26, containLabel: true },
    tooltip: tipBox(colours, point => h("div", { class: "tip" }, h("b", {}, responseName(run.responses[point.value[2]])),
      h("div", {}, "predicted " + num(point.value[0], true)), h("div", {}, "actual " + num(point.value[1], true)))),
    xAxis: Object.assign(axis("predicted change (nats)"), { nameGap: 26 }),
    yAxis: Object.assign(axis("actual change (nats)"), { nameLocation: "end", nameTextStyle: { align: "left", color: colours.soft, fontSize: 11 } }),
    series: [
      { type: "line", name: "actual = predicted", data: ends.map(end => [end, end]), symbol: "none", silent: true, tooltip: { show: false },
        lineStyle: { color: colours.soft, type: "dashed", width: 1.4 } },
      ...kinds.map(kind => ({ type: "scatter", name: kind, symbolSize: 7, color: kindStyle(kind, data.kinds).color,
        data: points.filter(point => run.responses[point[2]].kind === kind) })),
    ],
  };
}

function describeScatter() {
  const run = influenceRun();
  const points = shiftPoints();
  return {
    lines: [], build: colours => scatterOption(run, points, colours),
    spoken: "scatter chart of " + count(points.length, "response") + ". " + trustText(influenceRecording().trust) + ".",
    numbers: title => table(title + " (nats)", ["response", "predicted", "actual", "actual \u2212 predicted"],
      points.map(point => h("tr", {}, h("th", { scope: "row" }, responseName(run.responses[point[2]])),
        [point[0], point[1], point[1] - point[0]].map(value => h("td", { class: "num" }, num(value, true)))))),
  };
}

function topTable(run, caption, examples, paired) {
  return table(caption, ["example", h("th", { scope: "col", class: "text" }, "prompt"), "an occurrence", "occurrences", "in total",
    ...(paired ? ["through its chosen", "through its rejected"] : [])],
    examples.map(example => h("tr", {}, h("th", { scope: "row" }, "#" + example.id),
      h("td", { class: "text", dir: "auto" }, examplePrompt(run, example.id)),
      h("td", { class: "num" }, num(example.each, true)), h("td", { class: "num" }, whole(example.occurrences)),
      h("td", { class: "num" }, num(example.total, true)),
      paired ? [example.chosen, example.rejected].map(value => h("td", { class: "num" }, num(value, true))) : null)), true);
}

function showTop() {
  const run = influenceRun();
  const top = run.top[looking.response];
  const name = responseName(run.responses[looking.response]);
  const part = (title, examples) => examples.length ? topTable(run, title + " (" + influenceUnit(run) + ")", examples, top.paired)
    : h("p", { class: "empty" }, title + ": none.");
  fill("influence-top", part("Raised " + name + " most", top.helpers), part("Lowered " + name + " most", top.harmers));
}

function showRecording() {
  const recording = influenceRecording();
  fill("influence-at", "iteration " + whole(recording.iteration));
  fill("influence-trust", "At iteration " + whole(recording.iteration) + ": " + trustText(recording.trust) + ".");
  charts.filter(chart => byId("influence-panels").contains(chart.host)).forEach(chart => {
    chart.host.setAttribute("aria-label", spoken(chart.title, chart.describe()));
    if (chart.instance) {
      draw(chart);
    }
    if (chart.numbers.open) {
      fillNumbers(chart);
    }
  });
}

function coverageText(run) {
  const share = run.coverage.updates ? " (" + num(100 * run.coverage.recordings / run.coverage.updates) + "\u00a0%)" : "";
  const thinned = run.responses.length < run.responseCount ? " Charts show " + run.responses.length + " of " + whole(run.responseCount) + " responses." : "";
  return whole(run.coverage.recordings) + " of " + count(run.coverage.updates, "update") + " recorded" + share + ", "
    + count(run.coverage.seen, "example") + " seen, " + whole(run.coverage.known) + " known."
    + (run.trust.recordings ? " Median over recordings: " + trustText(run.trust.median) + "." : "") + thinned;
}

function influenceControls(run) {
  const last = run.recordings.length - 1;
  const slider = h("input", { type: "range", id: "influence-recording", min: 0, max: last, step: 1, value: looking.recording,
    on: { input: () => { looking.recording = Number(slider.value); showRecording(); } } });
  const response = h("select", { id: "influence-response", on: { change: () => { looking.response = Number(response.value); showTop(); } } },
    responseOptions(run));
  const runs = h("select", { id: "influence-run", on: { change: () => { looking.run = Number(runs.value); showInfluenceRun(); } } },
    data.influence.map((one, i) => h("option", { value: i, selected: i === looking.run }, one.run)));
  fill("influence-controls", ...(data.influence.length > 1 ? [h("label", {}, "Run ", runs)] : []),
    h("label", {}, "Recording ", slider), h("output", { id: "influence-at", for: "influence-recording" }));
  fill("influence-pick", h("label", {}, "Response ", response));
}

function responseOptions(run) {
  const prompts = new Map(data.probes.list.map(probe => [probe.id, clip(probe.prompt.replace(/\s+/g, " ").trim(), 60)]));
  return run.responses.map((one, i) => h("option", { value: i, selected: i === looking.response },
    responseName(one) + (prompts.get(one.probe) ? " \u00b7 " + prompts.get(one.probe) : "")));
}

function showInfluenceRun() {
  const run = influenceRun();
  looking.recording = run.recordings.length - 1;
  looking.response = Math.max(0, run.responses.findIndex(response => response.kind === "chosen"));
  influenceControls(run);
  fill("influence-coverage", coverageText(run));
  const size = run.responses.length > 18 ? "tall" : "";
  renew("influence-panels", [
    figure("Batch and responses", "blue raises, orange lowers", size, describeHeat),
    ...(run.trust.recordings ? [h("div", {}, figure("Predicted against actual change", "", size, describeScatter),
      h("p", { class: "small", id: "influence-trust" }))] : [h("p", { class: "empty", id: "influence-trust" })]),
  ]);
  showRecording();
  if (!run.trust.recordings) {
    fill("influence-trust", "Predicted and actual changes were not recorded.");
  }
  showTop();
}

function buildInfluence() {
  byId("influence").hidden = !data.influence.length;
  if (data.influence.length) {
    looking.run = data.influence.length - 1;
    showInfluenceRun();
  }
}
