// The explorer of lesson 08: a picture warped and relit in the browser, once by the product of all matrices and once
// step by step.

/** The product of two 3 x 3 matrices, each nine numbers, row by row. */
const times = (one, other) => one.map((_, at) => {
  const row = at - at % 3, column = at % 3;
  return one[row] * other[column] + one[row + 1] * other[column + 3] + one[row + 2] * other[column + 6];
});

/** What undoes a matrix, up to a factor: the third number is divided out, and the factor with it. */
const undone = ([a, b, c, d, e, f, g, h, i]) =>
  [e * i - f * h, c * h - b * i, b * f - c * e, f * g - d * i, a * i - c * g, c * d - a * f,
  d * h - e * g, b * g - a * h, a * e - b * d];

const moved = (right, down) => [1, 0, right, 0, 1, down, 0, 0, 1];

/** The movements in use, as matrices about the middle, the first to be done first: `AugmentationExplorer.steps` is the
 *  same. */
function stepsOf({ flip, zoom, lean, degrees, across, tilt, width, height }) {
  const x = (width - 1) / 2, y = (height - 1) / 2, angle = degrees * Math.PI / 180, cosine = Math.cos(angle),
    sine = Math.sin(angle);
  return [[flip, [-1, 0, 0, 0, 1, 0, 0, 0, 1]], [zoom !== 1, [zoom, 0, 0, 0, zoom, 0, 0, 0, 1]],
    [lean, [1, lean, 0, 0, 1, 0, 0, 0, 1]],
    [degrees, [cosine, -sine, 0, sine, cosine, 0, 0, 0, 1]], [across, moved(across * width, 0)],
      [tilt, [1, 0, 0, 0, 1, 0, tilt / x, 0, 1]]]
    .filter(([used]) => used).map(([, rows]) => times(moved(x, y), times(rows, moved(-x, -y))));
}

/** A place folded back between mirrors on the first and the last pixel. */
function foldedBack(place, last) {
  const period = 2 * last, within = ((place % period) + period) % period;
  return last - Math.abs(within - last);
}

/** The picture, 3 x height x width numbers, moved by a matrix and read once, between its pixels. */
function warped(values, width, height, matrix, padding) {
  const back = undone(matrix), area = width * height, out = new Float32Array(3 * area);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const third = back[6] * column + back[7] * row + back[8];
      let x = (back[0] * column + back[1] * row + back[2]) / third,
        y = (back[3] * column + back[4] * row + back[5]) / third;
      if (padding === "border") { x = Math.min(Math.max(x, 0), width - 1); y = Math.min(Math.max(y, 0), height - 1); }
      if (padding === "reflection") { x = foldedBack(x, width - 1); y = foldedBack(y, height - 1); }
      const left = Math.floor(x), top = Math.floor(y), right = x - left, down = y - top;
      for (let corner = 0; corner < 4; corner++) {
        const atX = left + (corner & 1), atY = top + (corner >> 1);
        if (!(atX >= 0 && atX < width && atY >= 0 && atY < height)) continue;
        const weight = (corner & 1 ? right : 1 - right) * (corner >> 1 ? down : 1 - down);
        for (let channel = 0; channel < 3; channel++) out[channel * area + row * width +
          column] += weight * values[channel * area + atY * width + atX];
      }
    }
  }
  return out;
}

/** Contrast and brightness on the logits; black and white stay. */
function relit(values, brightness, contrast) {
  if (brightness === 0 && contrast === 1) return values;
  return values.map((value) => (value <= 0 ? 0 : value >= 1 ? 1
    : 1 / (1 + Math.exp(-(contrast * Math.log(value / (1 - value)) + brightness)))));
}

/** The root of the mean squared step from pixel to pixel, in the middle half. */
function sharpnessOf(values, width, height) {
  const left = Math.floor(width / 4), top = Math.floor(height / 4), right = width - left, bottom = height - top;
  let [acrossSum, acrossCount, downSum, downCount] = [0, 0, 0, 0];
  for (let channel = 0; channel < 3; channel++) {
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        const at = (channel * height + row) * width + column;
        if (column + 1 < right) { acrossSum += (values[at + 1] - values[at]) ** 2; acrossCount++; }
        if (row + 1 < bottom) { downSum += (values[at + width] - values[at]) ** 2; downCount++; }
      }
    }
  }
  return Math.sqrt((acrossSum / acrossCount + downSum / downCount) / 2);
}

const percent = (share) => `${Math.round(100 * share)}%`;

/** The same words as `AugmentationExplorer.sentence`. */
function pictureInWords(now, count, kept) {
  const done = [now.flip && "mirrored", now.zoom !== 1 && `${figureOf(now.zoom)} times as large`,
    now.lean && `leaning by ${figureOf(now.lean)}`,
    now.degrees && `turned ${Math.abs(now.degrees).toFixed(0)}\u00b0 ${now.degrees > 0 ? "with" : "against"} the clock`,
    now.across && `shifted ${percent(Math.abs(now.across))} to the ${now.across > 0 ? "right" : "left"}`,
    now.tilt && `its ${now.tilt > 0 ? "right" : "left"} edge tilted away`,
      now.brightness && (now.brightness > 0 ? "brighter" : "darker"),
    now.contrast !== 1 && `with ${now.contrast > 1 ? "more" : "less"} contrast`].filter(Boolean);
  if (!done.length) return "The picture as it came: every slider is at rest.";
  const what = `The picture is ${done.join(", ")}.`;
  if (count < 2) return `${what} With ${count ? "one movement" : "no movement"} in use, both sides read it ${count ? "once" : "as it is"}.`;
  return `${what} Read after each of the ${count} movements, its middle has ${percent(kept)} of the sharpness that it has when it is read once.`;
}

