// The explorer of lesson 06: a net whose hidden units are dropped by lot, and a tally of what it says pass after pass.

const MOST_PASSES = 2000, BINS = 30;

/** What the net says under two masks: `says` in dropout.py is the same. */
function says(inputs, weights, masks, p) {
  const through = (x, layer) => layer[0].map((_, to) =>
    x.reduce((sum, value, from) => sum + value * layer[from][to], 0));
  let x = inputs;
  masks.forEach((mask, layer) => { x = through(x,
    weights[layer]).map((value, unit) => Math.max(value, 0) * mask[unit] / (1 - p)); });
  return through(x, weights[masks.length])[0];
}

/** The same words as `DropoutExplorer.sentence`. */
function passInWords({ p, training, masks, outputs }, now, whole) {
  if (!training) {
    return `Evaluation mode: no unit is dropped, nothing is scaled, and the net says ${figureOf(whole)}, however often it is asked.`;
  }
  const hidden = masks.flat().length, kept = masks.flat().reduce((sum, one) => sum + one, 0);
  const words = `Training mode, p = ${p.toFixed(2)}: this pass drops ${hidden - kept} of ${hidden} hidden units and scales the other ${kept} up ` +
    `${figureOf(1 / (1 - p))} times; the net says ${figureOf(now)}.`;
  if (outputs.length < 2) return `${words} In evaluation mode it says ${figureOf(whole)}.`;
  const mean = outputs.reduce((sum, value) => sum + value, 0) / outputs.length;
  return `${words} The mean of ${outputs.length} passes is ${figureOf(mean)}; in evaluation mode it says ${figureOf(whole)}.`;
}

/** The net: dropped units are crossed out and lose their connections; a connection is as thick as its weight is large.
 *  */
function netPicture({ width, height }, weights, masks) {
  const sizes = [weights[0].length, ...weights.map((layer) => layer[0].length)],
    kept = [Array(sizes[0]).fill(1), ...masks, [1]];
  const place = (column, row) => [46 + column * (width - 92) / (sizes.length - 1),
    (height - 30) / 2 + (row - (sizes[column] - 1) / 2) * 44];
  const lines = weights.flatMap((layer, column) => layer.flatMap((row, from) => row.flatMap((weight, to) => {
    if (!kept[column][from] || !kept[column + 1][to] || weight === 0) return [];
    const [[x1, y1], [x2, y2]] = [place(column, from), place(column + 1, to)];
    return [shape("line", { x1, y1, x2, y2, stroke: weight > 0 ? "var(--dot)" : "var(--stick)",
      "stroke-width": 0.4 + 1.8 * Math.abs(weight),
      "stroke-dasharray": weight > 0 ? null : "5 3", opacity: 0.6 })];
  })));
  const units = sizes.flatMap((size, column) => Array.from({ length: size }, (_, row) => {
    const [x, y] = place(column, row), alive = kept[column][row];
    return shape("g", {}, shape("circle", { cx: x, cy: y, r: 14, fill: alive ? "var(--dot)" : "var(--paper)",
      stroke: alive ? "var(--paper)" : "var(--edge)", "stroke-width": 2 }),
      ...(alive ? [] : [shape("path", { d: `M${x - 8} ${y - 8}l16 16m0 -16l-16 16`, stroke: "var(--line)",
        "stroke-width": 3, fill: "none" })]));
  }));
  return [...lines, ...units, ...["inputs", "hidden layer 1", "hidden layer 2", "output"].map((name, column) =>
    shape("text", { x: place(column, 0)[0], y: height - 8, "text-anchor": "middle" }, name))];
}

/** How often the net has said what: bars, the mean as a line, evaluation mode as a dashed one. */
function tally(panel, outputs, whole) {
  const low = Math.min(0, whole, ...outputs), high = Math.max(1, whole, ...outputs), span = high - low,
    counts = Array(BINS).fill(0);
  outputs.forEach((value) => { counts[Math.min(BINS - 1, Math.floor(BINS * (value - low) / span))] += 1; });
  const { x, y, axes, top } = chart(panel, [low - 0.03 * span, high + 0.03 * span], [0, Math.max(4, ...counts) * 1.05],
    ["what the net says", "passes"]);
  const bars = counts.flatMap((count, bin) => (count
    ? [shape("rect", { x: x(low + bin * span / BINS) + 0.5, y: y(count), width: x(span / BINS) - x(0) - 1,
    height: y(0) - y(count), fill: "var(--dot)", opacity: 0.5 })] : []));
  const mark = (value, colour, dashes) => shape("path",
    { d: `M${x(value)} ${y(0)}V${top}`, stroke: colour, "stroke-width": 2.5, "stroke-dasharray": dashes });
  return [axes, ...bars, ...(outputs.length ? [mark(outputs.reduce((sum, value) => sum + value, 0) / outputs.length,
    "var(--dot)", null)] : []), mark(whole, "var(--line)", "6 4")];
}

export default explorer("A net under dropout", ["p", "training"], (kit) => {
  const [inputs, weights] = [kit.get("inputs"), kit.get("weights")],
    full = weights.slice(0, -1).map((layer) => layer[0].map(() => 1)), whole = says(inputs, weights, full, 0);
  const net = kit.panel(420, 300, "the net of this pass"),
    counts = kit.panel(420, 300, "how often the net has said what");
  const passes = (count, before = kit.get("outputs")) => {
    const p = kit.get("p"), fresh = [];
    let masks;
    for (let pass = 0; pass < count; pass++) {
      masks = full.map((layer) => layer.map(() => (Math.random() < p ? 0 : 1)));
      fresh.push(says(inputs, weights, masks, p));
    }
    kit.set({ training: true, masks, outputs: [...before, ...fresh].slice(-MOST_PASSES) });
  };
  const everything = () => ({ ...kit.now(), masks: kit.get("masks"), outputs: kit.get("outputs") });
  return {
    panels: [net, counts], listens: ["masks", "outputs"], again: () => passes(1, []),
    legend: [["dot", "var(--dot)", "at work"], ["cross", "var(--line)", "dropped"],
      ["line", "var(--dot)", "weight above 0"], ["dashed", "var(--stick)", "below 0"],
      ["line", "var(--dot)", "mean of the passes"], ["dashed", "var(--line)", "evaluation mode"]],
    controls: [[kit.slider("share dropped, p", "p",
      { min: 0, max: 0.9, step: 0.05, text: (value) => value.toFixed(2), then: () => passes(1, []) }),
      kit.choice("mode", "training", { choices: { train: "training", eval: "evaluation" },
        to: (on) => (on ? "train" : "eval"), from: (value) => value === "train" })],
    [kit.button("One pass", () => passes(1), "first"), kit.button("A hundred passes", () => passes(100)),
      kit.button("Begin again", () => passes(1, []))]],
    longest: passInWords({ p: 0.55, training: true, masks: [[0, 1, 0, 1, 0, 1], [0, 1, 0, 1, 0, 1]],
      outputs: Array(2000).fill(0) }, -10.55, -10.55),
    facts: ({ training }) => ({ passes: training ? kit.get("outputs").length.toLocaleString("en") : "\u2013",
      "evaluation mode says": figureOf(whole) }),
    words: () => passInWords(everything(), says(inputs, weights, kit.get("masks"), kit.get("p")), whole),
    draw({ training }) {
      net.svg.replaceChildren(...netPicture(net, weights, training ? kit.get("masks") : full));
      counts.svg.replaceChildren(...tally(counts, training ? kit.get("outputs") : [], whole));
    },
  };
});
