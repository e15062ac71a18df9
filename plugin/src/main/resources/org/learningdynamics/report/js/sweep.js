// The page of a sweep: candidates, their parameters and their scores.

const data = JSON.parse(byId("report-data").textContent);
const echarts = window.echarts;
const SWEEP_FONT = { fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif" };

const scored = data.candidates.filter(one => one.scores[0] !== null);
let shownScore = 0;

function candidateName(index) {
  return "#" + index;
}

function scoreName(score) {
  return score.name + (score.unit ? " (" + score.unit + ")" : "");
}

function valueText(value) {
  return typeof value === "number" ? num(value) : value;
}

function parameterText(one) {
  return data.parameters.map((parameter, p) => parameter.name + " " + valueText(one.values[p])).join(", ");
}

function scoreText(one) {
  return data.scores.map((score, s) => score.name + " " + num(one.scores[s])).join(", ");
}

function tip(one) {
  return h("div", { class: "tip" }, h("b", {}, "Candidate " + candidateName(one.index)),
    data.scores.map((score, s) => h("div", {}, h("span", { class: "name" }, score.name), h("span", {}, num(one.scores[s])))),
    data.parameters.map((parameter, p) => h("div", {}, h("span", { class: "name" }, parameter.name),
      h("span", {}, valueText(one.values[p])))));
}

function tipOption(colours, find) {
  return {
    confine: true, renderMode: "html", backgroundColor: colours.paper, borderColor: colours.line, padding: [6, 10],
    formatter: at => { const one = find(at); return one ? tip(one) : ""; },
  };
}

function axisText(colours) {
  return { color: colours.soft, fontSize: 11, hideOverlap: true,
    formatter: value => typeof value === "number" ? minus(value.toLocaleString("en-US", { maximumSignificantDigits: 3 })) : value };
}

/** Round ends around values, so that none is drawn beyond an axis. */
function span(values) {
  const range = rangeOf([{ y: values }]);
  return range ? { min: range[0], max: range[1] } : {};
}

/** The part of an axis that says what stands on it. */
function scale(parameter, p) {
  if (!parameter.numeric) {
    return { type: "category", data: parameter.categories };
  }
  return parameter.log ? { type: "log" } : Object.assign({ type: "value" }, span(data.candidates.map(one => one.values[p])));
}

function candidateRows(chosen, head, cells) {
  return title => table(title, head, chosen.map(one => h("tr", {}, h("th", { scope: "row" }, candidateName(one.index)),
    cells(one).map(value => h("td", { class: "num" }, valueText(value))))));
}

function parallelOption(colours) {
  const axes = [...data.parameters.map((parameter, dim) => Object.assign({ dim, name: parameter.name }, scale(parameter, dim))),
    ...data.scores.map((score, s) => Object.assign({ dim: data.parameters.length + s, name: score.name, type: "value",
      inverse: score.goal === "minimize", nameLocation: score.goal === "minimize" ? "start" : "end" }, span(scored.map(one => one.scores[s]))))];
  const lines = bold => scored.filter(one => one.front === bold).map(one => ({ name: String(one.index), value: [...one.values, ...one.scores] }));
  const series = (bold, color) => ({
    type: "parallel", smooth: false, data: lines(bold), z: bold ? 3 : 2,
    lineStyle: { color, width: bold ? 2.6 : 1.2, opacity: bold ? 0.95 : 0.5, type: "solid" },
    emphasis: { lineStyle: { width: 4, opacity: 1 } }, inactiveOpacity: 0.06, activeOpacity: 0.9,
  });
  return {
    animation: false, aria: { enabled: false }, textStyle: SWEEP_FONT,
    tooltip: tipOption(colours, at => data.candidates.find(one => String(one.index) === at.name)),
    parallel: { left: 46, right: 76, top: 40, bottom: 18,
      parallelAxisDefault: { nameTextStyle: { color: colours.ink, fontSize: 12 }, nameGap: 14,
        axisLine: { lineStyle: { color: colours.soft } }, axisTick: { lineStyle: { color: colours.soft } },
        axisLabel: axisText(colours), areaSelectStyle: { width: 16, color: colours.soft, borderColor: colours.soft, opacity: 0.25 } } },
    parallelAxis: axes,
    series: [series(false, colours.soft), series(true, runStyle(0).color)],
  };
}

function describeParallel() {
  return {
    lines: [], build: parallelOption,
    spoken: "parallel coordinates of " + count(scored.length, "candidate") + ". "
      + scored.filter(one => one.front).map(one => candidateName(one.index) + ": " + parameterText(one) + "; " + scoreText(one)).join(". "),
    numbers: candidateRows(scored, ["candidate", ...data.parameters.map(one => one.name), ...data.scores.map(scoreName)],
      one => [...one.values, ...one.scores]),
  };
}

function pointStyle(one) {
  const color = runStyle(0).color;
  return one.front ? { color, borderColor: color, opacity: 0.9 } : { color: "transparent", borderColor: color, borderWidth: 1.5, opacity: 0.8 };
}

function scatterOption(colours, xAxis, xName, yName, points) {
  const plain = { axisLine: { onZero: false, lineStyle: { color: colours.soft } }, axisTick: { show: false }, splitLine: { lineStyle: { color: colours.line } },
    axisLabel: axisText(colours), nameTextStyle: { color: colours.soft, fontSize: 11 } };
  return {
    animation: false, aria: { enabled: false }, textStyle: SWEEP_FONT,
    grid: { left: 8, right: 18, top: 28, bottom: 26, containLabel: true },
    tooltip: tipOption(colours, at => points[at.dataIndex].one),
    xAxis: Object.assign({ name: xName, nameLocation: "middle", nameGap: 26 }, plain, xAxis),
    yAxis: Object.assign({ name: yName, type: "value", scale: true }, plain, { nameTextStyle: { color: colours.soft, fontSize: 11, align: "left" } }),
    series: [{ type: "scatter", symbolSize: 10, data: points.map(point => ({ value: [point.x, point.y], itemStyle: pointStyle(point.one) })) }],
  };
}

function describeScatter(parameter, p) {
  const score = data.scores[shownScore];
  const points = scored.filter(one => one.scores[shownScore] !== null)
    .map(one => ({ one, x: one.values[p], y: one.scores[shownScore] }));
  return {
    lines: [], build: colours => scatterOption(colours, scale(parameter, p), parameter.name, scoreName(score), points),
    spoken: "scatter chart of " + count(points.length, "candidate") + ".",
    numbers: candidateRows(scored, ["candidate", parameter.name, scoreName(score)], one => [one.values[p], one.scores[shownScore]]),
  };
}

function describeFront() {
  const points = scored.filter(one => one.scores[1] !== null).map(one => ({ one, x: one.scores[0], y: one.scores[1] }));
  const [first, second] = data.scores.map(scoreName);
  return {
    lines: [], build: colours => scatterOption(colours, { type: "value", scale: true }, first, second, points),
    spoken: "scatter chart of " + count(points.length, "candidate") + ", of which "
      + whole(points.filter(point => point.one.front).length) + " are not dominated.",
    numbers: candidateRows(scored, ["candidate", first, second], one => one.scores.slice(0, 2)),
  };
}

function describeCurves(chart) {
  return {
    unit: "nats", signed: true,
    lines: chart.lines.map((line, i) => ({ name: candidateName(line.candidate), x: line.x, y: line.y,
      low: i === 0 ? line.low : null, high: i === 0 ? line.high : null,
      style: Object.assign({ width: i === 0 ? 3 : 1.8 }, runStyle(i)) })),
    labels: true,
    get range() { return rangeOf(this.lines); },
  };
}

function buildAnswer() {
  const best = data.best.map(index => data.candidates.find(one => one.index === index));
  const item = (one, tone) => h("li", { class: tone }, h("strong", {}, "Candidate " + candidateName(one.index)), ": "
    + scoreText(one) + " with " + parameterText(one) + (one.state === "stopped" ? "; stopped early: " + one.cause : ""));
  const front = best.filter(one => one.front);
  fill("answer-list", ...(best.length ? [item(best[0], "good"), ...front.filter(one => one !== best[0]).slice(0, 8).map(one => item(one, "info"))]
    : [h("li", { class: "warning" }, "No candidate has a score.")]),
    ...failures());
}

/** Causes and how often each occurred. */
function failures() {
  const causes = new Map();
  data.candidates.filter(one => one.state === "failed").forEach(one => causes.set(one.cause, [...(causes.get(one.cause) || []), one.index]));
  return [...causes].slice(0, 6).map(([cause, indexes]) => h("li", { class: "warning" }, h("span", { class: "tone" }, "Failed"),
    indexes.slice(0, 8).map(candidateName).join(", ") + (indexes.length > 8 ? " and " + (indexes.length - 8) + " more" : "") + ": " + cause));
}

function buildScatter() {
  dropCharts(byId("scatter-charts"));
  fill("scatter-charts", ...data.parameters.map((parameter, p) =>
    figure(parameter.name, null, "medium", () => describeScatter(parameter, p), data.scores[shownScore].name)));
}

function buildScoreChoice() {
  const select = h("select", { id: "score-choice", on: { change: () => { shownScore = Number(select.value); buildScatter(); } } },
    data.scores.map((score, s) => h("option", { value: s }, scoreName(score))));
  fill("scatter-score", h("label", {}, "Score ", select));
}

function buildTable() {
  const rank = new Map(data.best.map((index, i) => [index, i + 1]));
  const ordered = [...data.candidates].sort((a, b) => (rank.get(a.index) || 1e9) - (rank.get(b.index) || 1e9) || a.index - b.index);
  fill("candidate-table", table(count(ordered.length, "candidate") + ", best first",
    ["candidate", "rank", "state", ...data.scores.map(scoreName), ...data.parameters.map(one => one.name), "seconds",
      h("th", { scope: "col", class: "text" }, "cause")],
    ordered.map(one => h("tr", { class: one.front ? "differs" : false, "data-candidate": one.index },
      h("th", { scope: "row" }, candidateName(one.index), one.front ? h("span", { class: "badge" }, "front") : null),
      h("td", { class: "num" }, rank.get(one.index) || "\u2013"), h("td", {}, one.state),
      one.scores.map(value => h("td", { class: "num" }, num(value))),
      one.values.map(value => h("td", { class: "num", dir: "auto" }, valueText(value))),
      h("td", { class: "num" }, num(one.seconds)), h("td", { class: "text", dir: "auto" }, one.cause)))));
}

function headlineOfSweep() {
  const of = state => data.candidates.filter(one => one.state === state).length;
  const parts = [["done", "done"], ["stopped", "stopped early"], ["failed", "failed"], ["running", "under way"]]
    .filter(([state]) => of(state)).map(([state, words]) => whole(of(state)) + " " + words);
  return count(data.candidates.length, "candidate") + (parts.length ? " (" + parts.join(", ") + ")" : "") + ", "
    + count(data.parameters.length, "parameter") + ", " + count(data.scores.length, "score");
}

function start() {
  document.title = data.title;
  fill("title", data.title);
  fill("subtitle", headlineOfSweep());
  const sections = [["answer", "Best"], ["parallel", "All at once"], ["scatter", "By parameter"], ["front", "Two scores"],
    ["curves", "Curves"], ["table", "Table"], ["configuration", "Configuration"]];
  byId("front").hidden = data.scores.length < 2;
  fill("nav", ...sections.filter(([id]) => !byId(id).hidden).map(([id, label]) => h("a", { href: "#" + id }, label)));
  buildAnswer();
  fill("parallel-chart", figure("Parameters and scores", null, "tall", describeParallel));
  buildScoreChoice();
  buildScatter();
  if (data.scores.length > 1) {
    fill("front-chart", figure(data.scores[0].name + " and " + data.scores[1].name, null, "", describeFront));
  }
  const missing = data.curves.missing;
  fill("curves-missing", missing.length ? "Run files that are not there: " + missing.map(candidateName).join(", ") + "." : "");
  fill("curve-charts", ...data.curves.charts.map(chart => figure(chart.title, null, "", () => describeCurves(chart))));
  buildTable();
  fill("made", "Begun " + data.createdAt + " with version " + data.version + ".");
  fill("configuration-text", data.configuration);
  document.documentElement.setAttribute("data-ready", "true");
}

start();
dark.addEventListener("change", redraw);
window.addEventListener("beforeprint", () => { printing = true; drawForPaper(); });
window.addEventListener("afterprint", () => { printing = false; drawForScreen(); });
