// What the explorers share: the one form that all of them have, and its parts. Put before each explorer's own script.
// Read first: `explorer` at the end, which puts facts, pictures, legend, controls and the sentence in their places.

/** An HTML element, with attributes (a function is a listener) and children. */
function element(tag, attributes = {}, ...children) {
  return furnish(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
function shape(tag, attributes = {}, ...children) {
  return furnish(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function furnish(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** A number as explorers write it; `figure_of` in __init__.py is the same. */
function figureOf(number) {
  const size = Math.abs(number);
  if (!Number.isFinite(size)) return "beyond counting";
  if (size >= 1e6) return number.toExponential(1).replace("e+", "e");
  const text = number.toFixed(size >= 100 ? 0 : size >= 0.1 || size === 0 ? 2 : 4);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "\u2212");
}

/** A count with commas, and a word that follows it. */
const counted = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
const signed = (digits, unit = "") => (value) =>
  `${value > 0 ? "+" : ""}${value.toFixed(digits)}${unit}`.replace("-", "\u2212");

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32, by Tommy Ettinger); `seeded` in __init__.py is
 *  the same. */
function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Numbers of the normal distribution from numbers from 0 to 1 (Box and Muller). */
const normalFrom = (chance) => () => Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());

/** The bytes of a trait: a kernel sends them as they are, a page without one as base64. */
function bytesOf(sent) {
  return typeof sent === "string" ? Uint8Array.from(atob(sent), (letter) => letter.charCodeAt(0))
    : new Uint8Array(sent.buffer, sent.byteOffset, sent.byteLength);
}

/** The same as float32 numbers. */
const numbersOf = (sent) => new Float32Array(bytesOf(sent).slice().buffer);

/** Round places for ticks between low and high, about as many as asked for. */
function ticks(low, high, count = 5) {
  const rough = (high - low) / Math.max(count, 1), power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999);
  const places = [];
  for (let place = Math.ceil(low / step - 1e-9) * step; place <= high + step * 1e-9; place += step) {
    places.push(Math.abs(place) < step * 1e-9 ? 0 : place);
  }
  return places;
}

/** Places for ticks on a logarithmic axis: whole powers of ten, and 2 and 5 times them where the axis is short. */
function decades(low, high) {
  const stride = Math.ceil((high - low) / 6), places = [];
  for (let power = Math.floor(low); power <= high; power += 1) {
    if (power % stride === 0) places.push(power);
    if (high - low < 2.2) places.push(power + Math.log10(2), power + Math.log10(5));
  }
  return places.filter((place) => place >= low && place <= high);
}

/** A tick's number in full, so that nobody has to read powers. */
const tickText = (place) => Number(place.toPrecision(6)).toLocaleString("en",
  { maximumFractionDigits: 12 }).replace("-", "\u2212");
const powerText = (place) => tickText(Number((10 ** place).toPrecision(1)));

/** Calls of what comes back run the task once, before the next frame, however many they are. */
function onceAFrame(task) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; task(); });
  };
}

/** Follow mouse, finger or pen from where it goes down on a node, begin(place), by move(place, start) until it goes up,
 *  in the svg's units. */
function follow(node, svg, move, { begin = () => {}, done = () => {} } = {}) {
  const place = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  node.classList.add("held");
  node.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    node.setPointerCapture(event.pointerId);
    if (node.focus) node.focus({ preventScroll: true });
    const start = place(event);
    begin(start);
    const moved = (later) => move(place(later), start);
    const ended = () => {
      node.removeEventListener("pointermove", moved);
      for (const end of ["pointerup", "pointercancel"]) node.removeEventListener(end, ended);
      done();
    };
    node.addEventListener("pointermove", moved);
    for (const end of ["pointerup", "pointercancel"]) node.addEventListener(end, ended);
  });
}

/** Arrow keys on a focused node: move(across, up) in steps of one, ten with shift held. */
function arrows(node, move) {
  node.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const size = event.shiftKey ? 10 : 1;
    move(way[0] * size, way[1] * size);
  });
}

