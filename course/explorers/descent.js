// The explorer of lesson 03: a ball on the landscape, stepped by gradient descent with momentum and mini-batches.

const MOST_STEPS = 300, A_STEP = 90;

/** Rows a batch, every row once an epoch, in a new order each epoch; the last batch of an epoch has what is left. */
function batches(count, seed) {
  const chance = seeded(seed);
  let order = [];
  return (size) => {
    if (order.length === 0) {
      order = Array.from({ length: count }, (_, row) => row);
      for (let last = count - 1; last > 0; last--) {
        const other = Math.floor(chance() * (last + 1));
        [order[last], order[other]] = [order[other], order[last]];
      }
    }
    return order.splice(0, size);
  };
}

/** The same words as `DescentExplorer.sentence`. */
function walkInWords(bowl, path, rows) {
  const first = bowl.loss(...path[0]), last = bowl.loss(...path.at(-1)), steps = path.length - 1,
    off = bowl.isOff(...path.at(-1)) ? " The ball has left the map." : "";
  if (steps === 0) {
    return [`The ball lies at slope ${figureOf(path[0][0])} and intercept ${figureOf(path[0][1])}, where the loss is ` +
      `${figureOf(first)}; at the bottom of the valley it would be ${figureOf(bowl.least)}.${off}`, false];
  }
  const after = `After ${counted(steps, "step")}, which looked at ${counted(rows, "row")},`;
  if (!Number.isFinite(last) || last > 3 * first) {
    return [`${after} the loss has grown from ${figureOf(first)} to ${figureOf(last)}: each step overshoots the valley by more than the last.${off}`, true];
  }
  if (last <= 1.01 * bowl.least + 1e-12) {
    return [`${after} the ball is at the bottom of the valley, within 1 % of the least loss, ${figureOf(bowl.least)}.`,
      false];
  }
  return [`${after} the loss is ${last < first ? "down" : "up"} from ${figureOf(first)} to ${figureOf(last)}; ` +
    `at the bottom of the valley it would be ${figureOf(bowl.least)}.${off}`, false];
}

