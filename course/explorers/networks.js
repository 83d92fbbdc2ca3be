// The explorer of lesson 04: a small network that is trained in the browser to tell two paints apart.

const SIZE = 440, REACH = 2, CELLS = 72, RATE = 0.03, PACE = 6, MOST = 3000;
// From the belief in orange to that in blue, with the border between the third and the fourth.
const BANDS = ["#f6d08a", "#f9deac", "#fcefd6", "#dbe9f3", "#b3d2e7", "#86b9da"].map((text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16)));
const EDGES = [0.1, 0.3, 0.5, 0.7, 0.9];

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32, by Tommy Ettinger). */
function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const CHOICES = {
  relu: { value: (x) => (x > 0 ? x : 0), slope: (x) => (x > 0 ? 1 : 0) },
  sigmoid: { value: sigmoid, slope: (x) => sigmoid(x) * (1 - sigmoid(x)) },
  none: { value: (x) => x, slope: () => 1 },
};

/** A network of two inputs and one score, whose sigmoid is the belief in blue; `step` is one of Adam on all rows. */
function networkOf(sizes, activation, seed) {
  const chance = seeded(seed + 1), choice = CHOICES[activation];
  const normal = () => Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
  const layers = sizes.slice(1).map((wide, at) => ({
    into: sizes[at], wide, last: at === sizes.length - 2,
    weights: Float64Array.from({ length: wide * sizes[at] }, () => normal() * Math.sqrt(2 / sizes[at])),
    biases: Float64Array.from({ length: wide }, () => 0.1 * normal()),
  }));
  for (const layer of layers) {
    layer.averages = [layer.weights, layer.biases].map((part) => [new Float64Array(part.length), new Float64Array(part.length)]);
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
    const gradients = layers.map((layer) => [new Float64Array(layer.weights.length), new Float64Array(layer.biases.length)]);
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
        part[place] -= RATE * (mean[place] / (1 - 0.9 ** count)) / (Math.sqrt(square[place] / (1 - 0.999 ** count)) + 1e-8);
      }
    }));
  }

  return { score, step, first: layers[0], steps: () => count };
}

/** The same words as `NetworkExplorer.sentence`. */
function learnedInWords({ neurons, layers, activation, shape, steps, right, total }) {
  const choice = { relu: " ReLU", sigmoid: " sigmoid", none: "" }[activation];
  const made = `${layers} layer${layers > 1 ? "s" : ""} of ${neurons}${choice} neuron${neurons > 1 ? "s" : ""}${activation === "none" ? " without a choice" : ""}`;
  const laid = { ring: "a blob in a ring", corners: "four corners", spiral: "two arms of a spiral" }[shape];
  if (steps === 0) return `A network with ${made} that has learned nothing yet; ${total} drops of two paints, laid out as ${laid}.`;
  return `After ${steps.toLocaleString("en")} steps, with ${made}, ${right === total ? "all drops are" : `${right} of ${total} drops are`} on the side of their paint.`;
}

