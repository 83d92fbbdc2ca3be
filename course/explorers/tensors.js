// The explorer of lesson 01: two shapes, their axes side by side from the right, and the blocks that the broadcast
// makes of them.

const MOST_CELLS = 8, ROOM = { width: 290, height: 210 };

/** The shape that a text says, or null: `shape_of` in tensors.py is the same. */
function shapeOf(text) {
  const parts = text.replace(/[()[\]]/g, " ").split(/[\s,]+/).filter(Boolean);
  return parts.every((part) => /^[0-9]{1,4}$/.test(part)) ? parts.map(Number) : null;
}

const padded = (shape, rank) => [...Array(rank - shape.length).fill(1), ...shape];
const shapeText = (shape) => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;

/** What becomes of two shapes: the result, or the axis (counted from the right) that does not fit. */
function broadcast(first, second) {
  const rank = Math.max(first.length, second.length), [one, other] = [padded(first, rank), padded(second, rank)];
  for (let axis = 1; axis <= rank; axis++) {
    const [left, right] = [one[rank - axis], other[rank - axis]];
    if (left !== right && left !== 1 && right !== 1) return { axis, left, right };
  }
  return { result: one.map((size, axis) => (size === 1 ? other[axis] : size)) };
}

/** The same words as `BroadcastExplorer.sentence`. */
function broadcastInWords(texts, [first, second]) {
  for (const [name, text, shape] of [["first", texts[0], first], ["second", texts[1], second]]) {
    if (!shape) return [`The ${name} shape is "${text}": write whole numbers with commas between, such as 4, 1.`, true];
  }
  const { result, axis, left, right } = broadcast(first, second), both = `${shapeText(first)} and ${shapeText(second)}`;
  if (!result) {
    return [`${both} do not fit: counted from the right, axis \u2212${axis} is ${left} in the first and ${right} in the second, ` +
      "and neither is 1.", true];
  }
  const repeats = [["first", first], ["second", second]].flatMap(([name, shape]) =>
    padded(shape, result.length).flatMap((size, place) =>
    (size === result[place] ? [] : [`the ${name} is repeated ${result[place]} times along axis ${place}`])));
  return [`${both} give ${shapeText(result)}: ${repeats.join(", ") || "nothing has to be repeated"}.`, false];
}

/** The axes of the two shapes and the result, one under the other, right-aligned as broadcasting reads them. */
function axisTable([first, second]) {
  const { result, axis: wrong } = broadcast(first, second), rank = Math.max(first.length, second.length, 1);
  const head = element("tr", {}, element("th", { scope: "col" }, "axis"),
    ...Array.from({ length: rank }, (_, axis) => element("th", { scope: "col" }, `${axis}`)));
  const rows = [["first", first], ["second", second]].map(([name, shape]) => {
    const cells = Array.from({ length: rank }, (_, axis) => {
      const place = axis - (rank - shape.length), size = place < 0 ? 1 : shape[place], goal = result?.[axis];
      const kind = rank - axis === wrong ? "clash" : place < 0 ? "missing" : result && size !== goal ? "stretch"
        : "kept";
      const stretched = result && goal !== undefined && size !== goal ? ` \u2192 ${goal}` : "";
      const note = { clash: "does not fit", missing: "no such axis, counts as 1", stretch: "stretches",
        kept: "" }[kind];
      return element("td", { class: kind, title: note, "aria-label": `${size}${stretched}${note ? `, ${note}` : ""}` },
        Math.max(first.length, second.length) === 0 ? "" : `${size}${stretched}${kind === "clash" ? " \u2715" : ""}`);
    });
    return element("tr", { class: name }, element("th", { scope: "row" }, name), ...cells);
  });
  const last = element("tr", { class: "result" }, element("th", { scope: "row" }, "result"),
    ...Array.from({ length: rank }, (_, axis) => element("td", {},
      result ? `${result[axis] ?? ""}` : rank - axis === wrong ? "?" : "\u00b7")));
  return element("table", { class: "explorer-axes" }, head, ...rows, last);
}

/** A block as sheets of cells behind each other. cell(sheet, row, column, corner, size) draws one. */
function block(name, shape_, drawn, cell) {
  const [sheets, rows, columns] = padded(drawn.slice(-3), 3).map((size) => Math.min(size, MOST_CELLS)), lean = 0.42;
  const across = columns + (sheets - 1) * lean, down = rows + (sheets - 1) * lean;
  const size = Math.min(54, (ROOM.width - 10) / across, (ROOM.height - 44) / down);
  const left = (ROOM.width - across * size) / 2,
    top = (ROOM.height - 34 - down * size) / 2 + (sheets - 1) * lean * size;
  const cells = [];
  for (let sheet = sheets - 1; sheet >= 0; sheet--) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        cells.push(...cell(sheet, row, column, [left + (column + sheet * lean) * size,
          top + (row - sheet * lean) * size], size));
      }
    }
  }
  const cut = drawn.length > 3 || drawn.some((length) => length > MOST_CELLS);
  return shape("svg", { viewBox: `0 0 ${ROOM.width} ${ROOM.height}`, "aria-hidden": "true" }, ...cells,
    shape("text", { class: "name", x: ROOM.width / 2, y: ROOM.height - 16, "text-anchor": "middle" },
      `${name} ${shapeText(shape_)}`),
    shape("text", { x: ROOM.width / 2, y: ROOM.height - 1, "text-anchor": "middle" },
      drawn.includes(0) ? "no cells" : cut ? "only a part is drawn" : ""));
}