export default explorer("A ball on the landscape of loss",
  ["learning_rate", "momentum", "batch_size", "seed", "start", "view"], (kit) => {
  const xs = kit.get("x"), ys = kit.get("y"), bowl = bowlOf(xs, ys);
  const half = (bowl.square - 1) / 2, steepest = 2 * ((bowl.square + 1) / 2 +
    Math.sqrt(half * half + bowl.middle * bowl.middle));
  const panel = kit.panel(WIDTH, HEIGHT, "loss after each step");
  const land = landscape(kit, bowl, { name: "the ball", moved: (...place) => { begin(place); tell(); } });
  let path, rows, velocity, next, left, from, part = null;

  function begin(place) {
    motor.stop();
    [path, rows, velocity, next, part] = [[place], 0, [0, 0], batches(xs.length, kit.get("seed")), null];
  }

  /** One step of descent: the gradient over a batch, a share of the old velocity, a step against it. */
  function step() {
    const { batch_size, momentum, learning_rate } = kit.now(), [slope, intercept] = path.at(-1),
      batch = next(batch_size), share = 2 / batch.length;
    let right = 0, up = 0;
    for (const row of batch) {
      const error = slope * xs[row] + intercept - ys[row];
      right += share * error * xs[row];
      up += share * error;
    }
    velocity = [right, up].map((gradient, axis) => momentum * velocity[axis] + gradient);
    path.push([slope, intercept].map((place, axis) => place - learning_rate * velocity[axis]));
    rows += batch.length;
  }

  const thrownOut = () => !(bowl.loss(...path.at(-1)) < 100 * bowl.loss(...path[0]) + 1e-9);
  function atRest() {
    if (thrownOut() || path.length > MOST_STEPS) return true;
    if (path.length < 3 || kit.get("batch_size") < xs.length) return false;
    const [now, before] = [path.at(-1), path.at(-2)];
    return Math.hypot((now[0] - before[0]) / bowl.reach, (now[1] - before[1]) / bowl.across) < 1e-4;
  }

  /** Where the walk has come to, for Python to read. */
  function tell() {
    const [slope, intercept] = path.at(-1).map((place) =>
      (Number.isFinite(place) ? place : Math.sign(place) * Number.MAX_VALUE || 0));
    kit.set({ path: path.slice(), rows, slope, intercept, start: path[0] });
    kit.redraw();
  }

  const motor = clockwork((elapsed) => {
    left += elapsed;
    // Slow enough to follow at first, then faster: the interesting steps come early.
    const pace = A_STEP * Math.max(0.2, 1 - path.length / 80);
    while (left >= pace && !atRest()) {
      left -= pace;
      from = path.at(-1);
      step();
    }
    if (atRest()) return false;
    part = from.map((place, axis) => place + (path.at(-1)[axis] - place) * Math.min(1, left / pace));
    kit.redraw();
    return true;
  }, () => {
    go.textContent = motor.running() ? "Pause" : "Run";
    if (!motor.running()) { part = null; if (path) tell(); }
  });
  function run() {
    if (path.length > MOST_STEPS || thrownOut()) begin(path[0]);
    if (movesLittle()) {
      do step(); while (!atRest());
      tell();
      return;
    }
    [from, left] = [path.at(-1), 0];
    step();
    motor.run();
  }

  const go = kit.button("Run", () => (motor.running() ? motor.stop() : run()), "first");
  const once = kit.button("Step", () => { motor.stop(); if (!thrownOut()) step(); tell(); });
  const again = kit.button("Back to the start", () => { begin(path[0]); tell(); });
  const sizes = [...Array.from({ length: Math.ceil(Math.log2(xs.length)) }, (_, power) => 2 ** power), xs.length];
  const nearest = (size) => sizes.reduce((best, other, at) =>
    (Math.abs(other - size) < Math.abs(sizes[best] - size) ? at : best), 0);
  const rateOf = (value) => Number((10 ** value).toPrecision(2));

  const read = () => { [path, rows, velocity, next] = [kit.get("path").slice(), kit.get("rows"), [0, 0],
    batches(xs.length, kit.get("seed"))]; };
  read();
  return {
    panels: [land.panel, panel], listens: ["path"], stop: () => motor.stop(),
    again: () => { begin(kit.get("start")); tell(); },
    legend: [["dot", "var(--line)", "the ball, and the loss where it has been"], ["star", "#F0E442", "least squares"],
      ["dashed", "var(--dot)", "the loss of least squares"]],
    controls: [[
      kit.slider("learning rate", "learning_rate", { min: Math.floor(Math.log10(2 / steepest)) - 2,
        max: Math.log10(8 / steepest), step: "any", to: Math.log10, from: rateOf,
        text: (value) => String(rateOf(value)) }),
      kit.slider("momentum", "momentum", { min: 0, max: 0.95, step: 0.05, text: figureOf }),
      kit.slider("batch", "batch_size", { min: 0, max: sizes.length - 1, step: 1, to: nearest, from: (at) => sizes[at],
        text: (at) => `${sizes[at]} of ${xs.length} rows` })],
    [go, once, again, ...land.controls]],
    longest: walkInWords(bowl, [[0, 0], [99999, 99999]], 99999)[0],
    facts: () => ({ steps: path.length - 1, "rows looked at": rows.toLocaleString("en"),
      loss: figureOf(bowl.loss(...path.at(-1))) }),
    words: () => walkInWords(bowl, path, rows),
    draw() {
      // Python put the ball somewhere, or gave it another path: the walk goes on from its end.
      if (!motor.running() && JSON.stringify(kit.get("path")) !== JSON.stringify(path)) read();
      land.show(part ? [...path.slice(0, -1), part] : path, path.length < 120);
      const losses = path.slice(0, part ? -1 : undefined).map((place) =>
        Math.log10(Math.max(bowl.loss(...place), 1e-12)));
      const floor = Math.log10(Math.max(bowl.least, 1e-6 * bowl.loss(...path[0]), 1e-12));
      const finite = losses.filter(Number.isFinite), high = Math.max(...finite, floor + 0.5),
        low = Math.min(floor, ...finite);
      const { x, y, axes, right } = chart(panel, [0, Math.max(20, losses.length - 1)],
        [low - 0.06 * (high - low), high + 0.05 * (high - low)],
        ["step", kit.get("names")[4]], { log: true, margin: [10, 14, 42, 72] });
      const places = losses.flatMap((loss, at) => (Number.isFinite(loss) ? [[x(at), y(loss)]] : []));
      panel.svg.replaceChildren(axes, shape("path",
        { d: `M${x(0)} ${y(floor)}H${right}`, stroke: "var(--dot)", "stroke-width": 1.6, "stroke-dasharray": "6 5" }),
        shape("path", { d: through(places), fill: "none", stroke: "var(--line)", "stroke-width": 2.4,
          "stroke-linejoin": "round" }),
        shape("circle", { cx: places.at(-1)[0], cy: places.at(-1)[1], r: 5.5, fill: "var(--line)",
          stroke: "var(--paper)", "stroke-width": 2 }));
    },
  };
});
