// What the explorers share: elements, numbers in words, axes, dragging, controls. Put before each explorer's own script.

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

/** Round places for ticks between low and high, about as many as asked for. */
function ticks(low, high, count = 5) {
  const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
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

/** Ten to a power, as a tick's number. */
function powerText(place) {
  return place > 5 || place < -4 ? `1e${Math.round(place)}`.replace("-", "\u2212") : tickText(Number((10 ** place).toPrecision(1)));
}

/** A tick's number, as short as it can be. */
function tickText(place) {
  return (Math.abs(place) >= 1e5 ? place.toExponential(0).replace("e+", "e") : String(Number(place.toPrecision(6)))).replace("-", "\u2212");
}

/** Calls of what comes back run the task once, before the next frame, however many they are. */
function onceAFrame(task) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; task(); });
  };
}

/** Follow the pointer from where it goes down on a node, begin(place), by move(place, start) until it goes up, in the svg's units. */
function follow(node, svg, move, { begin = () => {}, done = () => {} } = {}) {
  const place = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
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
      node.removeEventListener("pointerup", ended);
      node.removeEventListener("pointercancel", ended);
      done();
    };
    node.addEventListener("pointermove", moved);
    node.addEventListener("pointerup", ended);
    node.addEventListener("pointercancel", ended);
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
  return shape("g", { tabindex: 0, role: "slider", "aria-label": name, "aria-valuemin": -1e9, "aria-valuemax": 1e9 },
    shape("circle", { r: 18, fill: "transparent" }), shape("circle", { class: "ring", r: radius + 5 }),
    ...(inside.length ? inside : [shape("circle", { r: radius, fill: "var(--line)", stroke: "white", "stroke-width": 2.5 })]));
}

/** A plain chart with its axes: x and y turn values into places, and back with x.back and y.back. */
function chart(width, height, [left, right], [low, high], names, { margin = [12, 14, 44, 52], log = false } = {}) {
  const [top, end, bottom, start] = margin;
  const scale = (from, to, first, last) => Object.assign((value) => first + (last - first) * (value - from) / (to - from),
    { back: (place) => from + (to - from) * (place - first) / (last - first) });
  const x = scale(left, right, start, width - end), y = scale(low, high, height - bottom, top);
  const axes = shape("g", { "aria-hidden": "true" });
  for (const place of ticks(left, right, width / 80)) {
    axes.append(shape("text", { x: x(place), y: height - bottom + 18, "text-anchor": "middle" }, tickText(place)));
  }
  for (const place of log ? decades(low, high) : ticks(low, high, height / 60)) {
    axes.append(shape("line", { class: "grid", x1: start, x2: width - end, y1: y(place), y2: y(place) }),
      shape("text", { x: start - 8, y: y(place) + 4, "text-anchor": "end" }, log ? powerText(place) : tickText(place)));
  }
  axes.append(shape("path", { class: "axis", d: `M${start} ${top}V${height - bottom}H${width - end}` }),
    shape("text", { class: "name", x: (start + width - end) / 2, y: height - 6, "text-anchor": "middle" }, names[0]),
    shape("text", { class: "name", x: 13, y: (top + height - bottom) / 2, "text-anchor": "middle",
      transform: `rotate(-90 13 ${(top + height - bottom) / 2})` }, names[1]));
  return { x, y, axes };
}

/** A name for an element that no other explorer on the page has. */
function freshName(what) {
  return `explorer-${what}-${Math.random().toString(36).slice(2)}`;
}

/** A labelled range input with its value in words. Give it a value again with `set`. */
function slider(name, { min, max, step, value, text }, changed) {
  const shown = element("b"), input = element("input", { type: "range", min, max, step, value });
  const say = () => { shown.textContent = text(Number(input.value)); input.setAttribute("aria-valuetext", shown.textContent); };
  input.addEventListener("input", () => { say(); changed(Number(input.value)); });
  say();
  return Object.assign(element("label", {}, name, input, shown), { set: (place) => { input.value = place; say(); } });
}

/** Buttons of which one is pressed: choices is {value: name}. Press one from outside with `set`. */
function choice(name, choices, chosen, changed) {
  const buttons = Object.entries(choices).map(([value, text]) => element("button", { type: "button", value, click: () => {
    set(value);
    changed(value);
  } }, text));
  const set = (value) => buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.value === value)));
  set(chosen);
  return Object.assign(element("span", { class: "explorer-group", role: "group", "aria-label": name }, ...buttons), { set });
}

/** The sentence under a figure. While things move it is busy, so that a screen reader waits for where they come to rest. */
function spokenSentence() {
  const paragraph = element("p", { class: "explorer-words", role: "status", "aria-live": "polite" });
  let rest;
  return Object.assign(paragraph, { say: (words, wrong = false) => {
    paragraph.setAttribute("aria-busy", "true");
    if (paragraph.textContent !== words) paragraph.textContent = words;
    paragraph.classList.toggle("wrong", wrong);
    clearTimeout(rest);
    rest = setTimeout(() => paragraph.setAttribute("aria-busy", "false"), 350);
  } });
}

/** The frame round an explorer. JupyterLab's own keys rest while the focus is inside: its shortcuts by the mark, and the notebook, which
 *  takes arrow keys away from sliders, by not hearing of them. */
function frame(name, ...children) {
  return element("div", { class: "explorer", role: "group", "aria-label": name, "data-lm-suppress-shortcuts": "true",
    keydown: (event) => event.stopPropagation() }, ...children);
}

const movesLittle = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
