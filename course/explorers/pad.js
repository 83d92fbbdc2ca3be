// The drawing pad: strokes made into an image like those that lesson 05's network was trained on, that network, and
// what it answers. `imageOf` and `inked` are `image_of` and `inked` of pad.py.

const SIDE = 28, BOX = 20, PEN = 1.2, SMALLEST = 7, WIDTHS = [16, 32, 64], STEP = 0.35;

/** Numbers in half precision, as bytes, from the lowest on. */
function halvesOf(bytes) {
  const words = new Uint16Array(bytes.slice().buffer);
  return Float32Array.from(words, (word) => {
    const power = (word >> 10) & 31, part = word & 1023;
    return (word & 32768 ? -1 : 1) * (power ? 2 ** (power - 15) * (1 + part / 1024) : 2 ** -24 * part);
  });
}

/** How much ink each pixel has, from 0 to 1. strokes: [[x, y], ...] each. */
function inked(strokes) {
  const nearest = new Float64Array(SIDE * SIDE).fill(99);
  for (const stroke of strokes) {
    for (let at = 0; at < Math.max(1, stroke.length - 1); at++) {
      const [x, y] = stroke[at], [toX, toY] = stroke[Math.min(at + 1, stroke.length - 1)];
      const right = toX - x, down = toY - y, length = Math.max(1e-9, right * right + down * down);
      for (let place = 0; place < SIDE * SIDE; place++) {
        const across = place % SIDE + 0.5 - x, below = Math.floor(place / SIDE) + 0.5 - y;
        const along = Math.max(0, Math.min(1, (across * right + below * down) / length));
        nearest[place] = Math.min(nearest[place], Math.hypot(across - along * right, below - along * down));
      }
    }
  }
  return nearest.map((far) => Math.max(0, Math.min(1, PEN + 0.5 - far)));
}

/** Strokes (x, y, x, y, ... each) as an image as large as MNIST's are, its centre of mass in the middle. */
function imageOf(strokes) {
  const drawn = strokes.filter((stroke) => stroke.length).map((stroke) =>
    Array.from({ length: stroke.length / 2 }, (_, at) => [stroke[2 * at], stroke[2 * at + 1]]));
  if (!drawn.length) return new Float64Array(SIDE * SIDE);
  const bounds = [0, 1].map((axis) => {
    const places = drawn.flat().map((place) => place[axis]);
    return [Math.min(...places), Math.max(...places)];
  });
  const scale = (BOX - 2 * PEN) / Math.max(SMALLEST, ...bounds.map(([low, high]) => high - low));
  const fitted = drawn.map((stroke) => stroke.map((place) => place.map((part, axis) =>
    (part - (bounds[axis][0] + bounds[axis][1]) / 2) * scale + SIDE / 2)));
  let ink = 0, right = 0, down = 0;
  inked(fitted).forEach((value, place) => {
    ink += value; right += value * (place % SIDE + 0.5); down += value * (Math.floor(place / SIDE) + 0.5);
  });
  return inked(fitted.map((stroke) => stroke.map(([x, y]) =>
    [x + SIDE / 2 - right / ink, y + SIDE / 2 - down / ink])));
}

/** A 3 by 3 convolution with a border of zeros, and a ReLU: maps of side x side, one after the other. */
function convolved(maps, side, from, to, kernels, bias) {
  const wide = side + 2, padded = new Float32Array(from * wide * wide), answer = new Float32Array(to * side * side);
  for (let channel = 0; channel < from; channel++) {
    for (let row = 0; row < side; row++) {
      padded.set(maps.subarray((channel * side + row) * side, (channel * side + row + 1) * side),
        (channel * wide + row + 1) * wide + 1);
    }
  }
  for (let kernel = 0; kernel < to; kernel++) {
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        let sum = bias[kernel];
        for (let channel = 0; channel < from; channel++) {
          const at = (kernel * from + channel) * 9;
          for (let below = 0; below < 3; below++) {
            const corner = (channel * wide + row + below) * wide + column, weight = at + 3 * below;
            sum += padded[corner] * kernels[weight] + padded[corner + 1] * kernels[weight + 1]
              + padded[corner + 2] * kernels[weight + 2];
          }
        }
        answer[(kernel * side + row) * side + column] = Math.max(0, sum);
      }
    }
  }
  return answer;
}

/** The greatest of each window of 2 by 2. */
function pooled(maps, side, channels) {
  const half = side / 2, answer = new Float32Array(channels * half * half);
  for (let place = 0; place < answer.length; place++) {
    const channel = Math.floor(place / half / half), corner = channel * side * side
      + Math.floor(place / half) % half * 2 * side + place % half * 2;
    answer[place] = Math.max(maps[corner], maps[corner + 1], maps[corner + side], maps[corner + side + 1]);
  }
  return answer;
}