/** A dot that can be held, by pointer or by keyboard. name: what a screen reader calls it. */
function handle(name, radius = 8, ...inside) {
  return shape("g", { tabindex: 0, role: "slider", "aria-label": name, "aria-valuemin": -1e9, "aria-valuemax": 1e9,
    "aria-valuenow": 0 },
    shape("circle", { r: 20, fill: "transparent" }), shape("circle", { class: "ring", r: radius + 5 }),
    ...(inside.length ? inside : [shape("circle",
      { r: radius, fill: "var(--line)", stroke: "var(--paper)", "stroke-width": 2.5 })]));
}

/** Axes for a panel, with names and units: x and y turn values into places, and back with x.back and y.back; left,
 *  right, top and bottom are its edges. */
function chart(panel, [low, high], [least, most], names, { margin = [12, 14, 44, 52], log = false } = {}) {
  const { width, height, unit } = panel, [top, after, below, left] = margin.map((part) => part * unit);
  const [right, bottom] = [width - after, height - below];
  const scale = (from, to, first, last) => Object.assign((value) => first +
    (last - first) * (value - from) / (to - from),
    { back: (place) => from + (to - from) * (place - first) / (last - first) });
  const x = scale(low, high, left, right), y = scale(least, most, bottom, top),
    axes = shape("g", { "aria-hidden": "true" });
  for (const place of ticks(low, high, width / 80 / unit)) {
    axes.append(shape("text", { x: x(place), y: bottom + 17 * unit, "text-anchor": "middle" }, tickText(place)));
  }
  for (const place of log ? decades(least, most) : ticks(least, most, height / 55 / unit)) {
    axes.append(shape("line", { class: "grid", x1: left, x2: right, y1: y(place), y2: y(place) }),
      shape("text", { x: left - 7 * unit, y: y(place) + 4 * unit, "text-anchor": "end" },
        log ? powerText(place) : tickText(place)));
  }
  const middle = (top + bottom) / 2;
  axes.append(shape("path", { class: "axis", d: `M${left} ${top}V${bottom}H${right}` }),
    shape("text", { class: "name", x: (left + right) / 2, y: height - 7 * unit, "text-anchor": "middle" }, names[0]),
    shape("text", { class: "name", x: 13 * unit, y: middle, "text-anchor": "middle",
      transform: `rotate(-90 ${13 * unit} ${middle})` }, names[1]));
  return { x, y, axes, left, right, top, bottom };
}

/** A path through places, [[x, y], ...]. */
const through = (places) => (places.length
  ? `M${places.map((place) => place.map((part) => part.toFixed(1)).join(" ")).join("L")}` : "");

/** A name for an element that no other explorer on the page has. */
function freshName(what) {
  return `explorer-${what}-${Math.random().toString(36).slice(2)}`;
}

/** A clip path for what must not leave a chart's frame: its definition, and the attribute that uses it. */
function clipOf({ left, right, top, bottom }) {
  const id = freshName("clip");
  return [shape("clipPath", { id }, shape("rect", { x: left, y: top, width: right - left, height: bottom - top })),
    { "clip-path": `url(#${id})` }];
}

/** A labelled range input with its value in words. Give it a value again with `set`. */
function slider(name, { min, max, step, value, text }, changed) {
  const shown = element("b"), input = element("input", { type: "range", min, max, step, value });
  const say = () => { shown.textContent = text(Number(input.value));
    input.setAttribute("aria-valuetext", shown.textContent); };
  input.addEventListener("input", () => { say(); changed(Number(input.value)); });
  // The longest text keeps the place, so that nothing beside it moves.
  const longest = Math.max(...[min, max, (min + max) / 2].map((place) =>
    text(step === "any" ? place : Math.round(place / step) * step).length));
  shown.style.minWidth = `${Math.max(2, longest)}ch`;
  say();
  return Object.assign(element("label", {}, element("span", {}, name), input, shown),
    { set: (place) => { if (Number(input.value) !== place) input.value = place; say(); } });
}

