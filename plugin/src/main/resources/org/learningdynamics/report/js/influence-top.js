// The examples that did most to the chosen response, their texts beside the response's.

/** The examples of the chosen recording, as those of the run are given. */
function topAtRecording(run) {
  const recording = influenceRecording();
  const r = looking.response;
  const part = (name, e) => recording.parts[name] ? recording.parts[name][e][r] : null;
  const all = recording.examples.map((id, e) => ({ id, each: part("", e), chosen: part("chosen", e), rejected: part("rejected", e) }))
    .filter(example => example.each !== null);
  const paired = run.parts.includes("chosen");
  return {
    paired, helpers: all.filter(example => example.each > 0).sort((a, b) => b.each - a.each).slice(0, 8),
    harmers: all.filter(example => example.each < 0).sort((a, b) => a.each - b.each).slice(0, 8),
  };
}

/** A bar whose length says how much, for a glance; the number stands beside it. */
function lengthBar(value, strongest) {
  const bar = h("span", { class: "length " + (value > 0 ? "rises" : "falls"), "aria-hidden": "true" });
  bar.style.width = (100 * Math.abs(value) / strongest).toFixed(1) + "%";
  return h("span", { class: "lengths" }, bar);
}

function exampleCell(run, id) {
  const text = exampleText(run, id);
  const answers = ["response", "chosen", "rejected"].filter(part => text[part] !== undefined);
  return h("td", { class: "text example", dir: "auto" }, h("span", {}, text.prompt.trim()),
    answers.map(part => h("span", { class: "answer-of " + part }, h("b", {}, PART_NAMES[part] + " "), text[part].trim() || "(empty)")));
}

function topTable(run, caption, examples, top, strongest) {
  const overRun = looking.span === "run";
  const times = run.stored ? ["a checkpoint", "checkpoints"] : ["an occurrence", "occurrences"];
  return table(caption, ["example", h("th", { scope: "col", class: "text" }, "what it teaches"), overRun ? times[0] : "influence",
    ...(overRun ? [times[1], "in total"] : []), ...(top.paired ? ["through its chosen", "through its rejected"] : [])],
    examples.map(example => h("tr", {}, h("th", { scope: "row" }, "#" + example.id), exampleCell(run, example.id),
      h("td", { class: "num" }, num(example.each, true), lengthBar(example.each, strongest)),
      overRun ? [h("td", { class: "num" }, whole(example.occurrences)), h("td", { class: "num" }, num(example.total, true))] : null,
      top.paired ? [example.chosen, example.rejected].map(value => h("td", { class: "num" }, num(value, true))) : null)), true);
}

function responseCard(run, response) {
  return h("aside", { class: "beside", "aria-label": "The response" },
    h("h4", {}, responseName(response)),
    data.probes.texts ? [h("p", { class: "label" }, "Prompt"), h("p", { class: "probe-text", dir: "auto" }, response.prompt || "(empty)"),
      h("p", { class: "label" }, "Response"), h("p", { class: "probe-text", dir: "auto" }, response.text || "(empty)")]
      : h("p", { class: "empty" }, "Texts were left out of this report."));
}

function showTop() {
  const run = influenceRun();
  const response = run.responses[looking.response];
  const top = looking.span === "run" ? run.top[looking.response] : topAtRecording(run);
  const name = responseName(response);
  const strongest = Math.max(...top.helpers.concat(top.harmers).map(example => Math.abs(example.each)), 1e-30);
  const when = looking.span === "run" ? "" : " at iteration " + whole(influenceRecording().iteration);
  const part = (title, examples) => examples.length ? topTable(run, title + when + " (" + influenceUnit(run) + ")", examples, top, strongest)
    : h("p", { class: "empty" }, title + when + ": none.");
  fill("influence-top", h("div", { class: "side" }, responseCard(run, response),
    h("div", {}, part("Raised " + name + " most", top.helpers), part("Lowered " + name + " most", top.harmers))));
}
