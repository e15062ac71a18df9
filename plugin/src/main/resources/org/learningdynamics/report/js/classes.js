// A classifier: which classes it takes for each other, before, at a recording, and the change.

const classing = { scale: "others", at: {} };
const CLASS_SCALES = { others: "show small ones (by square root)", whole: "linear, full at 1" };

function classAt(index) {
  return Math.min(classing.at[index] ?? Infinity, data.classes[index].at.length - 1);
}

function offDiagonal(matrix) {
  return matrix.flatMap((row, r) => row.filter((value, c) => r !== c && value !== null));
}

function classHeat(index, values, signed) {
  const { classes } = data.classes[index];
  const others = classing.scale === "others";
  const limit = !others ? 1 : signed ? Math.max(1e-12, ...offDiagonal(values).map(Math.abs)) : 2 / classes.length;
  return heatChart({ rows: classes, columns: classes, values, signed, limit, root: others && !signed, rowName: "true class", columnName: "predicted class", unit: "" });
}

function classChange(index) {
  const { matrices } = data.classes[index];
  const now = matrices[classAt(index)];
  return matrices[0].map((row, r) => row.map((value, c) => value === null || now[r][c] === null ? null : now[r][c] - value));
}

function classIteration(index) {
  const found = data.classes[index];
  return "iteration " + whole(found.x[found.at[classAt(index)]]);
}

/** Pairs of classes by the mean probability on each other now. */
function pulls(index) {
  const { classes, matrices } = data.classes[index];
  const pull = (matrix, a, b) => matrix[a][b] === null || matrix[b][a] === null ? null : (matrix[a][b] + matrix[b][a]) / 2;
  return classes.flatMap((name, a) => classes.slice(a + 1).map((other, i) => ({
    name: name + " and " + other, before: pull(matrices[0], a, a + 1 + i), now: pull(matrices[classAt(index)], a, a + 1 + i) })))
    .filter(one => one.now !== null).sort((one, two) => two.now - one.now).slice(0, 6);
}

function classSlider(index) {
  const found = data.classes[index];
  const output = h("output", {}, classIteration(index));
  const slider = h("input", { type: "range", min: 0, max: found.at.length - 1, value: classAt(index), "data-class-run": index,
    "aria-valuetext": classIteration(index), on: { input: () => {
      classing.at[index] = Number(slider.value);
      output.textContent = classIteration(index);
      slider.setAttribute("aria-valuetext", classIteration(index));
      drawClassMaps(index);
    } } });
  return h("div", { class: "row no-print" }, h("label", {}, "Recording ", slider, " "), output);
}

function drawClassMaps(index) {
  const found = data.classes[index];
  const name = data.runs[found.run].name;
  renew("class-maps-" + index, [
    figure("Before", "iteration " + whole(found.x[found.at[0]]), "medium", () => classHeat(index, found.matrices[0], false), name),
    figure("Mean prediction", classIteration(index), "medium", () => classHeat(index, found.matrices[classAt(index)], false), name),
    figure("Change", "since the beginning", "medium", () => classHeat(index, classChange(index), true), name),
  ]);
  const cell = (value, sign) => h("td", { class: "num" }, num(value, sign));
  fill("class-pulls-" + index, table("Pairs taken for each other most at " + classIteration(index) + ": mean probability on the other",
    ["pair", "before", "now", "change"], pulls(index).map(one => h("tr", {}, h("th", { scope: "row" }, one.name),
      cell(one.before), cell(one.now), cell(one.now - one.before, true))), true));
}

function shownClassifiers() {
  return data.classes.map((found, i) => i).filter(i => state.runs.has(data.runs[data.classes[i].run].name));
}

function accuracyChart() {
  return { unit: "share right", range: [0, 1], labels: true, lines: shownClassifiers().map(i => ({
    name: data.runs[data.classes[i].run].name, x: data.classes[i].x, y: data.classes[i].accuracy, style: runStyle(data.classes[i].run) })) };
}

/** Metrics named adaptation/WHAT/FORM/LAG, one chart for each WHAT and FORM. */
function adaptationCharts() {
  const metrics = data.metrics.filter(metric => metric.name.startsWith("adaptation/"));
  const groups = [...new Set(metrics.map(metric => metric.name.split("/").slice(1, 3).join(", ")))];
  return groups.map(group => figure("Adaptation of " + group, "lag 1: the images of an update; longer: watched images", "small", () => ({
    unit: "", labels: false,
    lines: metrics.filter(metric => metric.name.split("/").slice(1, 3).join(", ") === group).flatMap((metric, i) =>
      metric.runs.filter(one => state.runs.has(data.runs[one.run].name)).map(one => ({
        name: data.runs[one.run].name + ", " + metric.name.split("/")[3], x: one.x, y: one.y,
        style: { color: runStyle(one.run).color, width: 1.8, dash: DASHES[i % DASHES.length] } }))),
  })));
}

function buildClasses() {
  const section = byId("classes");
  const shown = shownClassifiers();
  section.hidden = !data.classes.length;
  if (section.hidden) {
    return;
  }
  dropCharts(section);
  fill("class-controls", choice("class-scale", "Colours", CLASS_SCALES, () => classing.scale, value => {
    classing.scale = value; listeners.forEach(listener => listener()); redraw(); }));
  fill("class-runs", ...shown.map(i => h("div", { class: "class-run" }, h("h3", {}, data.runs[data.classes[i].run].name),
    data.classes[i].classes.length < data.classes[i].total ? h("p", { class: "explain" }, "The " + data.classes[i].classes.length
      + " of " + whole(data.classes[i].total) + " classes that are predicted worst at the end.") : null,
    classSlider(i), h("div", { class: "thirds", id: "class-maps-" + i }), h("div", { id: "class-pulls-" + i, class: "pulls" }))));
  shown.forEach(drawClassMaps);
  renew("class-curves", shown.length ? [figure("Accuracy", "share of probes whose label is likeliest", "small", accuracyChart), ...adaptationCharts()] : []);
}