/** Buttons of which one is chosen: choices is {value: name}. Choose one from outside with `set`. */
function choice(name, choices, chosen, changed) {
  const buttons = Object.entries(choices).map(([value, text]) =>
    element("button", { type: "button", value, click: () => {
    set(value);
    changed(value);
  } }, text));
  const set = (value) => buttons.forEach((button) =>
    button.setAttribute("aria-pressed", String(button.value === String(value))));
  set(chosen);
  return Object.assign(element("span", { class: "explorer-group", role: "group", "aria-label": name },
    element("span", { class: "explorer-quiet" }, name),
    element("span", { class: "explorer-choices" }, ...buttons)), { set });
}

/** What a mark in a picture means: [kind, colour, words] each. */
function legend(entries) {
  const marks = { dot: { d: "M9 6h0", "stroke-width": 9 }, square: { d: "M5 2h8v8h-8z", fill: true },
    line: { d: "M1 6h16", "stroke-width": 2.6 }, cross: { d: "M5 2l8 8M13 2l-8 8", "stroke-width": 2.4 },
    dashed: { d: "M1 6h16", "stroke-width": 2.2, "stroke-dasharray": "5 4", "stroke-linecap": "butt" },
      ring: { d: "M13 6a4 4 0 1 1 -8 0a4 4 0 1 1 8 0z", "stroke-width": 2 },
    area: { d: "M1 1h16v10h-16z", fill: true }, star: { d: starPath(6.5), transform: "translate(9 6)", fill: true,
      stroke: "var(--ink)" }, triangle: { d: "M9 1l5 9h-10z", fill: true } };
  return element("ul", { class: "explorer-legend", role: "list" }, ...entries.map(([kind, colour, words]) => {
    const { fill, ...mark } = marks[kind];
    return element("li", {}, shape("svg", { viewBox: "0 0 18 12", width: 18, height: 12, "aria-hidden": "true" },
      shape("path", { "stroke-linecap": "round", fill: fill ? colour : "none", stroke: fill ? "none" : colour,
      ...mark })), words);
  }));
}

function starPath(radius) {
  return `${through(Array.from({ length: 10 }, (_, point) => {
    const angle = Math.PI * (point / 5 - 0.5), size = point % 2 ? radius * 0.42 : radius;
    return [size * Math.cos(angle), size * Math.sin(angle)];
  }))}Z`;
}

/** Paint a square grid of shares from 0 to 1, rows from the top, as smooth colour into a box of a canvas; colours:
 *  those of 0, a half and 1, [red, green, blue] each. */
function paintField(pen, [x, y, wide, high], cells, share, [low, middle, full]) {
  const small = element("canvas", { width: cells, height: cells }), brush = small.getContext("2d"),
    image = brush.createImageData(cells, cells);
  for (let at = 0; at < cells * cells; at++) {
    const part = 2 * share(at) - 1, away = Math.min(1, Math.abs(part)), end = part < 0 ? low : full;
    for (let channel = 0; channel < 3; channel++) image.data[4 * at + channel] = middle[channel] +
      (end[channel] - middle[channel]) * away;
    image.data[4 * at + 3] = 255;
  }
  brush.putImageData(image, 0, 0);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(small, x, y, wide, high);
}

/** Where a square grid of values crosses zero, as a path: pieces of line within each cell, in the places that
 *  at(column, row) gives. */
function zeroLine(values, cells, at) {
  let path = "";
  for (let row = 0; row + 1 < cells; row++) {
    for (let column = 0; column + 1 < cells; column++) {
      const corners = [[0, 0], [1, 0], [1, 1], [0, 1]].map(([right, down]) =>
        [column + right, row + down, values[(row + down) * cells + column + right]]), cuts = [];
      corners.forEach(([x, y, value], corner) => {
        const [nextX, nextY, next] = corners[(corner + 1) % 4];
        if ((value > 0) === (next > 0)) return;
        const share = value / (value - next);
        cuts.push(at(x + share * (nextX - x), y + share * (nextY - y)));
      });
      for (let cut = 0; cut + 1 < cuts.length; cut += 2) path += through([cuts[cut], cuts[cut + 1]]);
    }
  }
  return path;
}

const movesLittle = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Something that goes on frame by frame: once(elapsed) returns false when it is over. `run`, `stop`, `running`; told
 *  of each change. */
