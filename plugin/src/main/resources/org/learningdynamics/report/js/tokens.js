// A probe's responses token by token, before and after, as coloured text.

const reading = { before: "", after: "", kind: "", position: 0, scale: "linear" };
const LEVELS = [0.1, 0.7, 2.3, 4.6]; // nats: p above 0.9, 0.5, 0.1, 0.01, and below
const CHANGE_LEVELS = [0.1, 0.7, 2.3];

/** Small numbers from their packed text. */
function unpack(text, width) {
  const digits = unpack.digits || (unpack.digits = new Map([...data.tokens.alphabet].map((c, i) => [c, i])));
  const values = [];
  for (let i = 0; i < text.length; i += width) {
    let value = 0;
    for (let k = 0; k < width; k++) {
      value = value * digits.size + digits.get(text[i + k]);
    }
    values.push(value);
  }
  return values;
}

/** Log-probabilities from their codes: null is not a number, the least stands for all below it. */
function logProbs(text) {
  const size = data.tokens.alphabet.length;
  return unpack(text, 2).map(code => code === size * size - 1 ? null : -code * data.tokens.step);
}

/** The recordings with tokens of a probe, over all shown runs. */
function tokenRecordings(number) {
  return data.tokens.runs.flatMap((run, r) => state.runs.has(run.run) && run.probes[number]
    ? run.x.map((x, t) => ({ key: r + ":" + t, run, t, name: run.run + ", iteration " + whole(x) })) : []);
}

/** One response at one recording: positions with their token, log-probability and likeliest token. */
function readTokens(recording, number, kind) {
  const found = (recording.run.probes[number] || {})[kind];
  if (!found || found.lp[recording.t] === undefined) {
    return null;
  }
  const { run, t } = recording;
  const tokens = unpack(found.t, run.width);
  const likeliest = unpack(found.am[t], run.width);
  return logProbs(found.lp[t]).map((logProb, position) => ({
    position, logProb, word: tokens[position], argmax: likeliest[position],
    text: wordText(run, tokens[position], "\u00b7" + (position + 1)), likeliest: wordText(run, likeliest[position], ""),
    differs: tokens[position] === undefined || tokens[position] !== likeliest[position],
  }));
}

/** The wording of a token, its id where the recording has no wording. */
function wordText(run, word, unknown) {
  if (word === undefined) {
    return unknown;
  }
  return (run.words.length ? run.words[word] : "") || "#" + run.ids[word];
}

/** White space made visible. */
function visible(text) {
  return text.replace(/\n/g, "\u23ce").replace(/\t/g, "\u21e5").replace(/ /g, "\u2423");
}

function levelOf(size, levels) {
  return levels.filter(level => size > level).length;
}

function probability(logProb) {
  return logProb === null ? "not a number" : num(Math.exp(logProb));
}

function tokenClass(token, before) {
  if (before === undefined) {
    return token.logProb === null ? "nan" : "low" + levelOf(-token.logProb, LEVELS);
  }
  const change = token.logProb === null || before.logProb === null ? 0 : token.logProb - before.logProb;
  return (change > 0 ? "up" : "down") + levelOf(Math.abs(change), CHANGE_LEVELS);
}

/** One line of tokens with a single tab stop, walked with the arrow keys. */
function tokenLine(label, tokens, className, says, kind) {
  const spans = tokens.map((token, i) => {
    const likeliest = token.differs && token.likeliest ? visible(token.likeliest) : "\u00a0";
    return h("span", { class: "token", tabindex: i === 0 ? "0" : "-1", "data-kind": kind, "data-position": i,
      role: "option", title: says(token, i), "aria-label": says(token, i) },
      h("small", { dir: "auto" }, likeliest), h("span", { class: className(token, i), dir: "auto" }, visible(token.text)));
  });
  const walk = event => {
    const at = spans.indexOf(event.target.closest(".token"));
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: spans.length - 1 }[event.key];
    if (at >= 0 && to !== undefined && spans[to]) {
      event.preventDefault();
      spans[at].tabIndex = -1;
      spans[to].tabIndex = 0;
      spans[to].focus();
    }
  };
  return h("div", { class: "token-row" }, h("span", { class: "token-when" }, label),
    h("div", { class: "tokens", role: "listbox", "aria-label": kind + ", " + label, "aria-orientation": "horizontal", on: { keydown: walk } }, spans));
}

function tokenSays(kind, token, before) {
  const quoted = text => "\u201c" + visible(text) + "\u201d";
  const likeliest = one => one.differs ? ", likeliest " + quoted(one.likeliest) : ", the likeliest";
  const at = kind + " " + (token.position + 1) + " " + quoted(token.text) + ": ";
  const now = "log-probability " + num(token.logProb) + " (p " + probability(token.logProb) + ")" + likeliest(token);
  return before ? at + "change " + num(token.logProb - before.logProb, true) + ", from " + num(before.logProb) + likeliest(before) + " to " + num(token.logProb) + likeliest(token)
    : at + now;
}

function tokenLegend() {
  const box = (className, text) => h("span", {}, h("span", { class: "shade " + className }, "\u00a0\u00a0\u00a0"), " " + text);
  return h("div", { class: "token-legend" },
    h("p", { class: "row small" }, h("b", {}, "p of the token"), box("low0", "above 0.9"), box("low1", "above 0.5"), box("low2", "above 0.1"), box("low3", "above 0.01"), box("low4", "below")),
    h("p", { class: "row small" }, h("b", {}, "change"), box("up3", "up by over 2.3 nats (tenfold)"), box("up2", "over 0.7 (twofold)"), box("up1", "over 0.1"),
      box("down1", "down by over 0.1"), box("down2", "over 0.7"), box("down3", "over 2.3")),
    h("p", { class: "small" }, "Small print above a token: the likeliest token there, where it is another. A thicker bar below is a smaller probability or a fall, a bar above a rise. "
      + "Arrow keys walk along a line; a click draws the position below."));
}

