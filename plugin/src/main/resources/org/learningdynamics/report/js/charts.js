// Line charts with bands. A chart is described by a function, so that it can be drawn again when
// kinds are switched, the colours of the system change, or the page is printed.

const charts = [];

/**
 * A figure with a chart and its numbers as a table; the subject is for those who do not see the
 * heading above.
 *
 * describe() returns {lines: [{name, x, y, low, high, style}], unit, xName, range, stages, alarms,
 * labels}; y values may be null. A chart of another sort gives {lines: [], build(colours, width),
 * spoken, numbers(title)} instead: the library's option, what is said of it, its table. A text in
 * empty stands in place of the chart; charts of lines without a value have one anyway.
 */
function figure(heading, note, size, describe, subject) {
  const title = (subject ? subject + ", " : "") + heading;
  const host = h("div", { class: ("chart " + size).trim(), role: "img" });
  const numbers = h("details", { class: "numbers" }, h("summary", {}, "Numbers"));
  const below = h("div", {});
  const nothing = h("p", { class: "empty", hidden: true });
  const chart = { host, numbers, nothing, describe, title, below, instance: null };
  numbers.addEventListener("toggle", () => numbers.open && fillNumbers(chart));
  charts.push(chart);
  settle(chart, describe());
  lazily.observe(host);
  resizing.observe(host);
  return h("figure", {},
    h("figcaption", {}, h(subject ? "h4" : "h3", {}, heading, note ? h("span", { class: "note" }, note) : null)),
    host, nothing, below, numbers);
}

const NOTHING = "Nothing to show: no kind is selected, or nothing was recorded for these.";

/** Names a chart and puts a sentence in its place where there is nothing to draw. */
function settle(chart, what) {
  const values = what.lines.some(line => line.y.some(value => value !== null));
  const sentence = what.empty || (what.build || values || what.empty === "" ? "" : NOTHING);
  chart.host.setAttribute("aria-label", spoken(chart.title, what));
  chart.nothing.textContent = sentence;
  chart.nothing.hidden = sentence === "";
  chart.host.hidden = chart.below.hidden = chart.numbers.hidden = sentence !== "";
  return sentence === "";
}

const lazily = new IntersectionObserver(entries => {
  for (const entry of entries) {
    if (entry.isIntersecting) {
      draw(charts.find(chart => chart.host === entry.target));
      lazily.unobserve(entry.target);
    }
  }
}, { rootMargin: "600px" });

const resizing = new ResizeObserver(entries => {
  for (const entry of entries) {
    const chart = charts.find(one => one.host === entry.target);
    if (chart && chart.instance && !chart.host.hidden) {
      chart.instance.resize();
      draw(chart);
    }
  }
});

function dropCharts(container) {
  for (let i = charts.length - 1; i >= 0; i--) {
    if (container.contains(charts[i].host)) {
      const [chart] = charts.splice(i, 1);
      lazily.unobserve(chart.host);
      resizing.unobserve(chart.host);
      if (chart.instance) {
        chart.instance.dispose();
      }
    }
  }
}

function redraw() {
  charts.forEach(chart => {
    if (chart.instance) {
      draw(chart);
    } else {
      settle(chart, chart.describe());
    }
  });
  charts.filter(chart => chart.numbers.open).forEach(fillNumbers);
}

/** Draws every chart so that it takes the width that paper leaves it. */
function drawForPaper() {
  charts.forEach(chart => {
    draw(chart);
    const svg = chart.host.querySelector("svg");
    if (!svg) {
      return;
    }
    svg.setAttribute("viewBox", "0 0 " + svg.getAttribute("width") + " " + svg.getAttribute("height"));
  });
}

function drawForScreen() {
  charts.forEach(chart => chart.host.querySelectorAll("svg").forEach(svg => svg.removeAttribute("viewBox")));
  redraw();
}

function draw(chart) {
  const what = chart.describe();
  if (!settle(chart, what)) {
    return;
  }
  if (!chart.instance) {
    chart.instance = echarts.init(chart.host, null, { renderer: "svg" });
  }
  showLegend(chart, what);
  const drawn = what.build ? what.build(theme(), chart.host.clientWidth) : option(what, chart.host.clientWidth);
  chart.instance.setOption(drawn, { notMerge: true });
  if (!what.build) {
    spreadLabels(chart.instance, drawn);
  }
}

/** A legend of its own under the chart, and what a click on a mark does. */
function showLegend(chart, what) {
  if (what.legend) {
    chart.below.replaceChildren(what.legend());
  }
  if (what.chosen) {
    chart.instance.off("click");
    chart.instance.on("click", what.chosen);
  }
}

