// The explorer of lesson 05: nine numbers to edit, the photograph they are walked over, and what comes out.

/** The same words as `KernelExplorer.sentence`. */
function kernelInWords(kernel, presets, row, column, value) {
  const total = kernel.reduce((sum, number) => sum + number, 0);
  const name = Object.keys(presets).find((key) => presets[key].every((number, place) => number === kernel[place]));
  const flat = Math.abs(total) < 1e-3 ? "an even patch comes out as nothing, drawn as middle grey, and only changes are left"
    : Math.abs(total - 1) < 1e-3 ? "an even patch keeps its brightness" : `an even patch comes out ${figureOf(total)} times as bright`;
  const beyond = value > 1 ? ", more than white" : value < 0 && Math.abs(total) >= 1e-3 ? ", less than black" : "";
  return `${name ? `The kernel "${name}"` : "This kernel of your own"} adds up to ${figureOf(total)}: ${flat}. Over row ${row}, column ${column} ` +
    `the nine products add up to ${figureOf(value)}${beyond}.`;
}

function render({ model, el }) {
  const height = model.get("height"), width = model.get("width"), presets = model.get("presets");
  const sent = model.get("pixels"), bytes = new Uint8Array(sent.buffer ?? sent, sent.byteOffset ?? 0, height * width);
  const words = spokenSentence();

  /** The sum of nine products over a place, brightness from 0 to 1. */
  const at = (kernel, row, column) => {
    let sum = 0;
    for (let down = 0; down < 3; down++) {
      const start = (row + down - 1) * width + column - 1;
      for (let right = 0; right < 3; right++) sum += kernel[3 * down + right] * bytes[start + right];
    }
    return Math.round(sum / 255 * 1e6) / 1e6;
  };

  const picture = (name, across, down) => element("canvas", { width: across, height: down, role: "img", "aria-label": name,
    style: "display: block; width: 100%; height: auto; border-radius: 6px" });
  const paint = (canvas, across, down, brightness) => {
    const context = canvas.getContext("2d"), drawn = context.createImageData(across, down);
    for (let place = 0; place < across * down; place++) {
      const grey = brightness(place);
      drawn.data.set([grey, grey, grey, 255], 4 * place);
    }
    context.putImageData(drawn, 0, 0);
  };
  const before = picture("the photograph", width, height), after = picture("what the kernel makes of it", width - 2, height - 2);
  paint(before, width, height, (place) => bytes[place]);

  const mark = element("div", { "aria-hidden": "true", style: "position: absolute; border: 2.5px solid #E69F00; box-shadow: 0 0 0 1px #22262b; pointer-events: none" });
  const twin = mark.cloneNode();
  const place = element("div", { tabindex: 0, role: "slider", "aria-label": "where the window lies: arrow keys move it, with shift by ten",
    "aria-valuemin": 1, "aria-valuemax": height - 2, style: "position: relative; cursor: crosshair; touch-action: none" }, before, mark);
  const target = element("div", { style: "position: relative" }, after, twin);

  const fields = Array.from({ length: 9 }, (_, number) => element("input", { type: "number", step: "any",
    "aria-label": `row ${Math.floor(number / 3) + 1}, column ${number % 3 + 1} of the kernel`,
    style: "width: 4.6em; font: 15px ui-monospace, 'DejaVu Sans Mono', monospace; padding: 5px 4px; text-align: center; border-radius: 8px; " +
      "border: 1px solid var(--quiet); color: var(--ink); background: var(--paper)",
    input: () => {
      const kernel = fields.map((field) => Number.parseFloat(field.value));
      fields.forEach((field, which) => field.setAttribute("aria-invalid", String(!Number.isFinite(kernel[which]))));
      if (!kernel.every(Number.isFinite)) { words.say("A field is empty: write a number into each of the nine, such as 0 or \u22121.", true); return; }
      keep("kernel", kernel);
    } }));
  const seen = Array.from({ length: 9 }, () => element("td", { style: "text-align: right; padding: 1px 7px; min-width: 3.4em; font-variant-numeric: tabular-nums; background: none; border: 0" }));
  const grid = (nodes, style) => element("div", { style: `display: grid; grid-template-columns: repeat(3, max-content); gap: 4px; ${style}` }, ...nodes);
  const window_ = element("table", { "aria-label": "brightness of the nine pixels under the window", style: "border-collapse: collapse; margin: 0" },
    ...[0, 1, 2].map((line) => element("tr", { style: "background: none" }, ...seen.slice(3 * line, 3 * line + 3))));

  const keep = (name, value) => { model.set(name, value); model.save_changes(); };
  const move = (row, column) => {
    model.set("row", Math.max(1, Math.min(height - 2, row)));
    model.set("column", Math.max(1, Math.min(width - 2, column)));
    model.save_changes();
  };
  arrows(place, (right, up) => move(model.get("row") - up, model.get("column") + right));
  const pointed = (event) => {
    const box = before.getBoundingClientRect();
    move(Math.floor((event.clientY - box.top) / box.height * height), Math.floor((event.clientX - box.left) / box.width * width));
  };
  place.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    place.focus({ preventScroll: true });
    place.setPointerCapture(event.pointerId);
    pointed(event);
  });
  place.addEventListener("pointermove", (event) => { if (place.hasPointerCapture(event.pointerId)) pointed(event); });

  const buttons = Object.entries(presets).map(([name, kernel]) => element("button", { type: "button", click: () => keep("kernel", [...kernel]) }, name));

  function tell() {
    const kernel = model.get("kernel"), row = model.get("row"), column = model.get("column");
    // The frame is larger than the window of three pixels, so that one can see it; the window is in its middle.
    const frameAt = (node, middle, across, down) => Object.assign(node.style, { left: `${(middle[1] - 6) / across * 100}%`, top: `${(middle[0] - 6) / down * 100}%`,
      width: `${13 / across * 100}%`, height: `${13 / down * 100}%` });
    frameAt(mark, [row, column], width, height);
    frameAt(twin, [row - 1, column - 1], width - 2, height - 2);
    place.setAttribute("aria-valuenow", row);
    place.setAttribute("aria-valuetext", `row ${row}, column ${column}`);
    seen.forEach((cell, number) => { cell.textContent = (bytes[(row + Math.floor(number / 3) - 1) * width + column + number % 3 - 1] / 255).toFixed(2); });
    words.say(kernelInWords(kernel, presets, row, column, at(kernel, row, column)));
  }

  function draw() {
    const kernel = model.get("kernel"), signed = Math.abs(kernel.reduce((sum, number) => sum + number, 0)) < 1e-3;
    fields.forEach((field, number) => {
      field.removeAttribute("aria-invalid");
      if (Number.parseFloat(field.value) !== kernel[number]) field.value = kernel[number];
    });
    buttons.forEach((button) => button.setAttribute("aria-pressed", String(presets[button.textContent].every((number, which) => number === kernel[which]))));
    const across = width - 2;
    paint(after, across, height - 2, (spot) => {
      const value = at(kernel, Math.floor(spot / across) + 1, spot % across + 1);
      return Math.max(0, Math.min(255, Math.round(255 * (signed ? (value + 1) / 2 : value))));
    });
    tell();
  }

  const column = (title, ...inside) => element("div", { style: "min-width: 0" }, element("div", { style: "color: var(--quiet); margin-bottom: 4px" }, title), ...inside);
  const wide = (node) => Object.assign(node, { style: "flex: 1 1 250px; min-width: 0" });
  el.append(frame("A kernel and a photograph",
    element("div", { class: "explorer-row", style: "align-items: flex-start" },
      wide(column("The photograph", place)),
      column("The kernel", grid(fields, "margin-bottom: 8px"), element("div", { style: "color: var(--quiet)" }, "The pixels under the window"), window_),
      wide(column("What comes out", target))),
    words,
    element("div", { class: "explorer-controls" }, element("span", { class: "explorer-try" }, "Try"), ...buttons),
    element("div", { style: "color: var(--quiet); font-size: 12px; margin-top: 6px" }, model.get("credit"))));
  const again = onceAFrame(draw), told = onceAFrame(tell);
  model.on("change:kernel", again);
  model.on("change:row", told);
  model.on("change:column", told);
  draw();
  return () => {
    model.off("change:kernel", again);
    model.off("change:row", told);
    model.off("change:column", told);
  };
}

export default { render };