function render({ model, el }) {
  const words = spokenSentence();
  const facts = Object.fromEntries(["steps", "loss", "on their side"].map((name) => [name, element("b")]));
  const { x, y, axes } = chart(SIZE, SIZE, [-REACH, REACH], [-REACH, REACH], ["place along the wall, m", "height, m"], { margin: [12, 12, 44, 52] });
  const [left, top, wide, high] = [x(-REACH), y(REACH), x(REACH) - x(-REACH), y(-REACH) - y(REACH)];
  const pixels = element("canvas", { width: CELLS, height: CELLS }), brush = pixels.getContext("2d");
  const land = shape("image", { x: left, y: top, width: wide, height: high, preserveAspectRatio: "none" });
  const clipName = freshName("wall");
  const lines = shape("g", { "clip-path": `url(#${clipName})`, stroke: "#6b7280", "stroke-width": 1.2, "stroke-dasharray": "5 4" });
  const drops = shape("g");
  const picture = shape("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, role: "img", "aria-label": "the two paints, and what the network believes of every place" },
    shape("defs", {}, shape("clipPath", { id: clipName }, shape("rect", { x: left, y: top, width: wide, height: high }))), land, axes, lines, drops);
  const curve = shape("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, role: "img", "aria-label": "loss after each step" });

  let network, losses, rows, running = null;

  function measure() {
    let loss = 0, right = 0;
    for (const [across, up, paint] of rows) {
      const score = network.score(across, up), wrong = paint ? -score : score;
      loss += Math.max(wrong, 0) + Math.log1p(Math.exp(-Math.abs(wrong)));
      right += (score > 0) === (paint === 1) ? 1 : 0;
    }
    return { loss: loss / rows.length, right };
  }

  function begin() {
    stop();
    rows = model.get("dots")[model.get("shape")];
    network = networkOf([2, ...Array(model.get("layers")).fill(model.get("neurons")), 1], model.get("activation"), model.get("seed"));
    losses = [measure().loss];
    drops.replaceChildren(...rows.map(([across, up, paint]) => (paint
      ? shape("circle", { cx: x(across), cy: y(up), r: 4.6, fill: "#0072B2", stroke: "white" })
      : shape("rect", { x: x(across) - 4, y: y(up) - 4, width: 8, height: 8, fill: "#E69F00", stroke: "white" }))));
    draw();
    tell();
  }

  function draw() {
    const image = brush.createImageData(CELLS, CELLS);
    for (let row = 0; row < CELLS; row++) {
      for (let column = 0; column < CELLS; column++) {
        const belief = sigmoid(network.score(REACH * (2 * (column + 0.5) / CELLS - 1), REACH * (1 - 2 * (row + 0.5) / CELLS)));
        const band = BANDS[EDGES.filter((edge) => belief > edge).length], at = 4 * (row * CELLS + column);
        [image.data[at], image.data[at + 1], image.data[at + 2], image.data[at + 3]] = [...band, 255];
      }
    }
    brush.putImageData(image, 0, 0);
    land.setAttribute("href", pixels.toDataURL());
    const { weights, biases, wide: neurons } = network.first;
    lines.replaceChildren(...Array.from({ length: neurons }, (_, neuron) => {
      const [across, up, bias] = [weights[2 * neuron], weights[2 * neuron + 1], biases[neuron]], size = across * across + up * up;
      const [px, py] = [-bias * across / size, -bias * up / size], [dx, dy] = [-up, across].map((part) => 6 * part / Math.sqrt(size));
      return shape("line", { x1: x(px - dx), y1: y(py - dy), x2: x(px + dx), y2: y(py + dy) });
    }));
    const { loss, right } = measure(), most = Math.max(0.75, ...losses) * 1.05;
    const plot = chart(SIZE, SIZE, [0, Math.max(100, losses.length - 1)], [0, most], ["step", "cross-entropy, nats"], { margin: [12, 16, 44, 56] });
    const stride = Math.ceil(losses.length / 400);
    const places = losses.flatMap((value, at) => (at % stride === 0 || at === losses.length - 1 ? [`${plot.x(at).toFixed(1)} ${plot.y(value).toFixed(1)}`] : []));
    const end = places.at(-1).split(" ");
    curve.replaceChildren(plot.axes, shape("path", { d: `M${places.join("L")}`, fill: "none", stroke: "var(--line)", "stroke-width": 2.4, "stroke-linejoin": "round" }),
      shape("circle", { cx: end[0], cy: end[1], r: 5, fill: "var(--line)", stroke: "white", "stroke-width": 2 }));
    facts.steps.textContent = network.steps().toLocaleString("en");
    facts.loss.textContent = figureOf(loss);
    facts["on their side"].textContent = `${right} of ${rows.length}`;
    const now = Object.fromEntries(["neurons", "layers", "activation", "shape"].map((name) => [name, model.get(name)]));
    words.say(learnedInWords({ ...now, steps: network.steps(), right, total: rows.length }));
  }

  function learn(steps) {
    for (let step = 0; step < steps && network.steps() < MOST; step++) {
      network.step(rows);
      losses.push(measure().loss);
    }
  }

  function tell() {
    model.set("steps", network.steps());
    model.set("right", measure().right);
    model.save_changes();
  }

  function stop() {
    if (running !== null) cancelAnimationFrame(running);
    running = null;
    go.textContent = "Learn";
  }

  function pause() {
    stop();
    draw();
    tell();
  }

  function run() {
    if (network.steps() >= MOST) begin();
    if (movesLittle()) {
      learn(300);
      pause();
      return;
    }
    go.textContent = "Pause";
    const frameByFrame = () => {
      learn(PACE);
      draw();
      if (network.steps() >= MOST) { pause(); return; }
      running = requestAnimationFrame(frameByFrame);
    };
    running = requestAnimationFrame(frameByFrame);
  }

  const go = element("button", { type: "button", class: "first", click: () => (running === null ? run() : pause()) }, "Learn");
  const some = element("button", { type: "button", click: () => { stop(); learn(50); pause(); } }, "50 steps");
  const anew = element("button", { type: "button", click: () => { model.set("seed", model.get("seed") + 1); begin(); } }, "New start");
  const save = (name) => (value) => { model.set(name, value); begin(); };
  const neurons = slider("neurons in a layer", { min: 1, max: 16, step: 1, value: model.get("neurons"), text: String }, save("neurons"));
  const layers = slider("layers", { min: 1, max: 2, step: 1, value: model.get("layers"), text: String }, save("layers"));
  const activation = choice("the neurons' choice", { relu: "ReLU", sigmoid: "sigmoid", none: "none" }, model.get("activation"), save("activation"));
  const shapes = choice("how the paints lie", { ring: "ring", corners: "corners", spiral: "spiral" }, model.get("shape"), save("shape"));

  el.append(frame("A network learns to tell two paints apart",
    element("div", { class: "explorer-facts" }, ...Object.entries(facts).map(([name, number]) => element("div", { class: name.split(" ")[0] }, name, number))),
    element("div", { class: "explorer-row" }, element("div", { class: "explorer-panel" }, picture), element("div", { class: "explorer-panel" }, curve)),
    element("div", { class: "explorer-controls" }, neurons, layers, activation, shapes),
    element("div", { class: "explorer-controls" }, go, some, anew), words));

  const settings = { neurons, layers, activation, shape: shapes };
  // Python set something: the control follows, and the network begins anew.
  const listeners = Object.fromEntries(Object.entries(settings).map(([name, control]) => [name, () => { control.set(model.get(name)); begin(); }]));
  for (const [name, listener] of Object.entries(listeners)) model.on(`change:${name}`, listener);
  begin();
  return () => {
    stop();
    for (const [name, listener] of Object.entries(listeners)) model.off(`change:${name}`, listener);
  };
}

export default { render };
