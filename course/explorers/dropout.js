// The explorer of lesson 06: a net whose hidden units are dropped by lot, and a tally of what it says pass after pass.

const MOST_PASSES = 2000, BINS = 30;

/** What the net says under two masks: `says` in dropout.py is the same. */
function says(inputs, weights, masks, p) {
  const through = (x, layer) => layer[0].map((_, to) => x.reduce((sum, value, from) => sum + value * layer[from][to], 0));
  let x = inputs;
  masks.forEach((mask, layer) => { x = through(x, weights[layer]).map((value, unit) => Math.max(value, 0) * mask[unit] / (1 - p)); });
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

/** The net: dropped units are crossed out and lose their connections; a connection is as thick as its weight is large. */
function netPicture(weights, masks) {
  const width = 420, height = 300, sizes = [weights[0].length, ...weights.map((layer) => layer[0].length)];
  const kept = [Array(sizes[0]).fill(1), ...masks, [1]];
  const place = (column, row) => [46 + column * (width - 92) / (sizes.length - 1), height / 2 + (row - (sizes[column] - 1) / 2) * 46];
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  weights.forEach((layer, column) => layer.forEach((row, from) => row.forEach((weight, to) => {
    if (!kept[column][from] || !kept[column + 1][to] || weight === 0) return;
    const [x1, y1] = place(column, from), [x2, y2] = place(column + 1, to);
    svg.append(shape("line", { x1, y1, x2, y2, stroke: weight > 0 ? "var(--dot)" : "var(--stick)", "stroke-width": 0.4 + 1.8 * Math.abs(weight),
      "stroke-dasharray": weight > 0 ? null : "5 3", opacity: 0.55 }));
  })));
  sizes.forEach((size, column) => Array.from({ length: size }).forEach((_, row) => {
    const [x, y] = place(column, row), alive = kept[column][row];
    svg.append(shape("circle", { cx: x, cy: y, r: 14, fill: alive ? "var(--dot)" : "var(--paper)", stroke: alive ? "var(--paper)" : "var(--edge)", "stroke-width": 2 }));
    if (!alive) svg.append(shape("path", { d: `M${x - 8} ${y - 8}L${x + 8} ${y + 8}M${x + 8} ${y - 8}L${x - 8} ${y + 8}`, stroke: "var(--line)", "stroke-width": 3, fill: "none" }));
  }));
  return svg;
}

/** How often the net has said what: bars, the mean as a line, evaluation mode as a dashed one. */
function tally(outputs, whole) {
  const width = 420, height = 300, low = Math.min(0, whole, ...outputs), high = Math.max(1, whole, ...outputs);
  const span = high - low, left = low - 0.03 * span, right = high + 0.03 * span, counts = Array(BINS).fill(0);
  outputs.forEach((value) => { counts[Math.min(BINS - 1, Math.floor(BINS * (value - low) / span))] += 1; });
  const { x, y, axes } = chart(width, height, [left, right], [0, Math.max(4, ...counts) * 1.12], ["what the net says", "passes"]);
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" }, axes);
  counts.forEach((count, bin) => {
    const from = x(low + bin * span / BINS), to = x(low + (bin + 1) * span / BINS);
    if (count) svg.append(shape("rect", { x: from + 0.5, y: y(count), width: to - from - 1, height: y(0) - y(count), fill: "var(--dot)", opacity: 0.45 }));
  });
  const mark = (value, colour, dashes, name, row) => svg.append(
    shape("line", { x1: x(value), x2: x(value), y1: y(0), y2: 14, stroke: colour, "stroke-width": 2.5, "stroke-dasharray": dashes }),
    shape("text", { class: "halo", x: x(value) + (value > (left + right) / 2 ? -7 : 7), y: 22 + 17 * row, "text-anchor": value > (left + right) / 2 ? "end" : "start" }, name));
  if (outputs.length) mark(outputs.reduce((sum, value) => sum + value, 0) / outputs.length, "var(--dot)", null, "mean", 0);
  mark(whole, "var(--line)", "6 4", "evaluation mode", 1);
  return svg;
}

function render({ model, el }) {
  const names = ["p", "training", "masks", "outputs"], words = spokenSentence();
  const left = element("div", { class: "explorer-panel" }), right = element("div", { class: "explorer-panel" });
  const [inputs, weights] = [model.get("inputs"), model.get("weights")], full = weights.slice(0, -1).map((layer) => layer[0].map(() => 1));
  const whole = says(inputs, weights, full, 0);
  const passes = (count) => {
    const p = model.get("p"), fresh = [];
    let masks;
    for (let pass = 0; pass < count; pass++) {
      masks = full.map((layer) => layer.map(() => (Math.random() < p ? 0 : 1)));
      fresh.push(says(inputs, weights, masks, p));
    }
    model.set({ training: true, masks, outputs: [...model.get("outputs"), ...fresh].slice(-MOST_PASSES) });
    model.save_changes();
  };
  const beginAgain = () => { model.set("outputs", []); passes(1); };
  const share = slider("share dropped, p", { min: 0, max: 0.9, step: 0.05, value: model.get("p"), text: (value) => value.toFixed(2) },
    (value) => { model.set("p", value); beginAgain(); });
  const mode = choice("mode", { train: "training", eval: "evaluation" }, model.get("training") ? "train" : "eval",
    (value) => { model.set("training", value === "train"); model.save_changes(); });
  const draw = onceAFrame(() => {
    const state = Object.fromEntries(names.map((name) => [name, model.get(name)]));
    share.set(state.p);
    mode.set(state.training ? "train" : "eval");
    left.replaceChildren(netPicture(weights, state.training ? state.masks : full));
    right.replaceChildren(tally(state.training ? state.outputs : [], whole));
    words.say(passInWords(state, says(inputs, weights, state.masks, state.p), whole));
  });
  const button = (text, act, kind = "") => element("button", { type: "button", class: kind, click: act }, text);
  el.append(frame("A net under dropout", element("div", { class: "explorer-row" }, left, right), words,
    element("div", { class: "explorer-controls" }, share, mode, button("One pass", () => passes(1), "first"),
      button("A hundred passes", () => passes(100)), button("Begin again", beginAgain))));
  for (const name of names) model.on(`change:${name}`, draw);
  draw();
  return () => names.forEach((name) => model.off(`change:${name}`, draw));
}

export default { render };