/** What the network says of an image whose brightness is evened out: ten logits, and the maps of its first layer. */
function readBy(weights, image) {
  let at = 0, maps = Float32Array.from(image), side = SIDE, channels = 1, first = null;
  const take = (count) => weights.subarray(at, at += count);
  for (const width of WIDTHS) {
    if (first) { maps = pooled(maps, side, channels); side /= 2; }
    for (let layer = 0; layer < 2; layer++) {
      const kernels = take(9 * channels * width), bias = take(width);
      maps = convolved(maps, side, channels, width, kernels, bias);
      channels = width;
      first ??= maps;
    }
  }
  const means = Array.from({ length: channels }, (_, channel) =>
    maps.subarray(channel * side * side, (channel + 1) * side * side).reduce((sum, value) => sum + value, 0) / side / side);
  const head = take(10 * channels), bias = take(10);
  return { first, logits: Array.from(bias, (start, digit) =>
    means.reduce((sum, mean, channel) => sum + mean * head[digit * channels + channel], start)) };
}

const sharesOf = (logits) => {
  const powers = logits.map((logit) => Math.exp(logit - Math.max(...logits)));
  return powers.map((power) => power / powers.reduce((sum, each) => sum + each, 0));
};

/** The same words as `DrawingPad.sentence`. */
function readingInWords(shares) {
  if (!shares) {
    return "Nothing is drawn yet. Draw a digit as large as the field, by mouse or finger; by keys, arrows move the pen, and the space bar puts it down and " +
      "lifts it. What you draw stays on this page.";
  }
  const [digit, second] = shares.map((_, place) => place).sort((one, other) => shares[other] - shares[one]);
  const percent = (which) => `${(100 * shares[which]).toFixed(0)} %`;
  return `${shares[digit] >= 0.5 ? `The network reads a ${digit} and is ${percent(digit)} sure`
    : `The network is not sure: a ${digit}, with ${percent(digit)}`}; its second guess is ${second}, with ${percent(second)}. What you draw stays on this page.`;
}

/** A field to draw on, with its pen: by mouse and touch, or by arrow keys and the space bar. The strokes are the state's, in pixels of
 *  28 by 28. pen: where it begins; begun: gives the strokes that a new one joins; between: what lies above the field and below the pen. */
function drawingField(kit, words, pen, begun, ...between) {
  let isDown = false;
  const panel = kit.panel(280, 280, `${words}: arrow keys move the pen, the space bar puts it down and lifts it`,
    { role: "application", kind: "explorer-pad" });
  const sheet = shape("g"), cursor = shape("circle", { r: 7, fill: "none", stroke: "var(--focus)", "stroke-width": 2.5,
    class: "pen" });
  panel.svg.append(shape("rect", { x: 1, y: 1, width: 278, height: 278, rx: 8, fill: "var(--raised)", stroke: "var(--quiet)",
    "stroke-width": 1.5 }), ...between, sheet, cursor);
  furnish(panel.svg, { tabindex: 0 }, []);

  const onField = ({ x, y }) => [x, y].map((part) => Math.max(0, Math.min(280, part)) / 10);
  const tenths = (place) => place.map((part) => Math.round(10 * part) / 10);
  const begin = (place) => kit.set({ strokes: [...begun(), tenths(place)] });
  const goOn = (place) => {
    const strokes = kit.get("strokes"), stroke = strokes.at(-1);
    if (!stroke || Math.hypot(place[0] - stroke.at(-2), place[1] - stroke.at(-1)) < STEP) return;
    kit.set({ strokes: [...strokes.slice(0, -1), [...stroke, ...tenths(place)]] });
  };
  follow(panel.svg, panel.svg, (place) => { pen = onField(place); goOn(pen); },
    { begin: (place) => { isDown = false; pen = onField(place); begin(pen); } });
  arrows(panel.svg, (right, up) => {
    const far = Math.abs(right + up) > 1 ? 4 : 1;
    pen = [pen[0] + Math.sign(right) * far, pen[1] - Math.sign(up) * far].map((part) => Math.max(0, Math.min(28, part)));
    if (isDown) goOn(pen); else kit.redraw();
  });
  panel.svg.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    isDown = !isDown;
    if (isDown) begin(pen); else kit.redraw();
  });
  return {
    panel,
    lift() { isDown = false; },
    show(strokes, width) {
      sheet.replaceChildren(...strokes.filter((stroke) => stroke.length).map((stroke) => {
        const places = Array.from({ length: stroke.length / 2 }, (_, at) => [10 * stroke[2 * at], 10 * stroke[2 * at + 1]]);
        return shape("path", { d: `${through(places)}h0.01`, fill: "none", stroke: "var(--ink)", "stroke-width": width,
          "stroke-linecap": "round", "stroke-linejoin": "round" });
      }));
      cursor.setAttribute("transform", `translate(${10 * pen[0]} ${10 * pen[1]})`);
      cursor.setAttribute("fill", isDown ? "var(--focus)" : "none");
    },
  };
}

