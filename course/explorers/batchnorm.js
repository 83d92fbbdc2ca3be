// The explorer of lesson 07: digits pass through eight layers here in the browser, with batch norm or without; a
// histogram of each.

const DEPTH = 8, UNITS = 48, REACH = 6, BINS = 48, EPSILON = 1e-5;

/** What leaves each layer before its ReLU, (rows, UNITS) flat, and its spread. The same as `BatchNormExplorer.layers`.
 *  */
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
        for (let row = 0; row < rows; row++) out[row * UNITS +
          channel] = (out[row * UNITS + channel] - mean) * stretch + beta;
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
  const norm = normalise ? `with batch norm, gamma ${figureOf(gamma)} and beta ${figureOf(beta)}`
    : "without batch norm";
  const verdict = normalise ? "whatever the weights" : last > 2 * first ? "each layer passes on more than it got"
    : last < first / 2 ? "each layer passes on less than it got"
      : "the layers pass on what they get at about the same size";
  return `Weights times ${figureOf(factor)}, ${norm}: the spread is ${figureOf(first)} in layer 1 and ${figureOf(last)} in layer ${DEPTH}: ${verdict}.`;
}

/** Eight histograms, one above the other, each to its own height. */
function histograms(panel, left) {
  const { x, axes, top, bottom, left: edge } = chart(panel, [-REACH, REACH], [DEPTH + 1, 1],
    ["what leaves the layer, before its ReLU", "layer"], { margin: [8, 12, 42, 40] });
  axes.querySelectorAll("line.grid, text[text-anchor=end]").forEach((mark) => mark.remove());
  const step = (bottom - top) / DEPTH;
  return [axes, ...left.flatMap((numbers, layer) => {
    const counts = new Float64Array(BINS), floor = top + (layer + 1) * step;
    for (const value of numbers) {
      const bin = Math.floor((value + REACH) / (2 * REACH) * BINS);
      if (bin >= 0 && bin < BINS) counts[bin] += 1;
    }
    const most = Math.max(1, ...counts), edgeOf = (bin) => x(-REACH + 2 * REACH * bin / BINS);
    const outline = [...counts].flatMap((count, bin) =>
      [bin, bin + 1].map((side) => [edgeOf(side), floor - 0.88 * step * count / most]));
    return [shape("path", { d: `${through([[edgeOf(0), floor], ...outline, [edgeOf(BINS), floor]])}Z`,
      fill: "var(--dot)", "fill-opacity": 0.4, stroke: "var(--dot)", "stroke-width": 1.2 }),
      shape("text", { x: edge - 6 * panel.unit, y: floor - 4, "text-anchor": "end" }, layer + 1)];
  })];
}

/** The spread of each layer on a logarithmic axis. */
function spreadCurve(panel, spreads) {
  const place = (spread) => Math.min(3, Math.max(-3, Math.log10(Math.max(spread, 1e-12))));
  const { x, y, axes } = chart(panel, [0.5, DEPTH + 0.5], [-3, 3], ["layer", "spread (standard deviation)"],
    { log: true, margin: [8, 14, 42, 62] });
  const places = spreads.map((spread, layer) => [x(layer + 1), y(place(spread))]);
  return [axes, shape("path", { d: through(places), fill: "none", stroke: "var(--line)", "stroke-width": 2.4 }),
    ...places.map(([cx, cy]) => shape("circle", { cx, cy, r: 5, fill: "var(--line)", stroke: "var(--paper)",
      "stroke-width": 1.5 }))];
}

export default explorer("What leaves eight layers, with batch norm and without",
  ["factor", "normalise", "gamma", "beta"], (kit) => {
  const inputs = numbersOf(kit.get("inputs")), weights = numbersOf(kit.get("weights"));
  const picture = kit.panel(430, 330, "a histogram of what leaves each of eight layers"),
    curve = kit.panel(430, 330, "the spread of each layer");
  const gamma = kit.slider("gamma", "gamma", { min: 0.1, max: 3, step: 0.1, text: figureOf }),
    beta = kit.slider("beta", "beta", { min: -2, max: 2, step: 0.1, text: figureOf });
  let spreads;
  return {
    panels: [picture, curve],
    legend: [["area", "var(--dot)", "how often which number leaves, each layer to its own height"],
      ["dot", "var(--line)", "the spread of a layer"]],
    controls: [[kit.choice("batch norm after each layer", "normalise",
      { choices: { without: "Without", with: "With batch norm" }, to: (on) => (on ? "with" : "without"),
      from: (name) => name === "with" }),
      kit.slider("weights times", "factor", { min: -1, max: 1, step: 0.02, to: Math.log2,
        from: (value) => Number((2 ** value).toPrecision(3)), text: (value) => figureOf(2 ** value) }), gamma, beta]],
    longest: layersInWords([1, 1, 1], { factor: 0.55, normalise: true, gamma: -1.55, beta: -1.55 }) + " and more",
    facts: () => ({ "spread in layer 1": figureOf(spreads[0]),
      [`spread in layer ${DEPTH}`]: figureOf(spreads.at(-1)) }),
    words: (now) => layersInWords(spreads, now),
    draw(now) {
      for (const node of [gamma, beta]) node.querySelector("input").disabled = !now.normalise;
      const passed = passThrough(inputs, weights, kit.get("rows"), kit.get("columns"), now);
      spreads = passed.spreads;
      picture.svg.replaceChildren(...histograms(picture, passed.left));
      curve.svg.replaceChildren(...spreadCurve(curve, spreads));
    },
  };
});
