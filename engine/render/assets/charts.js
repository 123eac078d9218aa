// The part of Apache ECharts that the report's charts need, and one function:
// draw(JSON of {width, height, option}) gives the SVG as text. It runs without a
// browser. What JSON cannot say stands here: how axes are labelled (Go writes
// numbers in the project's locale) and how whiskers are drawn.
import * as echarts from "echarts/core";
import { BarChart, HeatmapChart, LineChart, CustomChart } from "echarts/charts";
import { GridComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";

echarts.use([BarChart, HeatmapChart, LineChart, CustomChart, GridComponent, SVGRenderer]);

// Nothing happens later: the picture is asked for at once, and has no movement.
globalThis.setTimeout = globalThis.setTimeout || (() => 0);
globalThis.clearTimeout = globalThis.clearTimeout || (() => {});

// labelled replaces axisLabel.ticks, [[value, text], ...], by a formatter.
function labelled(axis) {
  for (const a of [].concat(axis || [])) {
    const ticks = a.axisLabel && a.axisLabel.ticks;
    if (!ticks) continue;
    delete a.axisLabel.ticks;
    a.axisLabel.formatter = (value) => {
      for (const [at, text] of ticks) if (Math.abs(at - value) < 1e-9 * Math.max(1, Math.abs(at))) return text;
      return "";
    };
  }
}

// whiskers draws [row, low, high] as a line with two ends.
function whiskers(series) {
  const colour = series.colour;
  series.type = "custom";
  series.silent = true;
  series.renderItem = (params, api) => {
    const upright = series.upright;
    const point = (v) => (upright ? api.coord([api.value(0), v]) : api.coord([v, api.value(0)]));
    const [a, b] = [point(api.value(1)), point(api.value(2))];
    const end = 4;
    const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style: { stroke: colour, lineWidth: 1.5, fill: "none" } });
    const across = (p) => (upright ? line(p[0] - end, p[1], p[0] + end, p[1]) : line(p[0], p[1] - end, p[0], p[1] + end));
    return { type: "group", children: [line(a[0], a[1], b[0], b[1]), across(a), across(b)] };
  };
}

globalThis.draw = function (json) {
  const { width, height, option } = JSON.parse(json);
  labelled(option.xAxis);
  labelled(option.yAxis);
  for (const s of option.series) {
    if (s.type === "whiskers") whiskers(s);
    s.emphasis = { disabled: true };
  }
  option.animation = false;
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  chart.setOption(option);
  return chart.renderToSVGString();
};