export default explorer("A pad to draw a digit on, and a network that reads it", ["strokes"], (kit) => {
  const weights = halvesOf(bytesOf(kit.get("weights"))), mean = kit.get("mean"), spread = kit.get("spread");
  const examples = kit.get("examples");
  let read = { of: null }, shown = 0;

  /** What the network makes of a drawing; of the same drawing it is not asked twice. */
  const reading = (strokes) => {
    const text = JSON.stringify(strokes);
    if (read.of !== text) {
      const image = imageOf(strokes), isEmpty = !strokes.some((stroke) => stroke.length);
      const answer = isEmpty ? {} : readBy(weights, image.map((ink) => (ink - mean) / spread));
      read = { of: text, image, ...answer, shares: isEmpty ? null : sharesOf(answer.logits) };
      kit.model.reading = read;
    }
    return read;
  };

  const field = drawingField(kit, "a pad to draw on", [14, 5], () => kit.get("strokes"), shape("rect", { x: 40, y: 40,
    width: 200, height: 200, fill: "none", stroke: "var(--edge)", "stroke-dasharray": "3 5" }));
  const pad = field.panel;
  const bars = kit.panel(330, 168, "how sure the network is of each digit"), grow = shape("g");
  bars.svg.append(grow);
  const canvas = (title, across, down) => {
    const node = element("canvas", { width: across, height: down, role: "img", "aria-label": title });
    return { node: element("div", {}, element("div", { class: "explorer-quiet" }, title),
      element("div", { class: "explorer-photo pixels" }, node)), pen: node.getContext("2d") };
  };
  const seen = canvas("what it sees", SIDE, SIDE), maps = canvas("what its 16 first filters answer", 8 * 30 - 2, 2 * 30 - 2);

  const paint = ({ pen: brush }, values, x, y) => {
    const image = brush.createImageData(SIDE, SIDE), most = Math.max(1e-6, ...values);
    values.forEach((value, place) => image.data.set([...Array(3).fill(255 * Math.max(0, value) / most), 255], 4 * place));
    brush.putImageData(image, x, y);
  };

  const back = kit.button("Take back", () => { field.lift(); kit.set({ strokes: kit.get("strokes").slice(0, -1) }); });
  const example = kit.button("Draw one for me", () => {
    field.lift();
    kit.set({ strokes: examples[shown % examples.length] });
    shown += 1;
  });
  return {
    panels: [pad, element("div", {}, bars, element("div", { class: "explorer-seen" }, seen.node, maps.node))],
    columns: "minmax(0, 10fr) minmax(0, 13fr)",
    controls: [[example, back]],
    longest: readingInWords(null),
    again: field.lift,
    words: ({ strokes }) => readingInWords(reading(strokes).shares),
    draw({ strokes }) {
      const { image, shares, first, logits } = reading(strokes), { unit, width } = bars;
      field.show(strokes, 22);
      back.disabled = !strokes.length;
      const best = shares ? shares.indexOf(Math.max(...shares)) : -1, gap = (width - 10) / 10;
      grow.replaceChildren(shape("line", { class: "axis", x1: 5, x2: width - 5, y1: 140, y2: 140 }),
        ...Array.from({ length: 10 }, (_, digit) => {
          const share = shares ? shares[digit] : 0, x = 5 + gap * digit, high = 116 * share;
          return shape("g", {}, shape("rect", { x: x + gap * 0.14, width: gap * 0.72, y: 140 - high, height: high,
            fill: digit === best ? "var(--dot)" : "var(--stick)" }),
          shape("text", { class: digit === best ? "name" : null, x: x + gap / 2, y: 140 + 16 * unit,
            "text-anchor": "middle" }, String(digit)),
          ...(share >= 0.02 ? [shape("text", { x: x + gap / 2, y: 136 - high, "text-anchor": "middle" },
            (100 * share).toFixed(0))] : []));
        }));
      bars.svg.setAttribute("aria-label", shares ? `how sure the network is of each digit, in per cent: ${shares.map((share, digit) =>
        `${digit}: ${(100 * share).toFixed(0)}`).join(", ")}` : "how sure the network is of each digit: nothing is drawn");
      paint(seen, image, 0, 0);
      for (let filter = 0; filter < 16; filter++) {
        paint(maps, first ? first.subarray(filter * SIDE * SIDE, (filter + 1) * SIDE * SIDE) : new Float32Array(SIDE * SIDE),
          filter % 8 * 30, Math.floor(filter / 8) * 30);
      }
      pad.dataset.logits = logits ? logits.join() : "";
    },
  };
});
