// Heat maps and bars with whiskers, for any rows and columns.

/** Colours of a value in [-1, 1], or in [0, 1] for one-sided maps. */
function heatColours(colours) {
  return isDark() ? ["rgb(240,130,70)", colours.paper, "rgb(90,165,245)"] : ["rgb(205,80,20)", colours.paper, "rgb(20,100,190)"];
}

/**
 * A chart for figure(): {rows, columns, values[row][column] (null is left out), limit (the value
 * of the strongest colour), root (whether colours go by square roots), signed, rowName, columnName, unit, empty}.
 */
function heatChart(heat) {
  const cells = heat.rows.flatMap((row, r) => heat.columns.map((column, c) => [c, r, heat.values[r][c]])).filter(cell => cell[2] !== null);
  return {
    lines: [], empty: cells.length ? "" : heat.empty || "Nothing was recorded for this map.",
    spoken: heatMapSpoken(heat, cells), numbers: title => heatMapNumbers(heat, title),
    build: (colours, width) => heatMapOption(heat, cells, colours, width),
  };
}

function heatMapSpoken(heat, cells) {
  const name = cell => heat.rows[cell[1]] + " in " + heat.columns[cell[0]] + ", " + num(cell[2], heat.signed);
  const most = sign => cells.reduce((best, cell) => best === null || sign * cell[2] > sign * best[2] ? cell : best, null);
  return "heat map of " + count(heat.rows.length, "row") + " and " + count(heat.columns.length, "column")
    + (cells.length ? ". Highest: " + name(most(1)) + "; lowest: " + name(most(-1)) : ". Nothing to show") + ".";
}

function heatMapOption(heat, cells, colours, width) {
  const limit = heat.limit || Math.max(...cells.map(cell => Math.abs(cell[2])), 1e-30);
  const [low, middle, high] = heatColours(colours);
  const room = (width - 130) / heat.columns.length;
  const labelled = room > 34;
  return {
    animation: false, aria: { enabled: false }, textStyle: CHART_FONT,
    grid: { left: 6, right: 14, top: 8, bottom: 26, containLabel: true },
    tooltip: tipBox(colours, cell => h("div", { class: "tip" }, h("b", {}, num(cell.value[2], heat.signed) + (heat.unit ? " " + heat.unit : "")),
      h("div", {}, heat.rowName + " " + heat.rows[cell.value[1]]), h("div", {}, heat.columnName + " " + heat.columns[cell.value[0]]))),
    visualMap: { show: false, min: heat.signed ? -1 : 0, max: 1, dimension: 3, inRange: { color: heat.signed ? [low, middle, high] : [middle, high] } },
    xAxis: plainAxis(colours, { type: "category", name: heat.columnName, nameLocation: "middle", nameGap: 24, data: heat.columns,
      axisLabel: { color: colours.soft, fontSize: 11, interval: 0, hideOverlap: true, width: Math.max(20, room), overflow: "truncate" } }),
    yAxis: plainAxis(colours, { type: "category", inverse: true, data: heat.rows, axisLabel: { color: colours.soft, fontSize: 11, hideOverlap: true, width: 120, overflow: "truncate" } }),
    series: [{
      type: "heatmap", itemStyle: { borderColor: colours.paper, borderWidth: 1 },
      label: { show: labelled, fontSize: 10, formatter: cell => num(cell.value[2], heat.signed) },
      data: cells.map(cell => {
        const part = Math.min(1, Math.abs(cell[2]) / limit);
        const strength = heat.root ? Math.sqrt(part) : part;
        return { value: [...cell, cell[2] < 0 ? -strength : strength], label: { color: strength > 0.6 ? colours.paper : colours.ink } };
      }),
    }],
  };
}

function heatMapNumbers(heat, title) {
  return table(title + (heat.unit ? " (" + heat.unit + ")" : ""), [heat.rowName, ...heat.columns],
    heat.rows.map((row, r) => h("tr", {}, h("th", { scope: "row" }, row),
      heat.columns.map((column, c) => h("td", { class: "num" }, num(heat.values[r][c], heat.signed))))));
}

/**
 * A chart for figure(): lying bars or points with whiskers: {categories, series: [{name, style,
 * values, low, high}], unit, signed, points,
 * range}.
 */
