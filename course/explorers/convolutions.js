// The explorer of lesson 05: nine numbers to edit, the photograph they are walked over, and what comes out.

/** The same words as `KernelExplorer.sentence`. */
function kernelInWords(kernel, presets, row, column, value) {
  const total = kernel.reduce((sum, number) => sum + number, 0);
  const name = Object.keys(presets).find((key) => presets[key].every((number, place) => number === kernel[place]));
  const flat = Math.abs(total) < 1e-3
    ? "an even patch comes out as nothing, drawn as middle grey, and only changes are left"
    : Math.abs(total - 1) < 1e-3 ? "an even patch keeps its brightness"
      : `an even patch comes out ${figureOf(total)} times as bright`;
  const beyond = value > 1 ? ", more than white" : value < 0 && Math.abs(total) >= 1e-3 ? ", less than black" : "";
  return `${name ? `The kernel "${name}"` : "This kernel of your own"} adds up to ${figureOf(total)}: ${flat}. Over row ${row}, column ${column} ` +
    `the nine products add up to ${figureOf(value)}${beyond}.`;
}

export default explorer("A kernel and a photograph", ["kernel", "row", "column"], (kit) => {
  const height = kit.get("height"), width = kit.get("width"), presets = kit.get("presets"),
    bytes = bytesOf(kit.get("pixels"));
  const sum = (kernel) => kernel.reduce((total, number) => total + number, 0);

  /** The nine pixels under the window, from 0 to 1. */
  const crop = (row, column) => Array.from({ length: 9 },
    (_, number) => bytes[(row + Math.floor(number / 3) - 1) * width + column + number % 3 - 1] / 255);
  /** The sum of the nine products over a place. */
  const at = (kernel, row, column) => {
    let total = 0;
    for (let down = 0; down < 3; down++) {
      const start = (row + down - 1) * width + column - 1;
      for (let right = 0; right < 3; right++) total += kernel[3 * down + right] * bytes[start + right];
    }
    return Math.round(total / 255 * 1e6) / 1e6;
  };

  const paint = (canvas, brightness) => {
    const pen = canvas.getContext("2d"), drawn = pen.createImageData(canvas.width, canvas.height),
      words = new Uint32Array(drawn.data.buffer);
    for (let place = 0; place < words.length; place++) words[place] = 0xff000000 | (brightness(place) * 0x10101);
    pen.putImageData(drawn, 0, 0);
  };
  const picture = (title, across, down, ...how) => {
    const canvas = element("canvas", { width: across, height: down, role: "img", "aria-label": title }),
      mark = element("div", { class: "explorer-window", "aria-hidden": "true" });
    const held = furnish(element("div", { class: "explorer-photo" }, canvas, mark), ...how, []);
    return { node: element("div", {}, element("div", { class: "explorer-quiet" }, title), held), canvas, mark, held };
  };
  const before = picture("the photograph", width, height,
    { tabindex: 0, role: "slider", "aria-label": "where the window lies: arrow keys move it, with shift by ten",
    "aria-valuemin": 1, "aria-valuemax": height - 2, "aria-valuenow": 1 });
  const after = picture("what comes out", width - 2, height - 2, {});
  paint(before.canvas, (place) => bytes[place]);

  const move = (row, column) => kit.set({ row: Math.max(1, Math.min(height - 2, row)),
    column: Math.max(1, Math.min(width - 2, column)) });
  arrows(before.held, (right, up) => move(kit.get("row") - up, kit.get("column") + right));
  before.held.classList.add("held");
  const pointed = (event) => {
    const box = before.canvas.getBoundingClientRect();
    move(Math.floor((event.clientY - box.top) / box.height * height),
      Math.floor((event.clientX - box.left) / box.width * width));
  };
  before.held.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    before.held.focus({ preventScroll: true });
    before.held.setPointerCapture(event.pointerId);
    pointed(event);
  });
  before.held.addEventListener("pointermove", (event) =>
    { if (before.held.hasPointerCapture(event.pointerId)) pointed(event); });

  let broken = false;
  const fields = Array.from({ length: 9 }, (_, number) =>
    element("input", { type: "number", step: "any",
    "aria-label": `row ${Math.floor(number / 3) + 1}, column ${number % 3 + 1} of the kernel`,
    input: () => {
      const kernel = fields.map((field) => Number.parseFloat(field.value));
      fields.forEach((field, which) => field.setAttribute("aria-invalid", String(!Number.isFinite(kernel[which]))));
      broken = !kernel.every(Number.isFinite);
      if (broken) kit.redraw(); else kit.set({ kernel });
    } }));
  const grid = (title, nodes) => element("div", {}, element("div", { class: "explorer-quiet" }, title),
    element("div", { class: "explorer-nine" }, ...nodes));
  const cells = () => Array.from({ length: 9 }, () => element("div"));
  const pixels = cells(), products = cells(), total = element("b"),
    sign = (text) => element("span", { class: "explorer-sign", "aria-hidden": "true" }, text);
  const buttons = Object.entries(presets).map(([name, kernel]) =>
    kit.button(name, () => { broken = false; kit.set({ kernel: [...kernel] }); }));
  let drawn = "";

  return {
    panels: [before.node, after.node],
    legend: [["ring", "var(--stick)",
      "the window of nine pixels, in the middle of its frame, and the pixel that comes of it"]],
    controls: [[element("div", { class: "explorer-sum" }, grid("the nine pixels", pixels), sign("\u00d7"),
      grid("the kernel", fields), sign("="), grid("nine products", products), sign("\u2192"),
      element("div", {}, element("div", { class: "explorer-quiet" }, "their sum"), total))],
      [element("span", { class: "explorer-quiet" }, "Try"), ...buttons]],
    after: [element("div", { class: "explorer-quiet" }, kit.get("credit"))],
    longest: kernelInWords(Array(9).fill(-11.5), {}, 100, 100, -111.5) + " and more than white",
    words: ({ kernel, row, column }) =>
      (broken ? ["A field is empty: write a number into each of the nine, such as 0 or \u22121.", true]
      : kernelInWords(kernel, presets, row, column, at(kernel, row, column))),
    draw({ kernel, row, column }) {
      // The frame is larger than the window of three pixels, so that one can see it; the window is in its middle.
      for (const [{ mark, canvas }, off] of [[before, 0], [after, 1]]) {
        Object.assign(mark.style, { left: `${(column - off - 6) / canvas.width * 100}%`,
          top: `${(row - off - 6) / canvas.height * 100}%`, width: `${13 / canvas.width * 100}%`,
          height: `${13 / canvas.height * 100}%` });
      }
      before.held.setAttribute("aria-valuenow", row);
      before.held.setAttribute("aria-valuetext", `row ${row}, column ${column}`);
      crop(row, column).forEach((value, number) => {
        const product = kernel[number] * value;
        pixels[number].textContent = value.toFixed(2);
        pixels[number].style.cssText = `background: rgb(${Array(3).fill(Math.round(255 * value))}); color: ${value > 0.5 ? "black" : "white"}`;
        products[number].textContent = figureOf(Math.round(product * 100) / 100);
        products[number].style.background = `color-mix(in srgb, ${product < 0 ? "var(--stick)" : "var(--dot)"} ${Math.min(45, Math.abs(product) * 45)}%, var(--paper))`;
      });
      total.textContent = figureOf(at(kernel, row, column));
      if (broken) return;
      fields.forEach((field, number) => {
        field.removeAttribute("aria-invalid");
        if (Number.parseFloat(field.value) !== kernel[number]) field.value = kernel[number];
      });
      buttons.forEach((button) => button.setAttribute("aria-pressed",
        String(presets[button.textContent].every((number, which) => number === kernel[which]))));
      if (drawn === kernel.join()) return;
      drawn = kernel.join();
      const across = width - 2, signed = Math.abs(sum(kernel)) < 1e-3;
      paint(after.canvas, (spot) => {
        const value = at(kernel, Math.floor(spot / across) + 1, spot % across + 1);
        return Math.max(0, Math.min(255, Math.round(255 * (signed ? (value + 1) / 2 : value))));
      });
    },
  };
});
