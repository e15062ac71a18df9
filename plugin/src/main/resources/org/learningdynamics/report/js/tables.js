// The overview and the tables at the end.

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

/** Rows of header entries; a value that is not the first run's is marked. */
function provenanceTable(caption, entries) {
  return table(caption, ["entry", ...data.runs.map(run => h("th", { scope: "col", class: "text" }, run.name))],
    entries.map(entry => h("tr", { class: entry.differs ? "differs" : false },
      h("th", { scope: "row" }, entry.key, entry.differs ? h("span", { class: "badge" }, "differs") : null),
      entry.values.map(value => h("td", { class: entry.differs && value !== entry.values[0] ? "text other" : "text", dir: "auto" }, value || "\u2013")))), true);
}

function folded(title, entries) {
  return entries.length === 0 ? [] : [h("details", {}, h("summary", {}, title), provenanceTable(title, entries))];
}

function buildProvenance() {
  const differs = data.provenance.filter(entry => entry.differs);
  const own = data.provenance.filter(entry => entry.own);
  const same = data.provenance.filter(entry => !entry.differs && !entry.own);
  const entries = n => n === 1 ? "1 entry" : whole(n) + " entries";
  fill("provenance-table",
    differs.length ? provenanceTable("What differs between the runs: " + entries(differs.length), differs)
      : h("p", { class: "empty" }, data.runs.length > 1 ? "Nothing differs between the runs but what is each run\u2019s own." : "There is one run, so nothing can differ."),
    ...folded("What is each run\u2019s own (" + entries(own.length) + ")", own),
    ...folded((data.runs.length > 1 ? "What is the same in all runs (" : "What the run was made with (") + entries(same.length) + ")", same));
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
