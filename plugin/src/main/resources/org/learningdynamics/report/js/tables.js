// Findings, the overview and the tables at the end.

const TONES = { error: "Error", warning: "Warning", info: "", good: "" };

function findingItem(finding) {
  return h("li", { class: finding.tone },
    TONES[finding.tone] ? h("span", { class: "tone" }, TONES[finding.tone]) : null,
    h("strong", { dir: "auto" }, finding.subject), ": ",
    minus(finding.text) + " ",
    h("a", { href: "#" + finding.anchor, "aria-label": "See the chart for: " + finding.subject + ", " + finding.text }, "See chart"),
    finding.advice ? h("span", { class: "advice" }, "What to try: " + finding.advice) : null);
}

function buildFindings() {
  const alarm = finding => finding.tone === "error" || finding.tone === "warning";
  fill("alarm-list", ...data.findings.filter(alarm).map(findingItem));
  fill("finding-list", ...data.findings.filter(finding => !alarm(finding)).map(findingItem));
}

/** How much of the strongest tint a change gets; undecided ones get none. */
function tint(change, largest) {
  const [mean, low, high] = change;
  if (mean === null || low === null || (low <= 0 && high >= 0)) {
    return "";
  }
  const strength = 0.08 + 0.5 * Math.sqrt(Math.abs(mean) / largest);
  return "rgba(var(--" + (mean > 0 ? "rise" : "fall") + ")," + strength.toFixed(3) + ")";
}

function buildGlance() {
  const byRun = data.runs.map(run => new Map(run.kinds.map(kind => [kind.kind, kind])));
  const changes = data.runs.flatMap(run => run.kinds.map(kind => Math.abs(kind.change[0] || 0)));
  const largest = Math.max(...changes, 1e-12);
  const rows = data.kinds.map(kind => h("tr", {},
    h("th", { scope: "row" }, swatch(kindStyle(kind, data.kinds)), kind),
    byRun.map(kinds => {
      const found = kinds.get(kind);
      if (!found) {
        return h("td", {}, "\u2013");
      }
      const [mean, low, high] = found.change;
      const size = low === null ? undefined : Math.max(Math.abs(low), Math.abs(high));
      const cell = h("td", { class: "num" }, num(mean, true, size),
        low === null || data.runs.length > 4 ? null : h("span", { class: "half" }, " \u00b1" + num((high - low) / 2, false, size)));
      cell.style.backgroundColor = tint(found.change, largest);
      return cell;
    })));
  const view = table("Change of log-probability over each run (nats" + (data.runs.length > 4 ? "" : ", \u00b1 95 % interval") + "). Blue rises, orange falls, uncoloured cannot be told from 0.",
    ["kind", ...data.runs.map(run => run.name)], rows, true);
  fill("glance", data.kinds.length ? view : h("p", { class: "empty" }, "No likelihoods were recorded."));
}

function buildKindTables() {
  fill("kind-tables", ...data.runs.map((run, i) => h("details", { open: i === data.runs.length - 1 },
    h("summary", {}, run.name),
    table(run.name + ": " + count(run.probes, "probe") + ", " + count(run.recordings, "recording") + ", " + count(run.iterations, "iteration"),
      ["kind", "start", "best", "at iteration", "end", "change", "since best"],
      run.kinds.map(kind => h("tr", {}, h("th", { scope: "row" }, kind.kind),
        intervalCell(kind.start), intervalCell(kind.best), h("td", { class: "num" }, whole(kind.bestIteration)),
        intervalCell(kind.end), intervalCell(kind.change, true), intervalCell(kind.sinceBest, true))), true))));
}

function buildProvenance() {
  fill("provenance-table", table("Header entries of each run",
    ["entry", ...data.runs.map(run => h("th", { scope: "col", class: "text" }, run.name))],
    data.provenance.map(entry => h("tr", { class: entry.differs ? "differs" : false },
      h("th", { scope: "row" }, entry.key, entry.differs ? h("span", { class: "badge" }, "differs") : null),
      entry.values.map(value => h("td", { class: "text", dir: "auto" }, value)))), true));
}

function buildOverhead() {
  const cell = text => h("td", { class: "num" }, text);
  fill("overhead-table", table("Waiting of training for recordings",
    ["run", "recordings", "rows each", "median (ms)", "longest (ms)", "a row (ms)", "all (s)", "wall time (s)", "share of time"],
    data.overhead.map(run => h("tr", {}, h("th", { scope: "row" }, run.run), cell(whole(run.recordings)),
      cell(whole(run.rows)), cell(num(run.median)), cell(num(run.max)), cell(num(run.perRow)),
      cell(num(run.total / 1000)), cell(num(run.wall / 1000)),
      cell(run.share === null ? "\u2013" : (100 * run.share).toFixed(2) + "\u00a0%"))), true));
}

function buildEvents() {
  if (!data.events.length) {
    fill("event-table", h("p", { class: "empty" }, "Nothing out of the ordinary was recorded."));
    return;
  }
  const left = data.eventCount - data.events.length;
  fill("event-table",
    table(count(data.eventCount, "event") + (left > 0 ? ", of which the first " + data.events.length + " are shown" : ""),
      ["run", "recording", "severity", "code", h("th", { scope: "col", class: "text" }, "message")],
      data.events.map(event => h("tr", {}, h("th", { scope: "row" }, event.run), h("td", { class: "num" }, whole(event.step)),
        h("td", {}, event.severity), h("td", {}, event.code), h("td", { class: "text", dir: "auto" }, event.message)))));
}
