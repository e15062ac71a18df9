// Reads the data and builds the page.

const data = JSON.parse(byId("report-data").textContent);
const echarts = window.echarts;
const chosenFrom = new Set();

const SECTIONS = [
  ["findings", "Findings"], ["classes", "Classes"], ["likelihood", "Likelihood"], ["differences", "Differences"],
  ["squeezing", "Squeezing"], ["picture", "Before and after"], ["accumulated", "Pull"], ["shape", "Shape"], ["metrics", "Metrics"],
  ["influence", "Influence"], ["probe", "Probes"], ["kinds", "Table"], ["provenance", "Provenance"],
  ["overhead", "Overhead"], ["events", "Events"],
];

/** Sections that are left out where their part of the data is empty. */
const OPTIONAL = ["classes", "influence"];

function choice(name, label, options, current, choose) {
  const buttons = Object.entries(options).map(([value, text]) => h("button", {
    type: "button", "data-choice": name, "data-value": value, "aria-pressed": String(value === current()),
    on: { click: () => choose(value) },
  }, text));
  listeners.push(() => buttons.forEach(button => button.setAttribute("aria-pressed", String(button.dataset.value === current()))));
  return h("fieldset", {}, h("legend", {}, label), buttons);
}

function toggled(set, value) {
  const next = new Set(set);
  if (!next.delete(value)) {
    next.add(value);
  }
  return next;
}

function kindLegend() {
  const buttons = data.kinds.map(kind => {
    const button = h("button", { type: "button", class: "kind", "data-kind": kind,
      on: { click: () => show({ kinds: toggled(state.kinds, kind) }) } });
    const label = () => {
      button.setAttribute("aria-pressed", String(state.kinds.has(kind)));
      button.replaceChildren(swatch(kindStyle(kind, data.kinds)), kind);
    };
    label();
    listeners.push(label);
    return button;
  });
  const all = h("button", { type: "button", id: "kinds-all", on: { click: () => show({ kinds: new Set(data.kinds) }) } }, "All");
  const none = h("button", { type: "button", id: "kinds-none", on: { click: () => show({ kinds: new Set() }) } }, "None");
  return h("fieldset", {}, h("legend", {}, "Kinds"), buttons, all, none);
}

function runChoice() {
  const buttons = data.runs.map(({ name }, i) => {
    const button = h("button", { type: "button", "data-run": i,
      on: { click: () => { state.runs = toggled(state.runs, name); listeners.forEach(listener => listener()); rebuild(); } } }, name);
    const label = () => button.setAttribute("aria-pressed", String(state.runs.has(name)));
    label();
    listeners.push(label);
    return button;
  });
  return h("fieldset", {}, h("legend", {}, "Runs"), buttons);
}

/** The last two runs of each sequence, pre-training only where it is alone: it would set the scale of the charts. */
function firstRuns() {
  const last = data.panels.flatMap(panel => panel.runs.slice(-2));
  const tuned = last.filter(name => !data.runs.find(run => run.name === name).stage.startsWith("pretrain"));
  return new Set(tuned.length ? tuned : last);
}

function buildControls() {
  const bands = Object.fromEntries(Object.entries(BANDS).map(([key, band]) => [key, band.label]));
  fill("controls",
    ...(data.runs.length > 1 ? [runChoice()] : []),
    choice("view", "Show", VIEWS, () => state.view, view => show({ view })),
    choice("band", "Band", bands, () => state.band, band => show({ band })),
    ...(data.panels.length > 1 ? [choice("layout", "Charts by", LAYOUTS, () => state.layout, layout => {
      state.layout = layout;
      listeners.forEach(listener => listener());
      buildLikelihood();
    })] : []),
    kindLegend());
}

function buildSqueezeKind() {
  const select = h("select", { id: "squeeze-kind", on: { change: () => { state.squeezeKind = select.value; buildSqueezing(); drawDifferenceParts(); } } },
    data.kinds.map(kind => h("option", { value: kind, selected: kind === state.squeezeKind }, kind)));
  fill("squeezing-kind", h("label", {}, "Positions of ", select), ...(data.panels.some(panel => panel.runs.length > 1)
    ? [choice("squeeze-stages", "Runs", SQUEEZE_STAGES, () => state.squeezeStages, stages => {
      state.squeezeStages = stages;
      listeners.forEach(listener => listener());
      buildSqueezing();
    })] : []));
}

/** Builds again what depends on the choice of runs. */
function rebuild() {
  buildPanels();
  buildAccumulated();
  buildClasses();
  buildMetrics();
  buildPicture();
  if (probeShown !== null && data.probes.list.length) {
    showProbe(probeShown);
  }
}

function headline() {
  const names = data.runs.map(run => run.name).join(", ");
  const recordings = data.runs.reduce((sum, run) => sum + run.recordings, 0);
  return count(data.runs.length, "run") + " (" + names + "), " + count(recordings, "recording") + ", "
    + count(data.probes.total, "probe") + ", " + count(data.kinds.length, "response kind");
}

function recolour() {
  listeners.forEach(listener => listener());
  buildGlance();
}

/** Keeps headings that are jumped to clear of the controls where those stay in sight. */
function roomForControls() {
  const controls = byId("controls");
  const sticky = getComputedStyle(controls).position === "sticky";
  document.documentElement.style.scrollPaddingTop = (sticky ? controls.offsetHeight + 8 : 16) + "px";
}

/** Shows the kinds and runs that were not there before; the reader's choice among the others stays. */
function choose() {
  const fresh = name => !chosenFrom.has(name) && chosenFrom.add(name);
  state.kinds = new Set([...state.kinds, ...data.kinds.filter(kind => fresh("kind " + kind))]);
  state.runs = new Set([...state.runs, ...data.runs.map(run => run.name).filter(name => fresh("run " + name) && firstRuns().has(name))]);
  state.squeezeKind = state.squeezeKind || ["chosen", "label", data.kinds[0] || ""].find(kind => data.kinds.includes(kind)) || "";
}

/** Builds the page from the data; again when newer data have come. */
function start() {
  document.title = data.title;
  fill("title", data.title);
  fill("subtitle", headline());
  fill("nav", ...SECTIONS.filter(([id]) => !Array.isArray(data[id]) || !OPTIONAL.includes(id) || data[id].length).map(([id, label]) => h("a", { href: "#" + id }, label)));
  choose();
  buildStory();
  buildGlance();
  buildControls();
  buildSqueezeKind();
  buildPanels();
  buildDifferences();
  buildAccumulated();
  buildClasses();
  buildMetrics();
  buildInfluence();
  buildProbes();
  buildPicture();
  listeners.push(tokensChanged, pictureChanged);
  buildKindTables();
  buildProvenance();
  buildOverhead();
  buildEvents();
}

start();
new ResizeObserver(roomForControls).observe(byId("controls"));
dark.addEventListener("change", () => { recolour(); redraw(); });
window.addEventListener("beforeprint", () => { printing = true; recolour(); drawForPaper(); });
window.addEventListener("afterprint", () => { printing = false; recolour(); drawForScreen(); });
document.documentElement.setAttribute("data-ready", "true");
follow();
