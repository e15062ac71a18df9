// The squeezing picture: where the probability is before and after, linear or logarithmic.

const picture = { sequence: -1, before: 0, after: 1, probe: "pooled", scale: "log" };
const MASS_NAMES = ["the response itself", "the likeliest token (argmax)", "all other tokens (rest)"];

/** The sequences that are shown, each once, and the recordings of shown runs in the chosen one. */
function pictureSequences() {
  return shownPanels().map(panel => data.panels.indexOf(panel));
}

function pictureMoments() {
  return data.masses[picture.sequence].at.map((moment, i) => [i, moment.run + ", iteration " + whole(moment.iteration)])
    .filter(([i]) => state.runs.has(data.masses[picture.sequence].at[i].run));
}

/** Rows of [kind, before, after] with each mass a token, or null. */
function pictureRows(mass) {
  const masses = data.masses[picture.sequence];
  const held = picture.probe === "pooled" ? masses.pooled : masses.probes[picture.probe] || {};
  const value = (kind, moment) => held[kind] && held[kind][moment] && held[kind][moment][mass] !== null ? Math.exp(held[kind][moment][mass]) : null;
  return data.kinds.filter(kind => state.kinds.has(kind) && held[kind])
    .map(kind => [kind, value(kind, picture.before), value(kind, picture.after)]);
}

/** Where a probability lies on the axis, and back: logarithms of ten, or itself. */
const SCALES = {
  log: { to: p => p > 0 ? Math.log10(p) : null, back: at => Math.pow(10, at) },
  linear: { to: p => p, back: at => at },
};

/** The axis fits its own rows; a linear one begins at 0. */
function arrowRange(rows, scale) {
  const values = rows.flatMap(row => [row[1], row[2]]).filter(value => value !== null && (scale !== "log" || value > 0)).map(SCALES[scale].to);
  if (!values.length) {
    return scale === "log" ? [-1, 0] : [0, 1];
  }
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = (high - low) * 0.08 || 0.05;
  const [from, to] = niceRange(scale === "log" ? low - room : 0, high + room);
  return [from, Math.min(to, scale === "log" ? 0 : 1)];
}

/** Arrows from before to after, one line a row; hollow is before, filled after. */
function arrowOption(rows, scale, colours, colourOf, xName) {
  const { to, back } = SCALES[scale];
  const range = arrowRange(rows, scale);
  const at = side => rows.map((row, i) => ({ value: [row[side] === null ? null : to(row[side]), i], itemStyle: side === 1
    ? { color: colours.paper, borderColor: colourOf(row[0]), borderWidth: 2 } : { color: colourOf(row[0]), borderColor: colourOf(row[0]), borderWidth: 1 } }))
    .filter(point => point.value[0] !== null);
  return {
    animation: false, aria: { enabled: false }, textStyle: CHART_FONT,
    grid: { left: 6, right: 24, top: 10, bottom: 30, containLabel: true },
    tooltip: tipBox(colours, point => {
      const row = rows[point.value[1]];
      return h("div", { class: "tip" }, h("b", {}, row[0]), h("div", {}, h("span", { class: "name" }, "before"), h("span", {}, num(row[1]))),
        h("div", {}, h("span", { class: "name" }, "after"), h("span", {}, num(row[2]))));
    }),
    xAxis: valueAxis(colours, xName, { min: range[0], max: range[1], nameLocation: "middle", nameGap: 26,
      axisLabel: { color: colours.soft, fontSize: 11, hideOverlap: true, formatter: value => probabilityTick(back(value)) } }),
    yAxis: plainAxis(colours, { type: "category", inverse: true, data: rows.map(row => clip(row[0], 32)), splitLine: { show: true, lineStyle: { color: colours.line } },
      axisLabel: { color: colours.soft, fontSize: 11, hideOverlap: false, interval: 0 } }),
    series: [
      { type: "lines", coordinateSystem: "cartesian2d", silent: true, symbol: ["none", "arrow"], symbolSize: 7, z: 1,
        data: rows.map((row, i) => ({ row, i })).filter(({ row }) => [row[1], row[2]].every(p => p !== null && to(p) !== null))
          .map(({ row, i }) => ({ coords: [[to(row[1]), i], [to(row[2]), i]], lineStyle: { color: colourOf(row[0]), width: 2, opacity: 0.75 } })) },
      { type: "scatter", name: "before", symbolSize: 9, z: 2, data: at(1) },
      { type: "scatter", name: "after", symbolSize: 9, z: 3, data: at(2) },
    ],
  };
}

function probabilityTick(p) {
  return p > 0 && p < 0.001 ? minus(p.toExponential(0)) : String(Number(p.toPrecision(2)));
}

function arrowNumbers(title, rows, head) {
  return table(title, [head, "before", "after", "after / before"],
    rows.map(row => h("tr", {}, h("th", { scope: "row" }, row[0]), [row[1], row[2], row[1] ? row[2] / row[1] : null].map(value => h("td", { class: "num" }, num(value))))));
}