function clockwork(once, told) {
  let frame = null;
  const stop = () => { cancelAnimationFrame(frame); frame = null; told(); };
  const run = () => {
    let before = performance.now();
    const roll = (time) => {
      const goesOn = once(Math.max(0, time - before));
      before = time;
      if (frame === null) return;
      if (goesOn === false) stop(); else frame = requestAnimationFrame(roll);
    };
    frame = requestAnimationFrame(roll);
    told();
  };
  return { run, stop: () => { if (frame !== null) stop(); }, running: () => frame !== null };
}

/** Whether the page is dark: JupyterLab's theme, else the page's own, else what the reader's system prefers. */
function isDark() {
  const lab = document.body.dataset.jpThemeLight, page = document.documentElement.dataset.theme;
  return lab ? lab === "false" : page === "dark" || page === "light" ? page === "dark"
    : window.matchMedia("(prefers-color-scheme: dark)").matches;
}

/** What everything of ours stands in: a group with a name, dark where the page is. Gives it, and what ends the watch on
 *  the page; changed is called when that turns dark or light. */
function frame(name, changed = () => {}) {
  // JupyterLab's own keys rest while the focus is inside: its shortcuts by the mark, and the notebook, which takes
  // arrow keys away from sliders, by not hearing of them.
  const root = element("div", { class: "explorer", role: "group", "aria-label": name,
    "data-lm-suppress-shortcuts": "true", keydown: (event) => event.stopPropagation() });
  const dress = () => root.classList.toggle("dark", isDark()), theme = () => { dress(); changed(); };
  const watched = new MutationObserver(theme), system = window.matchMedia("(prefers-color-scheme: dark)");
  for (const node of [document.body, document.documentElement]) watched.observe(node,
    { attributes: true, attributeFilter: ["data-jp-theme-light", "data-theme"] });
  system.addEventListener("change", theme);
  dress();
  return [root, () => { watched.disconnect(); system.removeEventListener("change", theme); }];
}

/** An explorer, as anywidget or a page without a kernel draws it. state: the traits that one changes, and that a copied
 *  state brings back.
 *
 *  build(kit) makes its own parts once: panels and other nodes (`panels`), `legend`, rows of `controls`, and says what
 *  they show in draw(now),
 *  facts(now) as {name: number}, words(now) as a sentence or [a sentence, whether something is wrong]. `stop` ends what
 *  still runs. */
