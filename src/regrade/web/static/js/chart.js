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

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// The colors of the marks come as names of the page's tokens.
function inColors(spec) {
  return JSON.parse(JSON.stringify(spec).replace(/"token\(([a-z0-9-]+)\)"/g, (_, name) => JSON.stringify(token(name))));
}

function config() {
  return {
    background: null,
    font: token("font"),
    padding: { left: 0, right: 8, top: 4, bottom: 6 },
    view: { stroke: null },
    axis: {
      labelColor: token("ink"),
      labelFontSize: 13,
      titleColor: token("ink-2"),
      titleFontSize: 12.5,
      titleFontWeight: "normal",
      domain: false,
      tickColor: token("line"),
      gridColor: token("line"),
    },
    axisX: { labelColor: token("ink-2"), labelFontSize: 12.5, titlePadding: 8 },
    axisY: { grid: false },
  };
}

function draw(plot, spec) {
  return window.vegaEmbed(plot, inColors(spec), {
    ast: true,
    actions: false,
    defaultStyle: false,
    renderer: "svg",
    tooltip: { disableDefaultStyle: true },
    config: config(),
  });
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