function arrowSpoken(rows) {
  return rows.length ? "arrows of " + count(rows.length, "row") + ". " + rows.map(row => row[0] + " from " + num(row[1]) + " to " + num(row[2])).join("; ") + "." : "Nothing to show.";
}

function describeMass(mass) {
  return () => {
    const rows = pictureRows(mass);
    return {
      lines: [], spoken: arrowSpoken(rows),
      build: colours => arrowOption(rows, picture.scale, colours, kind => kindStyle(kind, data.kinds).color, "probability a token"),
      numbers: title => arrowNumbers(title + " (probability a token)", rows, "kind"),
    };
  };
}

/** How one kind moved, in words. */
function pictureSentence() {
  const kind = ["rejected", "chosen"].find(one => pictureRows(0).some(row => row[0] === one)) || (pictureRows(0)[0] || [""])[0];
  const parts = [0, 1, 2].map(mass => pictureRows(mass).find(row => row[0] === kind)).map((row, mass) =>
    row && row[1] !== null && row[2] !== null ? MASS_NAMES[mass] + " from " + num(row[1]) + " to " + num(row[2]) : null).filter(part => part);
  return parts.length ? "At the positions of " + kind + ": " + parts.join(", ") + "." : "";
}

function showPicture() {
  fill("picture-says", pictureSentence());
  redrawIn("picture-panels");
}

/** The choices of a sequence: which recordings, whose probe, which scale. */
function pictureControls() {
  const moments = pictureMoments();
  const last = moments.length - 1;
  picture.before = moments.length > 1 ? moments[last - 1][0] : moments[0][0];
  picture.after = moments[last][0];
  const held = Object.keys(data.masses[picture.sequence].probes);
  picture.probe = held.includes(String(picture.probe)) ? picture.probe : "pooled";
  const sequences = pictureSequences();
  fill("picture-controls",
    ...(sequences.length > 1 ? [chooser("picture-sequence", "Runs", sequences.map(i => [i, panelName(data.panels[i])]), picture.sequence,
      value => { picture.sequence = Number(value); pictureControls(); showPicture(); })] : []),
    chooser("picture-before", "Before", moments, picture.before, value => { picture.before = Number(value); showPicture(); }),
    chooser("picture-after", "After", moments, picture.after, value => { picture.after = Number(value); showPicture(); }),
    chooser("picture-probe", "Of", [["pooled", "all probes"], ...held.map(number => [number, probeName(data.probes.list[number])])], picture.probe,
      value => { picture.probe = value; showPicture(); }),
    chooser("picture-scale", "Scale", [["log", "logarithmic"], ["linear", "linear"]], picture.scale, value => { picture.scale = value; showPicture(); }));
}

function buildPicture() {
  const sequences = pictureSequences().filter(i => data.masses[i].at.length);
  byId("picture").hidden = !sequences.length || !data.kinds.length;
  if (byId("picture").hidden) {
    return;
  }
  picture.sequence = sequences.includes(picture.sequence) ? picture.sequence : sequences[sequences.length - 1];
  pictureControls();
  const single = data.masses[picture.sequence].single;
  fill("picture-note", single
    ? "Every response is one token: these are the probabilities themselves."
    : "Of every response its own probability, that of the likeliest tokens and that of all others: geometric means over its tokens"
      + " (pooled over probes for all probes). One probe at a time draws the distribution at one position where it was recorded (--distributions, or .distributions() in code).");
  renew("picture-panels", MASS_NAMES.map((name, mass) => figure(name[0].toUpperCase() + name.slice(1), mass ? "at the positions of each kind" : "hollow: before, filled: after", "medium", describeMass(mass))));
  showPicture();
}

/** What follows from another choice of kinds. */
function pictureChanged() {
  if (!byId("picture").hidden) {
    fill("picture-says", pictureSentence());
  }
}

/** The recorded distribution at a position: token ids with text and probability, or null. */
function readTop(recording, number, kind, position) {
  const found = (recording.run.probes[number] || {})[kind];
  const packed = found && found.top && found.top[recording.t] && found.top[recording.t][position];
  if (!packed) {
    return null;
  }
  const { run } = recording;
  const size = packed.length / (run.width + 2);
  const words = unpack(packed.slice(0, size * run.width), run.width);
  const ps = logProbs(packed.slice(size * run.width));
  return new Map(words.map((word, i) => [run.ids[word], { text: wordText(run, word, ""), kinds: [], p: ps[i] === null ? null : Math.exp(ps[i]) }]));
}

