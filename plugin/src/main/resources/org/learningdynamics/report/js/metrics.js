// Training metrics, one chart a metric, one line a run.

const METRIC_NOTES = {
  loss: "training loss (nats)",
  "rewards/margins": "reward of chosen minus rejected",
  "rewards/chosen": "\u03b2 \u00b7 log-ratio to the reference",
  "rewards/rejected": "\u03b2 \u00b7 log-ratio to the reference",
  "rewards/accuracies": "share of pairs with chosen above rejected",
  "logps/chosen": "log-probability of the batch\u2019s chosen (nats)",
  "logps/rejected": "log-probability of the batch\u2019s rejected (nats)",
  grad_norm: "global norm before clipping",
  learning_rate: "rate of the update",
};

/** The shown runs, by number. */
function shownRuns() {
  return data.runs.map((run, i) => i).filter(i => state.runs.has(data.runs[i].name));
}

function metricLines(metric, runs) {
  return metric.runs.filter(one => runs.has(one.run)).flatMap(one => {
    const style = runStyle(one.run);
    const name = data.runs[one.run].name;
    return [
      { name: name + " (raw)", x: one.x, y: one.y, quiet: true, style: { color: style.color, width: 0.8, opacity: 0.3 } },
      { name, x: one.x, y: one.smooth, style: { color: style.color, width: 2.2, dash: style.dash } },
    ];
  });
}

function buildMetrics() {
  const runs = new Set(shownRuns());
  const metrics = data.metrics.filter(metric => !(data.classes.length && metric.name.startsWith("adaptation/")) && metric.runs.some(one => runs.has(one.run)));
  const figures = metrics.map(metric => figure(metric.name, METRIC_NOTES[metric.name] || "", "small", () => ({
    lines: metricLines(metric, runs), unit: "", labels: false,
  })));
  const container = byId("metric-panels");
  dropCharts(container);
  const legend = h("p", { class: "row", id: "run-legend" }, shownRuns().map(run => h("span", {}, swatch(runStyle(run)), data.runs[run].name)));
  const old = byId("run-legend");
  if (old) {
    old.remove();
  }
  if (figures.length) {
    container.before(legend);
  }
  container.replaceChildren(...(figures.length ? figures : [h("p", { class: "empty" }, "No metrics were recorded.")]));
}