function tokenBlock(number, kind, before, after) {
  const first = before && readTokens(before, number, kind);
  const second = after && readTokens(after, number, kind);
  if (!first && !second) {
    return null;
  }
  const pairs = first && second && first.length === second.length;
  const choosePosition = event => {
    const token = event.target.closest(".token");
    if (token) {
      reading.kind = kind;
      reading.position = Number(token.dataset.position);
      showPosition(number);
    }
  };
  const say = event => {
    const token = event.target.closest(".token");
    if (token) {
      fill("token-says", token.getAttribute("aria-label"));
    }
  };
  return h("div", { class: "token-block", on: { click: choosePosition, focusin: say, mouseover: say,
    keydown: event => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choosePosition(event); } } } },
    h("h5", {}, swatch(kindStyle(kind, data.kinds)), kind),
    first ? tokenLine("before", first, token => tokenClass(token), token => tokenSays(kind, token), kind) : null,
    second ? tokenLine("after", second, token => tokenClass(token), token => tokenSays(kind, token), kind) : null,
    pairs ? tokenLine("change", second, (token, i) => tokenClass(token, first[i]), (token, i) => tokenSays(kind, token, first[i]), kind) : null);
}

function tokenNumbers(number, kinds, before, after) {
  const rows = kinds.flatMap(kind => {
    const first = before && readTokens(before, number, kind) || [];
    const second = after && readTokens(after, number, kind) || [];
    const longer = first.length > second.length ? first : second;
    return longer.map((token, i) => h("tr", {}, h("th", { scope: "row" }, kind), h("td", { class: "num" }, i + 1),
      h("td", { class: "text" }, visible(token.text)),
      [first[i], second[i]].map(one => h("td", { class: "num" }, one ? num(one.logProb) : "\u2013")),
      h("td", { class: "num" }, first[i] && second[i] ? num(second[i].logProb - first[i].logProb, true) : "\u2013"),
      [first[i], second[i]].map(one => h("td", { class: "text" }, one ? visible(one.likeliest) : ""))));
  });
  const heads = ["before", "after", "change"].map(name => name + " (nats)");
  return table("Tokens of probe #" + data.probes.list[number].id + " (log-probabilities to " + data.tokens.step + " nats)",
    ["kind", "position", h("th", { scope: "col", class: "text" }, "token"), ...heads,
      h("th", { scope: "col", class: "text" }, "likeliest before"), h("th", { scope: "col", class: "text" }, "likeliest after")], rows);
}

/** Why there are no tokens to show. */
function noTokens(number) {
  const runs = data.tokens.runs.filter(run => state.runs.has(run.run));
  if (!runs.length) {
    return "Single tokens were not recorded in the shown runs. Train with --tokens all, or .tokens(TokenDetail.ALL) in code, to see which words of a response gain and lose.";
  }
  return "Single tokens of this probe are not in this page, which holds those of " + runs.map(run => run.held + " of " + run.of + " probes of " + run.run).join(", ") + ".";
}

/** The part of a probe's details that is about tokens. */
function tokenPart(number) {
  const recordings = tokenRecordings(number);
  if (!recordings.length) {
    return [h("h3", {}, "Token by token"), h("p", { class: "empty", id: "token-none" }, noTokens(number))];
  }
  const keys = recordings.map(recording => recording.key);
  const ofLast = recordings.filter(recording => recording.run === recordings[recordings.length - 1].run);
  reading.before = keys.includes(reading.before) ? reading.before : ofLast[0].key;
  reading.after = keys.includes(reading.after) ? reading.after : keys[keys.length - 1];
  const options = recordings.map(recording => [recording.key, recording.name]);
  return [h("h3", {}, "Token by token"),
    h("div", { class: "row no-print" },
      chooser("token-before", "Before", options, reading.before, value => { reading.before = value; showTokens(number); }),
      chooser("token-after", "After", options, reading.after, value => { reading.after = value; showTokens(number); })),
    tokenLegend(), h("div", { id: "token-lines" }),
    h("p", { id: "token-says", class: "token-says no-print", "aria-live": "polite" }, "Point at a token, or walk along a line, to read its numbers."),
    h("div", { id: "token-position" })];
}

function chosenTokens(number) {
  const recordings = tokenRecordings(number);
  const by = key => recordings.find(recording => recording.key === key);
  return { before: by(reading.before), after: by(reading.after) };
}

function showTokens(number) {
  if (!byId("token-lines")) {
    return;
  }
  const { before, after } = chosenTokens(number);
  const kinds = data.kinds.filter(kind => state.kinds.has(kind) && data.probes.list[number].kinds[kind]);
  const numbers = h("details", { class: "numbers" }, h("summary", {}, "Numbers"));
  numbers.addEventListener("toggle", () => numbers.open && numbers.replaceChildren(numbers.querySelector("summary"), tokenNumbers(number, kinds, before, after)));
  fill("token-lines", h("p", { class: "small" }, "Before: " + before.name + ". After: " + after.name + "."),
    ...kinds.map(kind => tokenBlock(number, kind, before, after)).filter(block => block !== null), numbers);
  showPosition(number);
}

/** What follows from another choice of kinds. */
function tokensChanged() {
  if (probeShown !== null && data.probes.list[probeShown]) {
    showTokens(probeShown);
  }
}