/** Tokens that were measured at one position behind the same beginning: the recorded distribution and those of kinds that agree up to there. */
function tokensAt(number, recording) {
  const own = readTokens(recording, number, reading.kind);
  if (!own || own[reading.position] === undefined) {
    return null;
  }
  const prefix = own.slice(0, reading.position).map(token => token.word).join(" ");
  const top = readTop(recording, number, reading.kind, reading.position);
  const found = top || new Map();
  for (const kind of data.kinds.filter(one => data.probes.list[number].kinds[one])) {
    const tokens = readTokens(recording, number, kind);
    const same = tokens && tokens.length > reading.position && (kind === reading.kind || own[0].word !== undefined)
      && tokens.slice(0, reading.position).map(token => token.word).join(" ") === prefix;
    if (same) {
      const token = tokens[reading.position];
      const key = token.word === undefined ? kind : recording.run.ids[token.word];
      const before = found.get(key) || { text: token.text, kinds: [], p: token.logProb === null ? null : Math.exp(token.logProb) };
      before.kinds.push(kind);
      found.set(key, before);
    }
  }
  return { tokens: found, whole: top !== null, argmax: own[reading.position].argmax, likeliest: own[reading.position].likeliest, run: recording.run };
}

/** Rows of the chosen position: the measured tokens by their probability before, and what is left by those measured on both sides. */
function positionRows(number) {
  const { before, after } = chosenTokens(number);
  const [first, second] = [before, after].map(recording => recording ? tokensAt(number, recording) : null);
  if (!first && !second) {
    return null;
  }
  const sides = [first, second].filter(side => side);
  const known = new Map(sides.flatMap(side => [...side.tokens.entries()]));
  const p = (side, key) => side && side.tokens.has(key) ? side.tokens.get(key).p : null;
  const kinds = key => data.kinds.filter(kind => sides.some(side => side.tokens.has(key) && side.tokens.get(key).kinds.includes(kind)));
  const order = key => [first, second].map(side => p(side, key)).find(value => value !== null) || 0;
  const keys = sides.some(side => side.whole) ? [...known.keys()].sort((a, b) => order(b) - order(a)) : [...known.keys()];
  const rows = keys.map(key => [visible(known.get(key).text) + (kinds(key).length ? " (" + kinds(key).join(", ") + ")" : ""), p(first, key), p(second, key)]);
  const both = keys.filter(key => sides.every(side => side.tokens.has(key)));
  const left = side => side ? Math.max(0, 1 - both.reduce((sum, key) => sum + (side.tokens.get(key).p || 0), 0)) : null;
  return { first, second, rows: rows.concat([[OTHERS, left(first), left(second)]]), single: keys.length - both.length, whole: sides.every(side => side.whole) };
}

const OTHERS = "all other tokens";

function positionNote(found, kind) {
  const measured = side => [...side.tokens.keys()].includes(side.run.ids[side.argmax]) ? "measured here" : "among the others";
  const told = (name, side) => side && side.likeliest ? "Likeliest " + name + ": \u201c" + visible(side.likeliest) + "\u201d, " + measured(side) + "." : "";
  const single = found.single ? found.single === 1 ? "1 token is measured on one side only: it is among all other tokens too." : found.single + " tokens are measured on one side only: they are among all other tokens too." : "";
  return "Position " + (reading.position + 1) + " of " + kind + ". " + [told("before", found.first), told("after", found.second), single].filter(text => text).join(" ");
}

/** The distribution at one position, as far as the recording holds it. */
function showPosition(number) {
  const held = data.probes.list[number].kinds;
  if (!held[reading.kind]) {
    reading.kind = ["rejected", "chosen"].find(kind => held[kind]) || Object.keys(held)[0];
    reading.position = 0;
  }
  const found = positionRows(number);
  if (!found) {
    renew("token-position", [h("p", { class: "empty" }, "Nothing was recorded at this position.")]);
    return;
  }
  const colour = name => name === OTHERS ? shade(["#75818c", "#aab5bf"]) : shade(["#0b4fa8", "#6cb0ff"]);
  renew("token-position", [
    h("h4", {}, "One position before and after"),
    h("div", { class: "row no-print" },
      chooser("position-kind", "Response", Object.keys(held).map(kind => [kind, kind]), reading.kind, value => { reading.kind = value; reading.position = 0; showPosition(number); }),
      h("label", {}, "Position ", positionInput(number)),
      chooser("position-scale", "Scale", [["linear", "linear"], ["log", "logarithmic"]], reading.scale, value => { reading.scale = value; showPosition(number); })),
    h("p", { class: "small", id: "position-note" }, positionNote(found, reading.kind)),
    figure(found.whole ? "The distribution at this position" : "Measured tokens behind the same beginning", "hollow: before, filled: after", found.rows.length > 14 ? "tall" : found.rows.length > 6 ? "medium" : "small", () => ({
      lines: [], spoken: arrowSpoken(found.rows),
      build: colours => arrowOption(found.rows, reading.scale, colours, colour, "probability"),
      numbers: title => arrowNumbers(title, found.rows, "token"),
    })),
  ]);
}

function positionInput(number) {
  const { after, before } = chosenTokens(number);
  const tokens = readTokens(after || before, number, reading.kind) || [];
  const input = h("input", { type: "number", id: "position-number", min: 1, max: tokens.length, value: reading.position + 1,
    on: { change: () => { reading.position = Math.min(tokens.length, Math.max(1, Number(input.value) || 1)) - 1; showPosition(number); } } });
  return input;
}