/** What a chart says to those who do not see it. */
function spoken(title, what) {
  if (what.spoken) {
    return title + ", " + what.spoken;
  }
  const ends = what.lines.map(line => {
    const values = line.y.filter(value => value !== null);
    return line.name + " from " + num(values[0]) + " to " + num(values[values.length - 1]);
  });
  return title + ", line chart. " + (ends.length ? ends.join("; ") : "Nothing to show") + ".";
}

function option(what, width) {
  const colours = theme();
  const wide = width > 460 && what.labels;
  const text = { color: colours.soft, fontSize: 11 };
  const axis = {
    type: "value", axisLabel: Object.assign({ hideOverlap: true }, text), nameTextStyle: text,
    splitLine: { lineStyle: { color: colours.line } },
  };
  const series = [];
  what.lines.forEach(line => {
    if (line.low) {
      series.push(band(line));
    }
    series.push(curve(line, wide, colours));
  });
  series.push(annotations(what, colours));
  const xs = what.lines.flatMap(line => [line.x[0], line.x[line.x.length - 1]]).filter(Number.isFinite);
  return {
    animation: false,
    aria: { enabled: false },
    textStyle: { fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif" },
    grid: { left: 6, right: wide ? 118 : 22, top: what.unit ? 30 : 14, bottom: 24, containLabel: true },
    tooltip: tooltip(what, colours),
    xAxis: Object.assign({}, axis, {
      axisTick: { show: false }, axisLine: { onZero: false, lineStyle: { color: colours.soft } },
      name: what.xName || "iteration", nameLocation: "middle", nameGap: 24, splitLine: { show: false },
      min: xs.length ? Math.min(...xs) : 0, max: xs.length ? Math.max(...xs) : 1,
    }),
    yAxis: Object.assign({}, axis, {
      axisLabel: Object.assign({ formatter: value => minus(value.toLocaleString("en-US", { maximumSignificantDigits: 6 })) }, text),
      axisLine: { show: false }, axisTick: { show: false }, name: what.unit, nameTextStyle: Object.assign({ align: "left" }, text), scale: true,
      min: what.range ? what.range[0] : null, max: what.range ? what.range[1] : null,
    }),
    series,
  };
}

function curve(line, wide, colours) {
  const style = line.style;
  const lone = line.x.length === 1;
  return {
    type: "line", name: line.name, z: 3,
    data: line.x.map((x, i) => [x, line.y[i]]),
    showSymbol: lone, symbolSize: lone ? 7 : 5, symbol: "circle", connectNulls: false,
    color: style.color,
    lineStyle: { color: style.color, width: style.width || 2, type: style.dash || "solid", opacity: style.opacity || 1 },
    emphasis: { focus: "series", lineStyle: { width: (style.width || 2) + 1 } },
    endLabel: wide && !line.quiet
      ? { show: true, formatter: () => clip(line.name, 19), color: style.color, fontSize: 11, distance: 5 } : { show: false },
  };
}

/** Moves the names at the lines' ends apart where they would lie on each other. */
function spreadLabels(instance, drawn) {
  const ends = drawn.series.filter(one => one.endLabel && one.endLabel.show).map(one => {
    const points = one.data.filter(point => point[1] !== null);
    const at = points.length ? instance.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, points[points.length - 1])[1] : 0;
    return { one, at, to: at };
  }).sort((a, b) => a.at - b.at);
  if (ends.length < 2) {
    return;
  }
  const bottom = instance.getHeight() - 50;
  const gap = Math.min(13, (bottom - 14) / Math.max(1, ends.length - 1));
  for (let i = 1; i < ends.length; i++) {
    ends[i].to = Math.max(ends[i].to, ends[i - 1].to + gap);
  }
  for (let i = ends.length - 1; i >= 0; i--) {
    ends[i].to = Math.min(ends[i].to, i === ends.length - 1 ? bottom : ends[i + 1].to - gap);
  }
  ends.forEach(end => { end.one.endLabel.offset = [0, end.to - end.at]; });
  instance.setOption({ series: drawn.series }, { replaceMerge: ["series"] });
}

function clip(text, length) {
  return text.length <= length ? text : text.slice(0, length - 1) + "\u2026";
}

/** The area between low and high as one polygon. */
function band(line) {
  const points = line.x.map((x, i) => [x, line.low[i], line.high[i]]).filter(p => p[1] !== null && p[2] !== null);
  return {
    type: "custom", name: line.name, silent: true, z: 1, clip: true,
    encode: { x: 0, y: [1, 2] }, dimensions: ["x", "low", "high"],
    data: points,
    renderItem: (params, api) => {
      if (params.dataIndex !== 0) {
        return null;
      }
      const upper = points.map(p => api.coord([p[0], p[2]]));
      const lower = points.map(p => api.coord([p[0], p[1]])).reverse();
      return {
        type: "polygon", silent: true, shape: { points: upper.concat(lower) },
        style: { fill: line.style.color, opacity: isDark() ? 0.2 : 0.14 },
      };
    },
  };
}