/** Three blocks: what each of the two is stretched to, and their sum. Copies are pale with a dashed edge. */
function blocks([first, second]) {
  const { result } = broadcast(first, second);
  /** The number in the block at a place of the result: rows count up, 0, 1, 2, ... */
  const number = (shape_, ...place) => {
    const sizes = padded(shape_, Math.max(3, shape_.length)).slice(-3);
    return place.reduce((index, at, axis) => index * sizes[axis] + (sizes[axis] === 1 ? 0 : at), 0);
  };
  const isCopy = (shape_, ...place) => padded(shape_,
    Math.max(3, shape_.length)).slice(-3).some((size, axis) => size === 1 && place[axis] > 0);
  const text = (value, [x, y], size, kind) => (size < 15 ? []
    : [shape("text", { x: x + size / 2, y: y + size / 2 + 4.5, "text-anchor": "middle",
    class: kind, style: `font-size: ${Math.min(15, size * 0.42)}px` }, value)]);
  const square = ([x, y], size, kind) => shape("rect",
    { x: x + 1, y: y + 1, width: size - 2, height: size - 2, rx: 4, class: kind });
  const operand = (name, shape_, times) => block(name, shape_, result ?? shape_, (sheet, row, column, corner, size) => {
    const copy = isCopy(shape_, sheet, row, column) ? " copy" : "";
    return [...(copy ? [square(corner, size, "cell blank")] : []), square(corner, size, `cell ${name}${copy}`),
      ...(sheet ? [] : text(times * number(shape_, sheet, row, column), corner, size, `in-cell ${name}${copy}`))];
  });
  const panels = [operand("first", first, 10), "+", operand("second", second, 1), "="];
  if (result) {
    panels.push(block("result", result, result, (sheet, row, column, corner, size) => {
      const [x, y] = [corner[0] + 1, corner[1] + 1], edge = size - 2;
      return [square(corner, size, "cell second"), shape("path",
        { class: "half", d: `M${x + 4} ${y}H${x + edge - 3}L${x} ${y + edge - 3}V${y + 4}Q${x} ${y} ${x + 4} ${y}Z` }),
        ...(sheet ? [] : text(10 * number(first, sheet, row, column) + number(second, sheet, row, column), corner, size,
          "in-cell both"))];
    }));
  } else panels.push(element("span", { class: "explorer-none" }, "does not fit"));
  return element("div", { class: "explorer-blocks" }, ...panels.map((panel) => (typeof panel === "string"
    ? element("span", { class: "explorer-sign", "aria-hidden": "true" }, panel) : panel)));
}

export default explorer("Two shapes and their broadcast", ["first", "second"], (kit) => {
  const names = ["first", "second"], table = element("div", { class: "explorer-table" }), picture = element("div");
  const inputs = names.map((name) => element("input",
    { type: "text", spellcheck: "false", autocomplete: "off", inputmode: "text",
    input: (event) => kit.set({ [name]: event.target.value }) }));
  const examples = [["4, 1", "3"], ["2, 3", "3"], ["2, 3", "2"], ["2, 4, 1", "3"],
    ["3", ""]].map(([first, second]) => kit.button(
    `${shapeText(shapeOf(first))} and ${shapeText(shapeOf(second))}`, () => kit.set({ first, second })));
  return {
    panels: [element("div", {}, element("div", { class: "explorer-controls" },
      element("label", {}, "first shape", inputs[0]), element("label", {}, "second shape", inputs[1])), table),
      picture],
    columns: "minmax(0, 1fr)",
    legend: [["area", "#0072B2", "first"], ["area", "#E69F00", "second"],
      ["dashed", "var(--quiet)", "repeated: the stride is 0, nothing is copied"]],
    controls: [[element("span", { class: "explorer-quiet" }, "Try"), ...examples]],
    longest: broadcastInWords(["2, 1, 3", "2, 2, 4, 1"], [[2, 1, 1], [2, 2, 4, 12]])[0],
    words: (now) => broadcastInWords(names.map((name) => now[name]), names.map((name) => shapeOf(now[name]))),
    draw(now) {
      const shapes = names.map((name) => shapeOf(now[name]));
      inputs.forEach((input, place) => {
        if (input.value !== now[names[place]]) input.value = now[names[place]];
        input.setAttribute("aria-invalid", String(shapes[place] === null));
      });
      if (shapes.includes(null)) return;
      table.replaceChildren(axisTable(shapes));
      picture.replaceChildren(blocks(shapes));
    },
  };
});
