// Draws the overview's chart in the page's colors, light or dark.

const figure = document.querySelector("[data-chart]");

function loadLibrary(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.type = "module";
    script.src = address;
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}

function colors() {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: token("ink"),
    quiet: token("ink-2"),
    line: token("line"),
    mid: token("line-strong"),
    accent: token("accent"),
    surface: token("surface"),
    font: token("font"),
  };
}

function config() {
  const c = colors();
  return {
    background: null,
    font: c.font,
    padding: { left: 0, right: 8, top: 4, bottom: 0 },
    view: { stroke: null },
    axis: {
      labelColor: c.ink,
      labelFontSize: 13,
      titleColor: c.quiet,
      titleFontSize: 12.5,
      titleFontWeight: "normal",
      domain: false,
      tickColor: c.line,
      gridColor: c.line,
    },
    axisX: { labelColor: c.quiet, labelFontSize: 12.5, titlePadding: 8 },
    axisY: { grid: false },
    style: {
      before: { filled: true, fill: c.surface, stroke: c.mid, strokeWidth: 2, size: 60, opacity: 1 },
      after: { filled: true, fill: c.accent, stroke: c.accent, size: 60, opacity: 1 },
      "interval-before": { stroke: c.mid, strokeWidth: 1.5, opacity: 0.8 },
      "interval-after": { stroke: c.accent, strokeWidth: 1.5, opacity: 0.8 },
      change: { stroke: c.mid, strokeWidth: 3, opacity: 0.35 },
    },
  };
}

async function draw(plot, spec) {
  const result = await window.vegaEmbed(plot, spec, {
    ast: true,
    actions: false,
    defaultStyle: false,
    renderer: "svg",
    tooltip: { disableDefaultStyle: true },
    config: config(),
  });
  return result;
}

async function start() {
  const plot = figure.querySelector("[data-plot]");
  const [spec] = await Promise.all([
    fetch(figure.dataset.chart, { headers: { Accept: "application/json" } }).then((answer) => answer.json()),
    loadLibrary(figure.dataset.library),
  ]);
  let drawn = await draw(plot, spec);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", async () => {
    drawn.finalize();
    drawn = await draw(plot, spec);
  });
  figure.dataset.drawn = "";
}

if (figure) {
  start();
}
