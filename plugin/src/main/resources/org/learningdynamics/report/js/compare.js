// One run minus another: for the same responses, at the iterations that both recorded.

const comparing = { pair: 0, swapped: false };

/** The chosen pair as {base, other, sign}: numbers of runs, and 1 or -1. */
function comparedPair() {
  const pair = data.differences[comparing.pair];
  return comparing.swapped ? { base: pair.other, other: pair.base, sign: -1, pair } : { base: pair.base, other: pair.other, sign: 1, pair };
}

function pairName({ base, other }) {
  return data.runs[other].name + " minus " + data.runs[base].name;
}

function turned(curve, sign) {
  if (sign > 0) {
    return curve;
  }
  const negative = values => values ? values.map(value => value === null ? null : -value) : values;
  return { mean: negative(curve.mean), low: negative(curve.high), high: negative(curve.low), q10: negative(curve.q90), q90: negative(curve.q10) };
}

/** Difference of a measure as a line, of levels or of changes, as the view says. */
function differenceLine(found, kind, measure, name, style) {
  const curve = turned(found.pair.kinds[kind][measure][state.view], found.sign);
  const wanted = BANDS[state.band];
  const band = side => wanted[side] ? curve[wanted[side]] || curve[side] : null;
  return { name, x: found.pair.x, y: curve.mean, low: band("low"), high: band("high"), style };
}

function differenceKinds(found) {
  return data.kinds.filter(kind => state.kinds.has(kind) && found.pair.kinds[kind]);
}

function differenceUnit() {
  return state.view === "change" ? "difference of changes (nats)" : "difference (nats)";
}

function differenceChart() {
  const found = comparedPair();
  return {
    lines: differenceKinds(found).map(kind => differenceLine(found, kind, "log_prob", kind, kindStyle(kind, data.kinds))),
    unit: differenceUnit(), signed: true, labels: true,
  };
}

function differencePartsChart() {
  const found = comparedPair();
  const kind = state.squeezeKind;
  return {
    lines: found.pair.kinds[kind] ? PARTS.map(([measure, name, colours, dash]) =>
      differenceLine(found, kind, measure, name, { color: shade(colours), width: 2.4, dash })) : [],
    unit: differenceUnit(), signed: true, labels: true,
  };
}

function differenceEnds() {
  const found = comparedPair();
  const kinds = differenceKinds(found);
  const at = found.pair.x.length - 1;
  const side = name => kinds.map(kind => turned(found.pair.kinds[kind].log_prob[state.view], found.sign)[name][at]);
  return barChart({
    categories: kinds, unit: differenceUnit(), signed: true, points: true,
    series: [{ name: pairName(found), style: runStyle(found.other), colours: kinds.map(kind => kindStyle(kind, data.kinds).color),
      values: side("mean"), low: side("low"), high: side("high") }],
  });
}

function differenceNote(found) {
  const probes = Math.max(...Object.values(found.pair.kinds).map(kind => kind.probes));
  return count(probes, "shared probe") + ", " + count(found.pair.matched, "iteration") + " recorded by both";
}

function buildDifferences() {
  if (!data.differences.length) {
    fill("difference-controls");
    dropCharts(byId("differences"));
    fill("difference-parts");
    fill("difference-name");
    fill("difference-panels", h("p", { class: "empty" }, data.runs.length < 2
      ? "There is one run, so nothing can be subtracted."
      : "Nothing can be subtracted: no two runs of different lines of training watch the same probes at the same iterations."));
    return;
  }
  comparing.pair = Math.min(comparing.pair, data.differences.length - 1);
  const pairs = h("select", { id: "difference-pair", on: { change: () => { comparing.pair = Number(pairs.value); drawDifferences(); } } },
    data.differences.map((pair, i) => h("option", { value: i, selected: i === comparing.pair }, data.runs[pair.other].name + " and " + data.runs[pair.base].name)));
  const swap = h("button", { type: "button", id: "difference-swap", on: { click: () => { comparing.swapped = !comparing.swapped; drawDifferences(); } } }, "Swap");
  fill("difference-controls", h("label", {}, "Runs ", pairs), swap);
  drawDifferences();
}

function drawDifferences() {
  const found = comparedPair();
  const name = pairName(found);
  renew("difference-panels", [
    figure("Each kind over training", differenceNote(found), "", differenceChart, name),
    figure("At the last iteration that both recorded", "iteration " + whole(found.pair.x.at(-1)) + ", 95 % intervals, paired",
      "", differenceEnds, name),
  ]);
  fill("difference-name", name);
  drawDifferenceParts();
}

/** The parts at the positions that the section on squeezing shows. */
function drawDifferenceParts() {
  if (data.differences.length) {
    renew("difference-parts", [figure("At the positions of " + state.squeezeKind, "the likeliest tokens, the response and the rest",
      "medium", differencePartsChart, pairName(comparedPair()))]);
  }
}
