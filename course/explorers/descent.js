// The explorer of lesson 03: a ball on the landscape, stepped by gradient descent with momentum and mini-batches.

const MOST_STEPS = 300, A_STEP = 90;

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
function walkInWords(bowl, path, rows, limit) {
  const first = bowl.loss(...path[0]), last = bowl.loss(...path.at(-1)), steps = path.length - 1;
  if (steps === 0) {
    return [`The ball lies at slope ${figureOf(path[0][0])} and intercept ${figureOf(path[0][1])}, where the loss is ` +
      `${figureOf(first)}; at the bottom of the valley it would be ${figureOf(bowl.least)}.`, false];
  }
  const after = `After ${steps} step${steps > 1 ? "s" : ""}, which looked at ${rows.toLocaleString("en")} row${rows > 1 ? "s" : ""},`;
  if (!Number.isFinite(last) || last > 3 * first) {
    return [`${after} the loss has grown from ${figureOf(first)} to ${figureOf(last)}: each step overshoots the valley by ` +
      `more than the last. With all rows in each step, a learning rate under ${figureOf(limit)} would stay in it.`, true];
  }
  if (last <= 1.01 * bowl.least + 1e-12) {
    return [`${after} the ball is at the bottom of the valley, within 1 % of the least loss, ${figureOf(bowl.least)}.`, false];
  }
  return [`${after} the loss is ${last < first ? "down" : "up"} from ${figureOf(first)} to ${figureOf(last)}; ` +
    `at the bottom of the valley it would be ${figureOf(bowl.least)}.`, false];
}

