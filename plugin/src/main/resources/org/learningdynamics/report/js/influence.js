// Which example moved which response: what is looked at, and the controls that choose it.

const looking = { run: 0, recording: 0, response: 0, matrix: "", span: "run" };

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

function flat(text) {
  return text.replace(/\s+/g, " ").trim();
}

function exampleText(run, id) {
  return Object.hasOwn(run.examples, id) ? run.examples[id] : { prompt: "" };
}

function examplePrompt(run, id) {
  return flat(exampleText(run, id).prompt);
}

/** The indexes of the responses whose kinds are shown, one kind after the other. */
function responsesShown(run) {
  return run.responses.map((response, i) => i).filter(i => state.kinds.has(run.responses[i].kind))
    .sort((a, b) => data.kinds.indexOf(run.responses[a].kind) - data.kinds.indexOf(run.responses[b].kind) || a - b);
}

function trustText([spearman, slope, r2, remainder]) {
  return "Spearman " + num(spearman) + ", slope " + num(slope) + ", R\u00b2 " + num(r2) + ", remainder " + num(remainder);
}

function coverageText(run) {
  const share = run.coverage.updates ? " (" + num(100 * run.coverage.recordings / run.coverage.updates) + "\u00a0%)" : "";
  const thinned = run.responses.length < run.responseCount ? " Charts show " + run.responses.length + " of " + whole(run.responseCount) + " responses." : "";
  const drawn = !run.stored && run.recordings.length < run.coverage.recordings ? " The slider holds " + run.recordings.length + " recordings, evenly spaced." : "";
  if (run.stored) {
    return whole(run.coverage.recordings) + " of " + count(run.coverage.updates, "checkpoint") + " scored, " + count(run.coverage.seen, "example") + " of "
      + whole(run.coverage.known) + ", each at every scored checkpoint, whether it was in a recorded batch or not." + thinned;
  }
  return whole(run.coverage.recordings) + " of " + count(run.coverage.updates, "update") + " recorded" + share + ", "
    + count(run.coverage.seen, "example") + " seen, " + whole(run.coverage.known) + " known."
    + (run.trust.recordings ? " Median over recordings: " + trustText(run.trust.median) + "." : "") + thinned + drawn;
}

/** What changes with the chosen recording. */
function showRecording() {
  if (influenceRun().stored) {
    return;
  }
  const recording = influenceRecording();
  const place = "iteration " + whole(recording.iteration);
  fill("influence-at", place);
  byId("influence-recording").setAttribute("aria-valuetext", place);
  const part = recording.examples.length < recording.batch
    ? " Of the " + whole(recording.batch) + " examples of this batch the " + recording.examples.length + " that did most are drawn." : "";
  fill("influence-trust", influenceRun().trust.recordings
    ? "At " + place + " of " + influenceRun().run + ": " + trustText(recording.trust) + "." + part : "Predicted and actual changes were not recorded." + part);
  redrawIn("influence-panels");
  if (looking.span === "recording") {
    showTop();
  }
}

/** Draws again what lies in an element. */
function redrawIn(id) {
  charts.filter(chart => byId(id).contains(chart.host)).forEach(chart => {
    chart.host.setAttribute("aria-label", spoken(chart.title, chart.describe()));
    if (chart.instance) {
      draw(chart);
    }
    if (chart.numbers.open) {
      fillNumbers(chart);
    }
  });
}

function chooser(id, label, options, current, choose) {
  const select = h("select", { id, on: { change: () => choose(select.value) } },
    options.map(([value, text]) => h("option", { value, selected: String(value) === String(current) }, text)));
  return h("label", {}, label + " ", select);
}

function influenceControls(run) {
  const slider = h("input", { type: "range", id: "influence-recording", min: 0, max: run.recordings.length - 1, step: 1, value: looking.recording,
    on: { input: () => { looking.recording = Number(slider.value); showRecording(); } } });
  const batch = run.stored ? [] : [h("label", {}, "Recording ", slider), h("output", { id: "influence-at", for: "influence-recording" }),
    chooser("influence-matrix", "Colours show", matricesOf(run), looking.matrix, value => { looking.matrix = value; showRecording(); })];
  fill("influence-controls",
    ...(data.influence.length > 1 ? [chooser("influence-run", "Run", data.influence.map((one, i) => [i, one.run]), looking.run,
      value => { looking.run = Number(value); showInfluenceRun(); })] : []),
    ...batch);
  fill("influence-pick",
    chooser("influence-response", "Response", run.responses.map((one, i) => [i, responseName(one) + (one.prompt ? " \u00b7 " + clip(flat(one.prompt), 60) : "")]),
      looking.response, value => showResponse(Number(value))),
    ...(run.stored ? [] : [chooser("influence-span", "Over", [["run", "all recordings"], ["recording", "the chosen recording"]], looking.span,
      value => { looking.span = value; showTop(); })]));
}

/** Chooses the response that helpers, harmers and parts are about. */
function showResponse(response) {
  looking.response = response;
  byId("influence-response").value = response;
  redrawIn("influence-panels");
  showTop();
}

function showInfluenceRun() {
  const run = influenceRun();
  looking.recording = run.recordings.length - 1;
  looking.response = Math.max(0, run.responses.findIndex(response => response.kind === "chosen"));
  looking.matrix = "";
  looking.span = run.stored ? "run" : looking.span;
  influenceControls(run);
  fill("influence-coverage", coverageText(run));
  renew("influence-panels", run.stored ? [] : batchFigures(run));
  renew("influence-over-time", run.stored ? [h("p", { class: "empty" }, "Sums over checkpoints tell nothing of single updates.")] : runFigures(run));
  showRecording();
  showTop();
}

function buildInfluence() {
  byId("influence").hidden = !data.influence.length;
  if (data.influence.length) {
    looking.run = data.influence.length - 1;
    showInfluenceRun();
  }
}
