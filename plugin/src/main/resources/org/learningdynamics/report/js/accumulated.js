// How strongly each kind was pulled: LBK and SignDelta over a run, their sums, runs against kinds.

const pulling = { series: "sign", map: "change" };
const PULLS = { sign: "SignDelta (signed)", lbk: "LBK (size)" };
const MAPS = { change: "change of log-probability", sign: "accumulated SignDelta, each run scaled" };

function pullLines(run) {
  const found = data.accumulated[run];
  return data.kinds.filter(kind => state.kinds.has(kind) && found.kinds[kind] && found.kinds[kind][pulling.series].y.some(value => value !== null))
    .map(kind => ({ name: kind, x: found.x, y: found.kinds[kind][pulling.series].y, style: kindStyle(kind, data.kinds) }));
}

function pullEmpty(run) {
  return data.runs[run].recordings < 2 ? "One recording has no change to divide." : "Peakiness or gap was not recorded, so there is nothing to divide by, or no kind is selected.";
}

/** Runs whose pulls are of the same order as a run's: they share its scale. */
function pulledAlike(run) {
  return alike(shownRuns(), run, pullLines);
}

function pullChart(run) {
  return () => ({ lines: pullLines(run), unit: "nats, smoothed", signed: pulling.series === "sign", labels: true,
    range: rangeOf(pulledAlike(run).flatMap(pullLines)),
    empty: pullLines(run).length ? undefined : pullEmpty(run) });
}

function pullSums(run) {
  const found = data.accumulated[run].kinds;
  return data.kinds.filter(kind => state.kinds.has(kind) && found[kind] && found[kind][pulling.series].sum !== null)
    .map(kind => Object.assign({ kind }, found[kind][pulling.series]));
}

function pullBars(run) {
  return () => {
    const sums = pullSums(run);
    const ends = pulledAlike(run).flatMap(pullSums).flatMap(one => [one.sum - one.variance, one.sum + one.variance]);
    return barChart({
      categories: sums.map(one => one.kind), unit: "sum (nats)", signed: pulling.series === "sign", empty: pullEmpty(run),
      range: ends.length ? [Math.min(0, ...ends), Math.max(0, ...ends)] : null,
      series: [{ name: data.runs[run].name, style: runStyle(run), colours: sums.map(one => kindStyle(one.kind, data.kinds).color),
        values: sums.map(one => one.sum), low: sums.map(one => one.sum - one.variance), high: sums.map(one => one.sum + one.variance) }],
    });
  };
}

/** Accumulated SignDelta of each run, divided by its largest less its smallest. */
function scaledSums(run) {
  const kinds = data.accumulated[run].kinds;
  const sums = Object.values(kinds).map(kind => kind.sign.sum).filter(sum => sum !== null);
  const room = Math.max(...sums) - Math.min(...sums);
  return kind => kinds[kind] && kinds[kind].sign.sum !== null && room > 0 ? kinds[kind].sign.sum / room : null;
}

function changeOf(run) {
  const kinds = new Map(data.runs[run].kinds.map(kind => [kind.kind, kind.change[0]]));
  return kind => kinds.has(kind) ? kinds.get(kind) : null;
}

function runsAgainstKinds() {
  const runs = shownRuns();
  const rows = data.kinds.filter(kind => state.kinds.has(kind));
  const columns = runs.map(pulling.map === "sign" ? scaledSums : changeOf);
  return heatChart({
    rows, columns: runs.map(run => data.runs[run].name), values: rows.map(kind => columns.map(of => of(kind))),
    signed: true, root: pulling.map === "change", rowName: "kind", columnName: "run", unit: pulling.map === "sign" ? "" : "nats",
    limit: pulling.map === "sign" ? 1 : undefined, empty: "No run or no kind is selected, or nothing was recorded.",
  });
}

function pullChoice(name, label, options) {
  return choice(name, label, options, () => pulling[name], value => { pulling[name] = value; listeners.forEach(listener => listener()); drawAccumulated(); });
}

function buildAccumulated() {
  fill("accumulated-controls", pullChoice("series", "Curves and bars", PULLS), pullChoice("map", "Map", MAPS));
  drawAccumulated();
}

function drawAccumulated() {
  const runs = shownRuns();
  renew("accumulated-map", runs.length ? [figure("Runs against kinds", MAPS[pulling.map], "tall", runsAgainstKinds)] : []);
  renew("accumulated-panels", runs.flatMap(run => [
    figure(data.runs[run].name, PULLS[pulling.series] + ", gap of " + (data.accumulated[run].gapKind || "nothing recorded"), "medium", pullChart(run), "Pull"),
    figure(data.runs[run].name, "accumulated influence: sum of the curve beside, \u00b1 its variance", "medium", pullBars(run), "Accumulated influence"),
  ]));
}