function barChart(bars) {
  const known = bars.series.flatMap(one => one.values).filter(value => value !== null);
  return {
    lines: [], empty: known.length ? "" : bars.empty || "Nothing was recorded for these bars.",
    spoken: (bars.points ? "interval" : "bar") + " chart. " + bars.series.map(one => one.name + ": "
      + bars.categories.map((name, i) => name + " " + num(one.values[i], bars.signed)).join(", ")).join("; ") + ".",
    numbers: title => table(title + (bars.unit ? " (" + bars.unit + ")" : ""), [bars.rowName || "kind", ...bars.series.map(one => one.name)],
      bars.categories.map((name, i) => h("tr", {}, h("th", { scope: "row" }, name),
        bars.series.map(one => intervalCell([one.values[i], one.low ? one.low[i] : null, one.high ? one.high[i] : null], bars.signed))))),
    build: colours => whiskerOption(bars, colours),
  };
}

function whiskerOption(bars, colours) {
  const round = bars.range && bars.range[0] < bars.range[1] ? niceRange(...bars.range) : null;
  const text = { color: colours.soft, fontSize: 11 };
  return {
    animation: false, aria: { enabled: false }, textStyle: CHART_FONT,
    grid: { left: 6, right: 22, top: 8, bottom: 26, containLabel: true },
    tooltip: tipBox(colours, one => h("div", { class: "tip" }, h("b", {}, bars.categories[one.value[1]] + (bars.series.length > 1 ? ", " + one.seriesName : "")),
      h("div", {}, num(one.value[0], bars.signed) + (one.value[2] === null ? "" : " (" + num(one.value[2], bars.signed) + " \u2026 " + num(one.value[3], bars.signed) + ")")))),
    xAxis: plainAxis(colours, { type: "value", min: round ? round[0] : null, max: round ? round[1] : null, interval: round ? niceStep(...bars.range) : null, name: bars.unit, nameLocation: "middle", nameGap: 24,
      axisLabel: Object.assign({ hideOverlap: true, formatter: value => minus(value.toLocaleString("en-US", { maximumSignificantDigits: 4 })) }, text) }),
    yAxis: plainAxis(colours, { type: "category", inverse: true, data: bars.categories, axisLabel: Object.assign({ interval: 0, width: 130, overflow: "truncate" }, text) }),
    series: bars.series.map((one, s) => ({
      type: "custom", name: one.name, encode: { x: [0, 2, 3], y: 1 }, dimensions: ["value", "category", "low", "high"],
      data: bars.categories.map((name, i) => [one.values[i], i, one.low ? one.low[i] : null, one.high ? one.high[i] : null]).filter(d => d[0] !== null),
      renderItem: (params, api) => barShape(bars, one, s, api, colours),
    })).concat([{ type: "line", data: [], silent: true, markLine: { silent: true, symbol: "none", label: { show: false },
      lineStyle: { color: colours.zero, type: "solid", width: 1 }, data: [{ xAxis: 0 }] } }]),
  };
}

/** One bar or point with its whisker. */
function barShape(bars, one, s, api, colours) {
  const band = api.size([0, 1])[1];
  const thick = Math.max(1.5, Math.min(16, 0.76 * band / bars.series.length));
  const category = api.value(1);
  const [x, middle] = api.coord([api.value(0), category]);
  const y = middle + (s - (bars.series.length - 1) / 2) * thick;
  const zero = api.coord([0, category])[0];
  const colour = one.colours ? one.colours[category] : one.style.color;
  const body = bars.points
    ? { type: "circle", shape: { cx: x, cy: y, r: 4 }, style: { fill: colour } }
    : { type: "rect", shape: { x: Math.min(x, zero), y: y - 0.44 * thick, width: Math.abs(x - zero), height: 0.88 * thick }, style: { fill: colour } };
  const low = api.value(2);
  const high = api.value(3);
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    return body;
  }
  const from = api.coord([low, category])[0];
  const to = api.coord([high, category])[0];
  const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style: { stroke: bars.points ? colour : colours.ink, lineWidth: bars.points ? 2 : 1 } });
  const cap = Math.min(4, 0.3 * thick);
  return { type: "group", children: [body, line(from, y, to, y), line(from, y - cap, from, y + cap), line(to, y - cap, to, y + cap)] };
}