/** Borders between runs and the spans of alarms. */
function annotations(what, colours) {
  const areas = (what.alarms || []).filter(alarm => alarm.to > alarm.from).map(alarm => [
    { name: alarm.label, xAxis: alarm.from, itemStyle: { color: colours.alarm },
      label: { position: "insideBottom", color: colours.alarmInk, fontSize: 11 } },
    { xAxis: alarm.to },
  ]);
  const stages = (what.stages || []).map(stage => [
    { name: clip(stage.name, 24), xAxis: stage.from, itemStyle: { color: "transparent" },
      label: { position: "insideTop", color: colours.soft, fontSize: 12, fontWeight: "bold" } },
    { xAxis: stage.to },
  ]);
  const borders = (what.stages || []).slice(1).map(stage => ({ xAxis: stage.from }));
  const zero = what.signed ? [{ yAxis: 0, lineStyle: { color: colours.zero, type: "solid" } }] : [];
  return {
    type: "line", name: "", data: [], silent: true,
    markArea: { silent: true, data: areas.concat(stages) },
    markLine: {
      silent: true, symbol: "none", label: { show: false },
      lineStyle: { color: colours.soft, type: "dashed", width: 1 }, data: borders.concat(zero),
    },
  };
}

function tooltip(what, colours) {
  return {
    trigger: "axis", confine: true, renderMode: "html",
    backgroundColor: colours.paper, borderColor: colours.line, padding: [6, 10],
    axisPointer: { type: "line", lineStyle: { color: colours.soft } },
    formatter: params => {
      const points = params.filter(p => p.seriesType === "line" && p.seriesName && p.value[1] !== null);
      points.sort((a, b) => b.value[1] - a.value[1]);
      const at = points.length ? points[0].value[0] : "";
      return h("div", { class: "tip" }, h("b", {}, (what.xName || "iteration") + " " + whole(at)),
        points.map(p => h("div", {},
          h("span", { class: "name" }, swatch(lineStyle(what, p.seriesName)), p.seriesName),
          h("span", {}, num(p.value[1], what.signed)))));
    },
  };
}

function lineStyle(what, name) {
  return what.lines.find(line => line.name === name).style;
}

function fillNumbers(chart) {
  const what = chart.describe();
  if (what.numbers) {
    chart.numbers.replaceChildren(chart.numbers.querySelector("summary"), what.numbers(chart.title));
    return;
  }
  const lines = what.lines.filter(line => !line.quiet);
  const xs = [...new Set(lines.flatMap(line => line.x))].sort((a, b) => a - b);
  const at = lines.map(line => new Map(line.x.map((x, i) => [x, i])));
  const rows = xs.map(x => h("tr", {}, h("th", { scope: "row" }, whole(x)),
    lines.map((line, l) => {
      const i = at[l].get(x);
      return i === undefined ? h("td", {})
        : intervalCell([line.y[i], line.low ? line.low[i] : null, line.high ? line.high[i] : null], what.signed);
    })));
  const unit = what.unit ? " (" + what.unit + ")" : "";
  chart.numbers.replaceChildren(chart.numbers.querySelector("summary"),
    table(chart.title + unit, [what.xName || "iteration", ...lines.map(line => line.name)], rows));
}

/** Lowest and highest value of lines and bands, with a little room. */
function rangeOf(lines) {
  let low = Infinity;
  let high = -Infinity;
  for (const line of lines) {
    for (const values of [line.y, line.low || [], line.high || []]) {
      for (const value of values) {
        if (value !== null) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
    }
  }
  if (!(low <= high)) {
    return null;
  }
  const room = (high - low) * 0.06 || Math.abs(high) * 0.05 || 1;
  return niceRange(low - room, high + room);
}

/** A round distance between marks, about five in a range. */
function niceStep(low, high) {
  const rough = (high - low) / 5;
  const power = Math.pow(10, Math.floor(Math.log10(rough)));
  return [1, 2, 2.5, 5, 10].map(m => m * power).find(s => s >= rough);
}

/** The range widened to round numbers. */
function niceRange(low, high) {
  const step = niceStep(low, high);
  const round = value => Number(value.toPrecision(12));
  return [round(Math.floor(low / step) * step), round(Math.ceil(high / step) * step)];
}