function render({ model, el }) {
  const xs = model.get("x"), ys = model.get("y"), bowl = bowlOf(xs, ys);
  const half = (bowl.square - 1) / 2, steepest = 2 * ((bowl.square + 1) / 2 + Math.sqrt(half * half + bowl.middle * bowl.middle));
  const limit = () => 2 * (1 + model.get("momentum")) / steepest;

  let path, rows, velocity, next, running = null;
  const words = spokenSentence();
  const facts = Object.fromEntries(["steps", "rows looked at", "loss"].map((name) => [name, element("b")]));
  const curve = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": "loss after each step" });
  const land = landscape(bowl, { name: "the ball", land: model.get("view") === "land", moved: (...place) => begin(place) });

  function begin(place) {
    stop();
    path = [place];
    rows = 0;
    velocity = [0, 0];
    next = batches(xs.length, model.get("seed"));
    draw();
    tell();
  }

  /** One step of descent: the gradient over a batch, a share of the old velocity, a step against it. */
  function step() {
    const [slope, intercept] = path.at(-1), batch = next(model.get("batch_size")), share = 2 / batch.length;
    let right = 0, up = 0;
    for (const row of batch) {
      const error = slope * xs[row] + intercept - ys[row];
      right += share * error * xs[row];
      up += share * error;
    }
    velocity = [right, up].map((part, axis) => model.get("momentum") * velocity[axis] + part);
    path.push([slope, intercept].map((part, axis) => part - model.get("learning_rate") * velocity[axis]));
    rows += batch.length;
  }

  const thrownOut = () => !(bowl.loss(...path.at(-1)) < 100 * bowl.loss(...path[0]) + 1e-9);
  function atRest() {
    if (thrownOut() || path.length > MOST_STEPS) return true;
    if (path.length < 3 || model.get("batch_size") < xs.length) return false;
    const [now, before] = [path.at(-1), path.at(-2)];
    return Math.hypot((now[0] - before[0]) / bowl.reach, (now[1] - before[1]) / bowl.across) < 1e-4;
  }

  function draw(part = null) {
    land.show(part ? [...path, part] : path, path.length < 120);
    const losses = path.map((place) => Math.log10(Math.max(bowl.loss(...place), 1e-12)));
    const floor = Math.log10(Math.max(bowl.least, 1e-6 * bowl.loss(...path[0]), 1e-12));
    const finite = losses.filter(Number.isFinite), high = Math.max(...finite, floor + 0.5), low = Math.min(floor, ...finite);
    const { x, y, axes } = chart(WIDTH, HEIGHT, [0, Math.max(20, losses.length - 1)], [low - 0.06 * (high - low), high + 0.05 * (high - low)],
      ["step", "loss over all rows"], { log: true, margin: [14, 16, 44, 62] });
    const places = losses.flatMap((loss, at) => (Number.isFinite(loss) ? [`${x(at).toFixed(1)} ${y(loss).toFixed(1)}`] : []));
    const bottom = shape("path", { d: `M${x(0)} ${y(floor)}H${WIDTH - 16}`, stroke: "var(--dot)", "stroke-width": 1.6, "stroke-dasharray": "6 5" });
    const end = places.at(-1).split(" ");
    curve.replaceChildren(axes, bottom,
      shape("text", { x: WIDTH - 18, y: y(floor) - 7, "text-anchor": "end", class: "halo" }, "least squares"),
      shape("path", { d: `M${places.join("L")}`, fill: "none", stroke: "var(--line)", "stroke-width": 2.4, "stroke-linejoin": "round" }),
      shape("circle", { cx: end[0], cy: end[1], r: 5.5, fill: "var(--line)", stroke: "white", "stroke-width": 2 }));
    facts.steps.textContent = path.length - 1;
    facts["rows looked at"].textContent = rows.toLocaleString("en");
    facts.loss.textContent = figureOf(bowl.loss(...path.at(-1)));
    words.say(...walkInWords(bowl, path, rows, limit()));
  }

  function tell() {
    const [slope, intercept] = path.at(-1).map((part) => (Number.isFinite(part) ? part : Math.sign(part) * Number.MAX_VALUE || 0));
    for (const [name, value] of Object.entries({ path: path.slice(), rows, slope, intercept })) model.set(name, value);
    model.save_changes();
  }

  function stop() {
    if (running !== null) cancelAnimationFrame(running);
    running = null;
    go.textContent = "Run";
  }

  function run() {
    if (path.length > MOST_STEPS || thrownOut()) begin(path[0]);
    if (movesLittle()) {
      do step(); while (!atRest());
      draw();
      tell();
      return;
    }
    go.textContent = "Pause";
    let left = performance.now(), from = path.at(-1);
    step();
    const roll = (now) => {
      // Slow enough to follow at first, then faster: the interesting steps come early.
      const pace = A_STEP * Math.max(0.2, 1 - path.length / 80);
      while (now - left >= pace && !atRest()) {
        left += pace;
        from = path.at(-1);
        step();
      }
      if (atRest()) {
        stop();
        draw();
        tell();
        return;
      }
      const share = Math.min(1, (now - left) / pace), to = path.pop();
      draw(from.map((part, axis) => part + (to[axis] - part) * share));
      path.push(to);
      running = requestAnimationFrame(roll);
    };
    running = requestAnimationFrame(roll);
  }

  const go = element("button", { type: "button", class: "first", click: () => {
    if (running === null) { run(); return; }
    stop();
    draw();
    tell();
  } }, "Run");
  const once = element("button", { type: "button", click: () => { stop(); if (!thrownOut()) step(); draw(); tell(); } }, "Step");
  const reset = element("button", { type: "button", click: () => begin(path[0]) }, "Reset");

  const save = (name) => (value) => { model.set(name, value); model.save_changes(); words.say(...walkInWords(bowl, path, rows, limit())); };
  const slowest = Math.floor(Math.log10(2 / steepest)) - 2, fastest = Math.log10(8 / steepest);
  const sizes = [...Array.from({ length: Math.ceil(Math.log2(xs.length)) }, (_, power) => 2 ** power), xs.length];
  const rate = slider("learning rate", { min: slowest, max: fastest, step: "any", value: Math.log10(model.get("learning_rate")),
    text: (value) => String(Number((10 ** value).toPrecision(2))) }, (value) => save("learning_rate")(Number((10 ** value).toPrecision(2))));
  const inertia = slider("momentum", { min: 0, max: 0.95, step: 0.05, value: model.get("momentum"), text: figureOf }, save("momentum"));
  const nearest = (size) => sizes.reduce((best, other, at) => (Math.abs(other - size) < Math.abs(sizes[best] - size) ? at : best), 0);
  const batch = slider("batch", { min: 0, max: sizes.length - 1, step: 1, value: nearest(model.get("batch_size")),
    text: (at) => `${sizes[at]} of ${xs.length} rows` }, (at) => save("batch_size")(sizes[at]));
  const turn = slider("turn", { min: -180, max: 180, step: 1, value: land.camera.turn, text: (value) => `${tickText(Math.round(value))}\u00b0` }, land.turn);
  land.onTurn(turn.set);
  const views = choice("how to see the landscape", { land: "As land", map: "From above" }, model.get("view"), (name) => {
    model.set("view", name);
    model.save_changes();
  });

  el.append(frame("A ball on the landscape of loss",
    element("div", { class: "explorer-facts" }, ...Object.entries(facts).map(([name, number]) => element("div", { class: name }, name, number))),
    element("div", { class: "explorer-row" }, land.panel, element("div", { class: "explorer-panel" }, curve)),
    element("div", { class: "explorer-controls" }, rate, inertia, batch),
    element("div", { class: "explorer-controls" }, go, once, reset, views, turn), words));

  const listeners = {
    view: () => { views.set(model.get("view")); turn.hidden = model.get("view") === "map"; land.view(model.get("view")); },
    learning_rate: () => rate.set(Math.log10(model.get("learning_rate"))),
    momentum: () => inertia.set(model.get("momentum")),
    batch_size: () => batch.set(nearest(model.get("batch_size"))),
    // Python put the ball somewhere, or gave it another path: the walk goes on from its end.
    path: () => {
      if (JSON.stringify(model.get("path")) === JSON.stringify(path)) return;
      stop();
      [path, rows, velocity] = [model.get("path").slice(), model.get("rows"), [0, 0]];
      draw();
    },
  };
  for (const [name, listener] of Object.entries(listeners)) model.on(`change:${name}`, listener);
  turn.hidden = model.get("view") === "map";
  [path, rows, velocity, next] = [model.get("path").slice(), model.get("rows"), [0, 0], batches(xs.length, model.get("seed"))];
  draw();
  return () => {
    stop();
    for (const [name, listener] of Object.entries(listeners)) model.off(`change:${name}`, listener);
  };
}

export default { render };
