// One probe: prompt, responses, a curve for each.

const ORDERS = {
  number: "by number",
  fall: "first kind fell most",
  rise: "first kind rose most",
};
let probeOrder = "number";
let probeSearch = "";
let probeShown = null;

/** Change of a curve from its first to its last value. */
function ends(curve) {
  const values = curve.filter(value => value !== null);
  return values.length ? [values[0], values[values.length - 1], values[values.length - 1] - values[0]] : [null, null, null];
}

/** Change of a probe's first kind in the last sequence that has it. */
function probeChange(probe) {
  const first = probe.kinds[data.kinds.find(kind => probe.kinds[kind])];
  const curves = first ? first.curves.filter(curve => curve.length) : [];
  return curves.length ? ends(curves[curves.length - 1])[2] || 0 : 0;
}

function listedProbes() {
  const words = probeSearch.trim().toLowerCase();
  const found = data.probes.list.filter(probe => !words || ("#" + probe.id + " " + probe.prompt).toLowerCase().includes(words));
  const orders = {
    number: (a, b) => a.id - b.id,
    fall: (a, b) => probeChange(a) - probeChange(b),
    rise: (a, b) => probeChange(b) - probeChange(a),
  };
  return found.sort(orders[probeOrder]);
}

function probeName(probe) {
  const prompt = probe.prompt.replace(/\s+/g, " ").trim();
  return "#" + probe.id + (prompt ? " \u00b7 " + clip(prompt, 90) : "");
}

function buildProbes() {
  const probes = data.probes;
  if (!probes.list.length) {
    fill("probe-body", h("p", { class: "empty" }, probes.total ? "Single probes were left out of this report." : "No probes were recorded."));
    return;
  }
  const pick = h("select", { id: "probe-pick", "aria-label": "Probe", on: { change: () => showProbe(Number(pick.value)) } });
  const order = h("select", { id: "probe-order", on: { change: () => { probeOrder = order.value; listProbes(); } } },
    Object.entries(ORDERS).map(([value, label]) => h("option", { value }, label)));
  const search = h("input", { type: "search", id: "probe-search", placeholder: "number or words",
    on: { input: () => { probeSearch = search.value; listProbes(); } } });
  const step = by => () => {
    const next = pick.selectedIndex + by;
    if (next >= 0 && next < pick.options.length) {
      pick.selectedIndex = next;
      showProbe(Number(pick.value));
    }
  };
  const shown = probes.list.length < probes.total
    ? "Details of " + probes.list.length + " of " + whole(probes.total) + " probes, spread evenly from the largest fall to the largest rise." : "";
  fill("probe-body",
    h("div", { class: "row no-print" },
      h("label", {}, "Order ", order), h("label", {}, "Find ", search), pick,
      h("button", { type: "button", on: { click: step(-1) } }, "Previous"),
      h("button", { type: "button", on: { click: step(1) } }, "Next")),
    shown ? h("p", { class: "explain" }, shown) : h("span", {}),
    h("div", { id: "probe-detail", "aria-live": "polite" }));
  listProbes();
}

function listProbes() {
  const listed = listedProbes();
  const pick = byId("probe-pick");
  pick.replaceChildren(...listed.map(probe => h("option", { value: data.probes.list.indexOf(probe) }, probeName(probe))));
  if (listed.length) {
    if (probeShown === null) {
      pick.selectedIndex = Math.max(0, listed.findIndex(probe => hasTokens(data.probes.list.indexOf(probe))));
    }
    showProbe(Number(pick.value));
  } else {
    renew("probe-detail", [h("p", { class: "empty" }, "No probe fits.")]);
  }
}

/** Whether single tokens of a probe were recorded, so that there is most to see of it. */
function hasTokens(number) {
  return data.tokens.runs.some(run => run.probes[number]);
}

function probeLines(probe, number) {
  const points = pointsShown(data.probes.at[number], data.panels[number]);
  return data.kinds.filter(kind => state.kinds.has(kind) && probe.kinds[kind] && probe.kinds[kind].curves[number].length)
    .map(kind => {
      const curve = pick(probe.kinds[kind].curves[number], points);
      const start = state.view === "change" ? ends(curve)[0] : 0;
      const y = curve.map(value => value === null ? null : value - start);
      return { name: kind, x: iterations(data.probes.x[number], points, data.panels[number]), y, style: kindStyle(kind, data.kinds) };
    });
}

function showProbe(index) {
  probeShown = index;
  const probe = data.probes.list[index];
  const panels = shownPanels().map(panel => data.panels.indexOf(panel));
  const figures = panels.map(i => figure(panelName(data.panels[i]), "probe #" + probe.id, "medium", () => ({
    lines: probeLines(probe, i), range: rangeOf(panels.flatMap(other => probeLines(probe, other))),
    unit: state.view === "change" ? "change (nats)" : "nats", signed: state.view === "change",
    stages: stagesOf(data.panels[i]), labels: true,
  })));
  renew("probe-detail", [
    h("h3", {}, "Prompt of probe #" + probe.id),
    data.probes.texts ? h("div", { class: "probe-text", dir: "auto", tabindex: "0" }, probe.prompt || "(empty)")
      : h("p", { class: "empty" }, "Texts were left out of this report."),
    h("div", { class: "panels" }, figures),
    h("h3", {}, "Responses"),
    responseTable(probe, panels),
    ...tokenPart(index),
  ]);
  showTokens(index);
}

function responseTable(probe, panels) {
  const heads = panels.flatMap(i => [panelName(data.panels[i]) + ": start", "end", "change"]);
  const shown = (response, i) => pick(response.curves[i], response.curves[i].length ? pointsShown(data.probes.at[i], data.panels[i]) : []);
  const kinds = data.kinds.filter(kind => probe.kinds[kind]);
  return table("Responses with log-probability at start and end (nats)",
    ["kind", ...(data.probes.texts ? [h("th", { scope: "col", class: "text" }, "response")] : []), "tokens", ...heads],
    kinds.map(kind => {
      const response = probe.kinds[kind];
      return h("tr", {}, h("th", { scope: "row" }, swatch(kindStyle(kind, data.kinds)), kind),
        data.probes.texts ? h("td", { class: "answer", dir: "auto" }, response.text || "(empty)") : null,
        h("td", { class: "num" }, whole(response.tokens)),
        panels.flatMap(i => ends(shown(response, i)).map((value, e) => h("td", { class: "num" }, num(value, e === 2)))));
    }), true);
}
