// The explorer of lesson 04: a small network that is trained in the browser to tell two paints apart.

const REACH = 2, CELLS = 56, RATE = 0.03, MOST = 3000, PACES = { slow: 4, medium: 40, fast: 400 };

const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const CHOICES = {
  relu: { value: (x) => (x > 0 ? x : 0), slope: (x) => (x > 0 ? 1 : 0) },
  sigmoid: { value: sigmoid, slope: (x) => sigmoid(x) * (1 - sigmoid(x)) },
  none: { value: (x) => x, slope: () => 1 },
};

/** A network of two inputs and one score, whose sigmoid is the belief in blue; `step` is one of Adam on all rows. */
function networkOf(sizes, activation, seed) {
  const chance = seeded(seed + 1), choice = CHOICES[activation];
  const normal = normalFrom(chance);
  const layers = sizes.slice(1).map((wide, at) => ({
    into: sizes[at], wide, last: at === sizes.length - 2,
    weights: Float64Array.from({ length: wide * sizes[at] }, () => normal() * Math.sqrt(2 / sizes[at])),
    biases: Float64Array.from({ length: wide }, () => 0.1 * normal()),
  }));
  for (const layer of layers) {
    layer.averages = [layer.weights, layer.biases].map((part) =>
      [new Float64Array(part.length), new Float64Array(part.length)]);
    layer.sums = new Float64Array(layer.wide);
    layer.out = new Float64Array(layer.wide);
    layer.blame = new Float64Array(layer.wide);
  }
  let count = 0;

  function score(x, y) {
    let inputs = [x, y];
    for (const layer of layers) {
      for (let neuron = 0; neuron < layer.wide; neuron++) {
        let sum = layer.biases[neuron];
        for (let at = 0; at < layer.into; at++) sum += layer.weights[neuron * layer.into + at] * inputs[at];
        layer.sums[neuron] = sum;
        layer.out[neuron] = layer.last ? sum : choice.value(sum);
      }
      inputs = layer.out;
    }
    return inputs[0];
  }

  function step(rows) {
    const gradients = layers.map((layer) => [new Float64Array(layer.weights.length),
      new Float64Array(layer.biases.length)]);
    for (const [x, y, paint] of rows) {
      layers.at(-1).blame[0] = (sigmoid(score(x, y)) - paint) / rows.length;
      for (let at = layers.length - 1; at >= 0; at--) {
        const layer = layers[at], below = layers[at - 1], inputs = below ? below.out : [x, y];
        if (below) below.blame.fill(0);
        for (let neuron = 0; neuron < layer.wide; neuron++) {
          const blame = layer.blame[neuron] * (layer.last ? 1 : choice.slope(layer.sums[neuron]));
          gradients[at][1][neuron] += blame;
          for (let from = 0; from < layer.into; from++) {
            gradients[at][0][neuron * layer.into + from] += blame * inputs[from];
            if (below) below.blame[from] += blame * layer.weights[neuron * layer.into + from];
          }
        }
      }
    }
    count += 1;
    layers.forEach((layer, at) => [layer.weights, layer.biases].forEach((part, kind) => {
      const [mean, square] = layer.averages[kind], gradient = gradients[at][kind];
      for (let place = 0; place < part.length; place++) {
        mean[place] = 0.9 * mean[place] + 0.1 * gradient[place];
        square[place] = 0.999 * square[place] + 0.001 * gradient[place] ** 2;
        part[place] -= RATE * (mean[place] / (1 - 0.9 ** count)) / (Math.sqrt(square[place] / (1 - 0.999 ** count)) +
          1e-8);
      }
    }));
  }

  return { score, step, layers, steps: () => count };
}

/** The same words as `NetworkExplorer.sentence`. */
function learnedInWords({ neurons, layers, activation, shape, steps, right, right_of_others, total }) {
  const choice = { relu: " ReLU", sigmoid: " sigmoid", none: "" }[activation],
    percent = (part) => `${Math.floor(100 * part / total + 0.5)} %`;
  const made = `${counted(layers, "layer")} of ${neurons}${choice} neuron${neurons > 1 ? "s" : ""}${activation === "none" ? " without a choice" : ""}`;
  const laid = { ring: "a blob in a ring", corners: "four corners", spiral: "two arms of a spiral" }[shape];
  if (steps === 0) return `A network with ${made} that has learned nothing yet; ${total} drops of two paints to learn from and ${total} to test it with, laid out as ${laid}.`;
  return `After ${counted(steps, "step")}, with ${made}, the accuracy is ${percent(right)} on the ${total} drops it learns from and ${percent(right_of_others)} on ${total} others.`;
}