/** The matrix with its rows and columns named, and what each part of it does in a colour of its own. */
function matrixTable() {
  const kinds = ["lean", "lean", "shift", "lean", "lean", "shift", "tilt", "tilt", "one"],
    cells = kinds.map((kind) => element("td", { class: kind }));
  const row = (name, at) => element("tr", {}, element("th", { scope: "row" }, name), ...cells.slice(at, at + 3));
  const table = element("table", { class: "explorer-matrix", "aria-label": "the matrix of all movements" },
    element("tr", {}, element("td"), ...["times x", "times y",
    "times 1"].map((name) => element("th", { scope: "col" }, name))),
    row("new x", 0), row("new y", 3), row("third", 6));
  return Object.assign(element("div", {}, element("div", { class: "explorer-quiet" }, "the matrix of all movements"),
    table, element("div", { class: "explorer-quiet" },
    "The pixel in column x, row y goes to column new x / third, row new y / third.")), {
    set: (matrix) => matrix.forEach((value, at) =>
      { cells[at].textContent = value.toFixed(Math.abs(value) < 10 ? 3 : 1).replace("-", "\u2212"); }) });
}

const AT_REST = { flip: false, degrees: 0, zoom: 1, lean: 0, across: 0, tilt: 0, brightness: 0, contrast: 1 };

export default explorer("A picture moved and relit", [...Object.keys(AT_REST), "padding"], (kit) => {
  const bytes = bytesOf(kit.get("pixels")), width = kit.get("width"), height = kit.get("height"), area = width * height;
  const original = Float32Array.from(bytes, (value) => value / 255), table = matrixTable();
  const sides = ["one matrix, read once", "step by step, read after each"].map((name) => {
    const canvas = element("canvas", { width, height, role: "img", "aria-label": name });
    return { pen: canvas.getContext("2d"), node: element("div", {}, element("div", { class: "explorer-quiet" }, name),
      element("div", { class: "explorer-photo pixels" }, canvas)) };
  });
  function paint(pen, values) {
    const drawn = pen.createImageData(width, height);
    for (let at = 0; at < area; at++) {
      for (let channel = 0; channel < 3; channel++) drawn.data[4 * at + channel] = 255 * values[channel * area + at] +
        0.5;
      drawn.data[4 * at + 3] = 255;
    }
    pen.putImageData(drawn, 0, 0);
  }
  const range = (name, trait, min, max, step, text) => kit.slider(name, trait, { min, max, step, text });
  const mirror = kit.button("Mirror", () => kit.set({ flip: !kit.get("flip") }));
  const chance = kit.button("Draw a lot", () => {
    const either = (most, step, middle = 0) => Number((middle +
      Math.round((2 * Math.random() - 1) * most / step) * step).toFixed(2));
    kit.set({ flip: Math.random() < 0.5, degrees: either(40, 1), zoom: either(0.35, 0.05, 1), lean: either(0.3, 0.05),
      across: either(0.2, 0.01), tilt: either(0.3, 0.05), brightness: either(1, 0.1), contrast: either(0.6, 0.1, 1) });
  }, "first");
  let count = 0, kept = 1;
  return {
    panels: [...sides.map((side) => side.node), table], columns: "minmax(0, 270px) minmax(0, 270px) minmax(222px, 1fr)",
    legend: [["area", "var(--stick)", "turn, zoom, lean, mirror"], ["area", "var(--dot)", "shift"],
      ["area", "var(--other)", "tilt"]],
    controls: [[range("turn", "degrees", -180, 180, 1, signed(0, "\u00b0")),
      range("zoom", "zoom", 0.5, 2, 0.05, (value) => `\u00d7 ${value.toFixed(2)}`),
      range("lean", "lean", -0.8, 0.8, 0.05, signed(2)),
      range("shift", "across", -0.5, 0.5, 0.01, (value) => signed(0, " %")(100 * value)),
        range("tilt", "tilt", -0.45, 0.45, 0.05, signed(2)),
      range("brightness", "brightness", -3, 3, 0.1, signed(1)),
        range("contrast", "contrast", 0.3, 3, 0.1, (value) => `\u00d7 ${value.toFixed(1)}`)],
    [mirror, kit.choice("padding", "padding", { choices: { zeros: "zeros", border: "border",
      reflection: "reflection" } }), chance]],
    longest: pictureInWords({ flip: true, zoom: 1.25, lean: -0.25, degrees: -140, across: -0.25, tilt: -0.2,
      brightness: 1, contrast: 1.5 }, 6, 1),
    words: (now) => pictureInWords(now, count, kept),
    draw(now) {
      mirror.setAttribute("aria-pressed", String(now.flip));
      const steps = stepsOf({ ...now, width, height }),
        whole = steps.reduce((done, step) => times(step, done), moved(0, 0));
      let once = steps.length ? warped(original, width, height, whole, now.padding) : original, often = original;
      for (const step of steps) often = warped(often, width, height, step, now.padding);
      [once, often] = [once, often].map((values) => relit(values, now.brightness, now.contrast));
      [once, often].forEach((values, side) => paint(sides[side].pen, values));
      table.set(whole);
      [count, kept] = [steps.length, sharpnessOf(often, width, height) / Math.max(sharpnessOf(once, width, height),
        1e-6)];
    },
  };
});