function explorer(name, state, build) {
  return { render({ model, el }) {
    const links = [], facts = element("div", { class: "explorer-facts" }), numbers = new Map();
    const now = () => Object.fromEntries(state.map((trait) => [trait, model.get(trait)]));
    const send = onceAFrame(() => model.save_changes());
    const set = (changes) => { for (const [trait, value] of Object.entries(changes)) model.set(trait, value); send(); };
    let parts = null;
    const show = () => {
      const seen = now();
      links.forEach((link) => link());
      parts.draw(seen);
      for (const [fact, number] of Object.entries(parts.facts?.(seen) ?? {})) {
        if (!numbers.has(fact)) { numbers.set(fact, element("b"));
          facts.append(element("div", { class: fact.split(" ")[0] }, fact, numbers.get(fact))); }
        numbers.get(fact).textContent = number;
      }
      say(...[parts.words(seen)].flat());
    };
    const redraw = onceAFrame(() => { if (parts) show(); });

    const watcher = new ResizeObserver((entries) => entries.forEach(({ target, contentRect }) => {
      if (!contentRect.width) return;
      target.fit?.(contentRect.width);
      const unit = Math.min(2, Math.max(0.75, target.width / contentRect.width));
      if (Math.abs(unit - target.unit) < 0.01) return;
      target.unit = unit;
      target.style.setProperty("--unit", unit);
      redraw();
    }));
    /** A picture of so many units, as wide as its place; `unit` says how many make a pixel, so that text keeps its size
     *  when a picture shrinks.
     *  flat: the size to take, [width, height], where there is much room across. */
    const panel = (width, height, label, { role = "img", inside = [], kind = "", flat = null } = {}) => {
      const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, role, "aria-label": label });
      const node = Object.assign(element("div", { class: `explorer-panel ${kind}` }, ...inside, svg),
        { svg, width, height, unit: 1 });
      if (flat) {
        node.fit = (pixels) => {
          [node.width, node.height] = pixels > width ? flat : [width, height];
          svg.setAttribute("viewBox", `0 0 ${node.width} ${node.height}`);
        };
      }
      watcher.observe(node);
      return node;
    };
    const linked = (make) => (label, trait, ...more) => {
      const { to = (value) => value, from = (value) => value, then = () => {}, ...how } = more.at(-1);
      const node = make(label, how, to(model.get(trait)), (value) => { set({ [trait]: from(value) }); then(); });
      links.push(() => node.set(to(model.get(trait))));
      return node;
    };
    const kit = { model, get: (trait) => model.get(trait), now, set, redraw, panel,
      /** A slider, or buttons, for a trait: what moves it sets the trait, and the trait moves it. to, from: the trait
       *  as the control has it, and back. */
      slider: linked((label, how, value, changed) => slider(label, { ...how, value }, changed)),
      choice: linked((label, { choices }, value, changed) => choice(label, choices, value, changed)),
      button: (text, act, kind = null) => element("button", { type: "button", class: kind, click: act }, text),
      /** A colour of the theme, [red, green, blue]. */
      colour(variable) {
        const pen = element("canvas", { width: 1, height: 1 }).getContext("2d");
        pen.fillStyle = getComputedStyle(root).getPropertyValue(variable).trim();
        pen.fillRect(0, 0, 1, 1);
        return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
      },
    };

    // Under the sentence lies, unseen, the longest that was said: it keeps the place, so that nothing moves when the
    // words change.
    const words = element("p", { class: "explorer-words", role: "status", "aria-live": "polite" }),
      ghost = element("p", { class: "explorer-ghost", "aria-hidden": "true" });
    let rest;
    const say = (text, wrong = false) => {
      // While things move the sentence is busy, so that a screen reader waits for where they come to rest.
      words.setAttribute("aria-busy", "true");
      if (words.textContent !== text) words.textContent = text;
      if (text.length > ghost.textContent.length) ghost.textContent = text;
      words.classList.toggle("wrong", wrong);
      clearTimeout(rest);
      rest = setTimeout(() => words.setAttribute("aria-busy", "false"), 350);
    };
    const reset = kit.button("Reset", () => { parts.stop?.(); set(model.get("at_first")); parts.again?.(); redraw(); });
    // A page on the web can open in a state; a notebook is given it between a cell's brackets.
    const copies = model.link ? "Copy link" : "Copy state";
    const copy = kit.button(copies, async () => {
      const text = model.link?.(now()) ?? `state='${JSON.stringify(now()).replaceAll("'", "\\u0027")}'`;
      try {
        await navigator.clipboard.writeText(text);
        copy.textContent = "Copied";
        setTimeout(() => { copy.textContent = copies; }, 1500);
      } catch { window.prompt(model.link ? "This link opens the explorer as it is now:"
        : "Write this into the cell's brackets, and the explorer opens as it is now:", text); }
    });
    copy.title = model.link ? "a link that opens the explorer as it is now"
      : "as state='...', to write into the cell's brackets: the explorer then opens as it is now";
    copy.style.minWidth = "7.6em";

    const [root, unwatch] = frame(name, () => redraw());
    el.append(root);
    parts = build(kit);
    const { panels, columns = "1fr 1fr", controls } = parts, last = controls.at(-1);
    ghost.textContent = parts.longest ?? "";
    root.append(element("div", { class: "explorer-inside" }, facts,
      element("div", { class: "explorer-row", style: `--columns: ${columns}` }, ...panels),
      ...(parts.legend ? [legend(parts.legend)] : []),
        ...controls.slice(0, -1).map((row) => element("div", { class: "explorer-controls" }, ...row)),
      element("div", { class: "explorer-controls" }, ...last,
        element("span", { class: "explorer-choices" }, reset, copy)),
        element("div", { class: "explorer-say" }, ghost, words), ...(parts.after ?? [])));
    const events = [...state, ...(parts.listens ?? [])].map((trait) => `change:${trait}`);
    for (const event of events) model.on(event, redraw);
    show();
    return () => {
      parts.stop?.();
      watcher.disconnect();
      unwatch();
      for (const event of events) model.off(event, redraw);
    };
  } };
}
