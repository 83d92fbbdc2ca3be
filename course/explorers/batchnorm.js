// The explorer of lesson 07: digits pass through eight layers here in the browser, with batch norm or without; a histogram of each.

const DEPTH = 8, UNITS = 48, REACH = 6, BINS = 48, EPSILON = 1e-5;
const SIZE = { width: 430, height: 330 };

/** The float32 numbers of a Bytes trait, which comes as a DataView. */
function numbersOf(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

/** What leaves each layer before its ReLU, (rows, UNITS) flat, and its spread. The same as `BatchNormExplorer.layers`. */
function passThrough(inputs, weights, rows, columns, { factor, normalise, gamma, beta }) {
  const left = [], spreads = [];
  let numbers = inputs, wide = columns, used = 0;
  for (let layer = 0; layer < DEPTH; layer++) {
    const out = new Float64Array(rows * UNITS);
    for (let row = 0; row < rows; row++) {
      for (let unit = 0; unit < wide; unit++) {
        const value = factor * numbers[row * wide + unit];
        if (value === 0) continue;
        const from = used + unit * UNITS, to = row * UNITS;
        for (let next = 0; next < UNITS; next++) out[to + next] += value * weights[from + next];
      }
    }
    used += wide * UNITS;
    let spread = 0;
    for (let channel = 0; channel < UNITS; channel++) {
      let mean = 0, variance = 0;
      for (let row = 0; row < rows; row++) mean += out[row * UNITS + channel] / rows;
      for (let row = 0; row < rows; row++) variance += (out[row * UNITS + channel] - mean) ** 2 / rows;
      if (normalise) {
        const stretch = gamma / Math.sqrt(variance + EPSILON);
        for (let row = 0; row < rows; row++) out[row * UNITS + channel] = (out[row * UNITS + channel] - mean) * stretch + beta;
        variance *= stretch * stretch;
      }
      spread += variance / UNITS;
    }
    left.push(out);
    spreads.push(Math.sqrt(spread));
    numbers = out.map((value) => Math.max(0, value));
    wide = UNITS;
  }
  return { left, spreads };
}

/** The same words as `BatchNormExplorer.sentence`. */
function layersInWords(spreads, { factor, normalise, gamma, beta }) {
  const first = spreads[0], last = spreads.at(-1);
  const norm = normalise ? `with batch norm, gamma ${figureOf(gamma)} and beta ${figureOf(beta)}` : "without batch norm";
  const verdict = normalise ? "whatever the weights" : last > 2 * first ? "each layer passes on more than it got"
    : last < first / 2 ? "each layer passes on less than it got" : "the layers pass on what they get at about the same size";
  return `Weights times ${figureOf(factor)}, ${norm}: the spread is ${figureOf(first)} in layer 1 and ${figureOf(last)} in layer ${DEPTH}: ${verdict}.`;
}

/** Eight histograms, one above the other, each to its own height. */
function histograms(left) {
  const { x, axes } = chart(SIZE.width, SIZE.height, [-REACH, REACH], [0, 1], ["what leaves the layer, before its ReLU", "layer"], { margin: [10, 12, 44, 40] });
  for (const mark of [...axes.querySelectorAll("line.grid")]) mark.remove();
  for (const text of [...axes.querySelectorAll('text[text-anchor="end"]')]) text.remove();
  const step = (SIZE.height - 54) / DEPTH, drawn = [axes];
  left.forEach((numbers, layer) => {
    const counts = new Float64Array(BINS), floor = 10 + (layer + 1) * step;
    for (const value of numbers) {
      const bin = Math.floor((value + REACH) / (2 * REACH) * BINS);
      if (bin >= 0 && bin < BINS) counts[bin] += 1;
    }
    const most = Math.max(1, ...counts);
    let outline = `M${x(-REACH)} ${floor}`;
    counts.forEach((count, bin) => {
      const height = (floor - 0.88 * step * count / most).toFixed(1);
      outline += `L${x(-REACH + 2 * REACH * bin / BINS).toFixed(1)} ${height}L${x(-REACH + 2 * REACH * (bin + 1) / BINS).toFixed(1)} ${height}`;
    });
    drawn.push(shape("path", { d: `${outline}L${x(REACH)} ${floor}Z`, fill: "#56B4E9", "fill-opacity": 0.6, stroke: "var(--dot)", "stroke-width": 1.2 }),
      shape("text", { x: 34, y: floor - 4, "text-anchor": "end" }, layer + 1));
  });
  return drawn;
}

/** The spread of each layer on a logarithmic axis. */
function spreadCurve(spreads) {
  const low = -3, high = 3, place = (spread) => Math.min(high, Math.max(low, Math.log10(Math.max(spread, 1e-12))));
  const { x, y, axes } = chart(SIZE.width, SIZE.height, [0.5, DEPTH + 0.5], [low, high], ["layer", "spread (standard deviation)"], { log: true, margin: [10, 14, 44, 62] });
  const places = spreads.map((spread, layer) => `${x(layer + 1).toFixed(1)} ${y(place(spread)).toFixed(1)}`);
  return [axes, shape("path", { d: `M${places.join("L")}`, fill: "none", stroke: "var(--line)", "stroke-width": 2.4 }),
    ...places.map((text) => { const [cx, cy] = text.split(" "); return shape("circle", { cx, cy, r: 5, fill: "var(--line)", stroke: "white", "stroke-width": 1.5 }); })];
}

function render({ model, el }) {
  const inputs = numbersOf(model.get("inputs")), weights = numbersOf(model.get("weights"));
  const names = ["factor", "normalise", "gamma", "beta"], words = spokenSentence();
  const facts = Object.fromEntries(["spread in layer 1", `spread in layer ${DEPTH}`].map((name) => [name, element("b")]));
  const picture = shape("svg", { viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, role: "img", "aria-label": "a histogram of what leaves each of eight layers" });
  const curve = shape("svg", { viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, role: "img", "aria-label": "the spread of each layer" });

  function draw() {
    const state = Object.fromEntries(names.map((name) => [name, model.get(name)]));
    const { left, spreads } = passThrough(inputs, weights, model.get("rows"), model.get("columns"), state);
    picture.replaceChildren(...histograms(left));
    curve.replaceChildren(...spreadCurve(spreads));
    facts["spread in layer 1"].textContent = figureOf(spreads[0]);
    facts[`spread in layer ${DEPTH}`].textContent = figureOf(spreads.at(-1));
    words.say(layersInWords(spreads, state));
  }

  const soon = onceAFrame(draw);
  const save = (name, value) => { model.set(name, value); model.save_changes(); };
  const factor = slider("weights times", { min: -1, max: 1, step: 0.02, value: Math.log2(model.get("factor")), text: (value) => figureOf(2 ** value) },
    (value) => save("factor", Number((2 ** value).toPrecision(3))));
  const gamma = slider("gamma", { min: 0.1, max: 3, step: 0.1, value: model.get("gamma"), text: figureOf }, (value) => save("gamma", value));
  const beta = slider("beta", { min: -2, max: 2, step: 0.1, value: model.get("beta"), text: figureOf }, (value) => save("beta", value));
  const norm = choice("batch norm after each layer", { without: "Without", with: "With batch norm" }, model.get("normalise") ? "with" : "without",
    (name) => save("normalise", name === "with"));
  const reveal = () => { gamma.hidden = beta.hidden = !model.get("normalise"); };

  el.append(frame("What leaves eight layers, with batch norm and without",
    element("div", { class: "explorer-facts" }, ...Object.entries(facts).map(([name, number]) => element("div", {}, name, number))),
    element("div", { class: "explorer-row" }, element("div", { class: "explorer-panel" }, picture), element("div", { class: "explorer-panel" }, curve)),
    element("div", { class: "explorer-controls" }, norm, factor, gamma, beta), words));

  const listeners = {
    factor: () => { factor.set(Math.log2(model.get("factor"))); soon(); },
    normalise: () => { norm.set(model.get("normalise") ? "with" : "without"); reveal(); soon(); },
    gamma: () => { gamma.set(model.get("gamma")); soon(); },
    beta: () => { beta.set(model.get("beta")); soon(); },
  };
  for (const [name, listener] of Object.entries(listeners)) model.on(`change:${name}`, listener);
  reveal();
  draw();
  return () => { for (const [name, listener] of Object.entries(listeners)) model.off(`change:${name}`, listener); };
}

export default { render };
