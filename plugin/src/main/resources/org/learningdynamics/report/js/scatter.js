// The argmax against the rest: one point a recording, one line a run.

function scatterRuns(panel) {
  const kind = panel.kinds[state.squeezeKind];
  if (!kind) {
    return [];
  }
  return stagesShown(panel).map(stage => ({
    name: panel.runs[stage], fit: kind.fits[stage].against,
    style: runStyle(data.runs.findIndex(run => run.name === panel.runs[stage])),
    points: panel.x.map((x, i) => i).filter(i => panel.at[i] === stage)
      .map(i => [kind.argmax_log_prob.mean[i], kind.rest_log_prob.mean[i], panel.x[i] - panel.starts[stage]])
      .filter(point => point[0] !== null && point[1] !== null),
  })).filter(run => run.points.length);
}

function againstNote(panel) {
  return scatterRuns(panel).filter(run => run.fit.slope !== null)
    .map(run => run.name + ": slope " + num(run.fit.slope, true) + ", R\u00b2 " + num(run.fit.r2)).join("; ");
}

function againstChart(panel) {
  return () => {
    const runs = scatterRuns(panel);
    return {
      lines: [], empty: runs.length ? "" : "No recording holds the argmax and the rest of " + state.squeezeKind + ".",
      spoken: "scatter chart of argmax and rest. " + (againstNote(panel) || "Nothing to show") + ".",
      numbers: title => againstNumbers(runs, title),
      build: colours => againstOption(runs, colours),
    };
  };
}

function againstNumbers(runs, title) {
  return table(title + " (nats)", ["run", "iteration", "argmax", "rest"], runs.flatMap(run => run.points.map(point =>
    h("tr", {}, h("th", { scope: "row" }, run.name), h("td", { class: "num" }, whole(point[2])),
      h("td", { class: "num" }, num(point[0])), h("td", { class: "num" }, num(point[1]))))));
}

function againstOption(runs, colours) {
  const axis = (name, more) => plainAxis(colours, Object.assign({ type: "value", scale: true, name,
    axisLabel: { color: colours.soft, fontSize: 11, hideOverlap: true, formatter: value => minus(value.toLocaleString("en-US", { maximumSignificantDigits: 5 })) },
    axisLine: { onZero: false, lineStyle: { color: colours.soft } } }, more));
  return {
    animation: false, aria: { enabled: false }, textStyle: CHART_FONT,
    grid: { left: 6, right: 24, top: 48, bottom: 26, containLabel: true },
    legend: { top: 0, left: "center", textStyle: { color: colours.soft, fontSize: 11 }, data: runs.map(run => run.name), selectedMode: false, itemHeight: 9 },
    tooltip: tipBox(colours, point => h("div", { class: "tip" }, h("b", {}, point.seriesName + ", iteration " + whole(point.value[2])),
      h("div", {}, "argmax " + num(point.value[0])), h("div", {}, "rest " + num(point.value[1])))),
    xAxis: axis("argmax log-probability (nats)", { nameLocation: "middle", nameGap: 26 }),
    yAxis: axis("rest (nats)", { nameTextStyle: { align: "left", color: colours.soft, fontSize: 11 } }),
    series: runs.flatMap(run => [
      { type: "scatter", name: run.name, symbolSize: (value, params) => params.dataIndex === 0 ? 11 : 7, color: run.style.color, data: run.points, z: 3 },
      { type: "line", name: run.name + " in order", data: run.points, symbol: "none", silent: true, tooltip: { show: false },
        color: run.style.color, lineStyle: { color: run.style.color, width: 1, opacity: 0.35 } },
      ...(run.fit.slope === null ? [] : [{ type: "line", name: run.name + ", fitted", symbol: "none", silent: true, tooltip: { show: false },
        color: run.style.color, lineStyle: { color: run.style.color, width: 1.6, type: "dashed" },
        data: run.fit.x.map((x, i) => [x, run.fit.y[i]]) }]),
    ]),
  };
}