/** Drops as they lie when each is moved by its own lot, times the noise: `NetworkExplorer.drops` is the same. */
function movedBy(dots, noise) {
  const normal = normalFrom(seeded(0));
  return dots.map(([across, up, paint]) => [across + noise * normal(), up + noise * normal(), paint]);
}

export default explorer("A network learns to tell two paints apart",
  ["neurons", "layers", "activation", "shape", "noise", "speed", "seed"], (kit) => {
  const canvases = [0, 1].map(() => element("canvas", { width: 860, height: 592, "aria-hidden": "true" })),
    pens = canvases.map((canvas) => canvas.getContext("2d"));
  const diagram = kit.panel(430, 296, "the network: what each neuron answers at every place, and its weights",
    { inside: [canvases[0]] });
  const map = kit.panel(430, 296, "the two paints, and what the network believes of every place",
    { inside: [canvases[1]] });
  const curve = kit.panel(430, 296, "loss after each step", { kind: "explorer-across", flat: [860, 160] });
  let network, losses, learned, others, made = "", owed = 0;

  function measure(rows) {
    let loss = 0, right = 0;
    for (const [across, up, paint] of rows) {
      const score = network.score(across, up), wrong = paint ? -score : score;
      loss += Math.max(wrong, 0) + Math.log1p(Math.exp(-Math.abs(wrong)));
      right += (score > 0) === (paint === 1) ? 1 : 0;
    }
    return { loss: loss / rows.length, right };
  }
  const measured = () => [measure(learned), measure(others)];

  /** A fresh network, where a setting that it is made by has changed. */
  function begin(now) {
    const { neurons, layers, activation, shape, noise, seed } = now,
      asked = JSON.stringify([neurons, layers, activation, shape, noise, seed]);
    if (asked === made) return;
    made = asked;
    motor.stop();
    const dots = movedBy(kit.get("dots")[shape], noise), half = dots.length / 2;
    [learned, others] = [dots.slice(0, half), dots.slice(half)];
    network = networkOf([2, ...Array(layers).fill(neurons), 1], activation, seed);
    losses = [measured().map(({ loss }) => loss)];
    tell();
  }

  function learn(steps) {
    for (let step = 0; step < steps && network.steps() < MOST; step++) {
      network.step(learned);
      losses.push(measured().map(({ loss }) => loss));
    }
  }
  function tell() {
    const [{ right }, { right: right_of_others }] = measured();
    kit.set({ steps: network.steps(), right, right_of_others });
    kit.redraw();
  }
  const motor = clockwork((elapsed) => {
    owed = Math.min(12, owed + elapsed / 1000 * PACES[kit.get("speed")]);
    learn(Math.floor(owed));
    owed %= 1;
    kit.redraw();
    return network.steps() < MOST;
  }, () => {
    go.textContent = motor.running() ? "Pause" : "Learn";
    if (!motor.running() && network) tell();
  });
  function run() {
    begin(kit.now());
    if (network.steps() >= MOST) { made = ""; begin(kit.now()); }
    if (!movesLittle()) { motor.run(); return; }
    learn(300);
    tell();
  }

  /** What every neuron answers at every place of a square grid, rows from the top: one array a neuron, layer by layer.
   *  */
  function answers() {
    const found = network.layers.map((layer) => Array.from({ length: layer.wide },
      () => new Float32Array(CELLS * CELLS)));
    for (let row = 0; row < CELLS; row++) {
      for (let column = 0; column < CELLS; column++) {
        network.score(REACH * (2 * (column + 0.5) / CELLS - 1), REACH * (1 - 2 * (row + 0.5) / CELLS));
        network.layers.forEach((layer, at) =>
          { for (let neuron = 0; neuron < layer.wide; neuron++) found[at][neuron][row * CELLS +
          column] = layer.out[neuron]; });
      }
    }
    return found;
  }
  const colours = () => [kit.colour("--stick"), kit.colour("--paper"), kit.colour("--dot")];

  /** The network from left to right: a small picture a neuron, blue where it answers more than 0 and orange where less;
   *  weights as lines between them. */
  function drawNetwork(found) {
    const { width, height, unit } = diagram, middle = (height - 20 * unit) / 2, palette = colours();
    const columns = [["x", "y"], ...found], size = Math.min(46,
      (height - 30 * unit) / Math.max(...columns.map((column) => column.length)) - 3);
    const place = (column, row) => [26 + size / 2 + column * (width - 52 - size) / (columns.length - 1),
      middle + (row - (columns[column].length - 1) / 2) * (size + Math.min(14, size / 3))];
    const squeeze = columns.map((column) => Math.min(1,
      (height - 26 * unit - size) / Math.max(1, (column.length - 1) * (size + Math.min(14, size / 3)))));
    const spot = (column, row) => { const [x, y] = place(column, row);
      return [x, middle + (y - middle) * squeeze[column]]; };
    pens[0].clearRect(0, 0, 860, 592);
    columns.forEach((column, at) => column.forEach((values, row) => {
      const [x, y] = spot(at, row), most = at === 0 ? REACH : Math.max(1e-6, ...values.map(Math.abs));
      const value = at > 0 ? (place) => values[place] : row
        ? (place) => REACH * (1 - 2 * Math.floor(place / CELLS) / CELLS)
        : (place) => REACH * (2 * (place % CELLS) / CELLS - 1);
      const share = at === columns.length - 1 ? (place) => sigmoid(values[place]) : (place) => 0.5 +
        value(place) / most / 2;
      paintField(pens[0], [2 * (x - size / 2), 2 * (y - size / 2), 2 * size, 2 * size], CELLS, share, palette);
    }));
    const lines = network.layers.flatMap((layer, at) => Array.from(layer.weights, (weight, place) => {
      const [to, from] = [Math.floor(place / layer.into), place % layer.into], [x1, y1] = spot(at, from),
        [x2, y2] = spot(at + 1, to);
      return shape("line", { x1: x1 + size / 2, y1, x2: x2 - size / 2, y2,
        stroke: weight > 0 ? "var(--dot)" : "var(--stick)", "stroke-width": Math.min(6, 0.4 + 1.6 * Math.abs(weight)),
        "stroke-dasharray": weight > 0 ? null : "5 3", opacity: 0.75 });
    }));
    const names = columns.map((_, at) => shape("text",
      { x: spot(at, 0)[0], y: height - 4 * unit, "text-anchor": at === 0 ? "start" : at === columns.length - 1 ? "end"
      : "middle", dx: at === 0 ? -size / 2 - 12 : at === columns.length - 1 ? size / 2 + 12 : 0 },
      at === 0 ? "x, y" : at === columns.length - 1 ? "answer" : columns.length > 3 ? `layer ${at}` : "hidden layer"));
    const frames = columns.flatMap((column, at) =>
      column.map((_, row) => { const [x, y] = spot(at, row);
      return shape("rect", { x: x - size / 2, y: y - size / 2, width: size, height: size, fill: "none",
      stroke: "var(--edge)" }); }));
    diagram.svg.replaceChildren(...lines, ...frames, ...names);
  }

  function drawMap(scores) {
    const { x, y, axes, left, top, right, bottom } = chart(map, [-REACH, REACH], [-REACH, REACH],
      ["place along the wall, m", "height, m"], { margin: [8, 10, 40, 46] });
    const faded = colours(), paper = faded[1];
    pens[1].clearRect(0, 0, 860, 592);
    paintField(pens[1], [2 * left, 2 * top, 2 * (right - left), 2 * (bottom - top)], CELLS, (at) => sigmoid(scores[at]),
      faded.map((colour) => colour.map((part, channel) => 0.5 * part + 0.5 * paper[channel])));
    const cell = (across, down) => [left + (across + 0.5) / CELLS * (right - left),
      top + (down + 0.5) / CELLS * (bottom - top)];
    const [clip, clipped] = clipOf({ left, right, top, bottom });
    const marks = [[learned, 8, 1], [others, 4.5, 0.8]].flatMap(([rows, size, opacity]) => [1, 0].flatMap((wanted) => {
      const d = rows.filter(([, , paint]) => paint === wanted).map(([across, up]) =>
        `M${x(across).toFixed(1)} ${y(up).toFixed(1)}h0`).join(""), cap = wanted ? "round" : "square",
        thick = wanted ? size + 1 : size - 1;
      return [shape("path", { d, stroke: "var(--paper)", "stroke-width": thick + 2.4, "stroke-linecap": cap, opacity }),
        shape("path", { d, stroke: wanted ? "var(--dot)" : "var(--stick)", "stroke-width": thick, "stroke-linecap": cap,
        opacity })];
    }));
    map.svg.replaceChildren(shape("defs", {}, clip), axes,
      shape("path", { d: zeroLine(scores, CELLS, cell), stroke: "var(--ink)", "stroke-width": 2.2, fill: "none",
      "stroke-linecap": "round" }), shape("g", clipped, ...marks));
  }

  function drawCurve() {
    const shown = losses.map((pair) => pair.map((loss) => Math.log10(Math.max(loss, 1e-6)))), all = shown.flat(),
      [low, high] = [Math.min(-1, ...all) - 0.1, Math.max(0, ...all) + 0.1];
    const { x, y, axes } = chart(curve, [0, Math.max(100, losses.length - 1)], [low, high], ["step", "loss, nats"],
      { log: true, margin: [8, 16, 40, 66] }), stride = Math.ceil(losses.length / 400);
    const line = (which, how) => shape("path", { d: through(shown.flatMap((pair, at) =>
      (at % stride === 0 || at === shown.length - 1 ? [[x(at), y(pair[which])]] : []))), fill: "none",
      "stroke-width": 2.2, "stroke-linejoin": "round", ...how });
    curve.svg.replaceChildren(axes, line(1, { stroke: "var(--other)", "stroke-dasharray": "6 4" }),
      line(0, { stroke: "var(--line)" }));
  }

  const go = kit.button("Learn", () => (motor.running() ? motor.stop() : run()), "first");
  return {
    panels: [diagram, map, curve], columns: "minmax(0, 1fr) minmax(0, 1fr) minmax(0, 1fr)", stop: () => motor.stop(),
      again: () => { made = ""; },
    legend: [["square", "var(--stick)", "orange paint, or below 0"], ["dot", "var(--dot)", "blue paint, or above 0"],
      ["line", "var(--line)", "loss on the large drops, to learn from"],
      ["dashed", "var(--other)", "on the small ones, to test with"]],
    controls: [[kit.slider("neurons", "neurons", { min: 1, max: 16, step: 1, text: String }),
      kit.slider("layers", "layers", { min: 1, max: 2, step: 1, text: String }),
      kit.slider("noise", "noise", { min: 0, max: 0.5, step: 0.05, text: (value) => `${value.toFixed(2)} m` })],
      [kit.choice("choice", "activation", { choices: { relu: "ReLU", sigmoid: "sigmoid", none: "none" } }),
        kit.choice("paints", "shape", { choices: { ring: "ring", corners: "corners", spiral: "spiral" } }),
        kit.choice("speed", "speed", { choices: { slow: "slow", medium: "medium", fast: "fast" } })],
      [go, kit.button("50 steps", () => { motor.stop(); begin(kit.now()); learn(50); tell(); }),
        kit.button("New start", () => kit.set({ seed: kit.get("seed") + 1 }))]],
    longest: learnedInWords({ neurons: 16, layers: 2, activation: "none", shape: "spiral", steps: 0, right: 160,
      right_of_others: 160, total: 160 }),
    facts() {
      const [train, test] = measured(), percent = ({ right }, rows) =>
        `${Math.floor(100 * right / rows.length + 0.5)} %`;
      return { steps: network.steps().toLocaleString("en"),
        loss: `${figureOf(train.loss)}, test ${figureOf(test.loss)}`,
        accuracy: `${percent(train, learned)}, test ${percent(test, others)}` };
    },
    words(now) {
      const [train, test] = measured();
      return learnedInWords({ ...now, steps: network.steps(), right: train.right, right_of_others: test.right,
        total: learned.length });
    },
    draw(now) {
      begin(now);
      const found = answers();
      drawNetwork(found);
      drawMap(found.at(-1)[0]);
      drawCurve();
    },
  };
});
