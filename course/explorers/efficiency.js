// The explorer of lesson 14: a network with one hidden layer, pruned and with few bits, computed in the browser.
// `madeOf` is `SizeExplorer.numbers` of efficiency.py, `codebookOf` its `codebook`.

const SIDE = 14, AREA = SIDE * SIDE, NEURONS = 32, CLASSES = 10, FIRST = AREA * NEURONS,
  WEIGHTS = (AREA + CLASSES) * NEURONS, BIASES = NEURONS + CLASSES, SHARES = [0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98],
  BITS = [32, 6, 4, 3, 2, 1], STEPS = 10, SHOWN = 8;

/** Numbers in half precision, as bytes, from the lowest on. */
function halvesOf(bytes) {
  const words = new Uint16Array(bytes.slice().buffer);
  return Float64Array.from(words, (word) => {
    const power = (word >> 10) & 31, part = word & 1023;
    return (word & 32768 ? -1 : 1) * (power ? 2 ** (power - 15) * (1 + part / 1024) : 2 ** -24 * part);
  });
}

/** Each value replaced by one of `count` that they share, by k-means from an even spacing. */
function codebookOf(values, count) {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity),
    high = values.reduce((most, value) => Math.max(most, value), -Infinity), codes = new Uint8Array(values.length);
  let centres = Array.from({ length: count }, (_, place) => low + (high - low) * place / Math.max(1, count - 1));
  for (let step = 0; step <= STEPS; step++) {
    const counts = new Float64Array(count), sums = new Float64Array(count);
    values.forEach((value, at) => {
      let best = 0;
      for (let place = 1; place < count; place++) {
        if (Math.abs(value - centres[place]) < Math.abs(value - centres[best])) best = place;
      }
      codes[at] = best;
      counts[best] += 1;
      sums[best] += value;
    });
    if (step < STEPS) centres = centres.map((centre, place) => (counts[place] ? sums[place] / counts[place] : centre));
  }
  return values.map((_, at) => centres[codes[at]]);
}

/** The numbers of a network after pruning and sharing, weights before biases. */
function madeOf(networks, { share, bits, trained }) {
  const made = networks[trained ? SHARES.indexOf(share) : 0].slice();
  const order = Array.from({ length: WEIGHTS }, (_, at) => at).sort((one, other) => Math.abs(made[one]) - Math.abs(made[other]));
  for (let place = 0; place < Math.floor(share * WEIGHTS); place++) made[order[place]] = 0;
  if (bits < 32) {
    for (const [from, to] of [[0, FIRST], [FIRST, WEIGHTS]]) {
      const stays = [];
      for (let at = from; at < to; at++) if (made[at] !== 0) stays.push(at);
      if (!stays.length) continue;
      const shared = codebookOf(Float64Array.from(stays, (at) => made[at]), 2 ** bits - Number(stays.length < to - from));
      stays.forEach((at, place) => { made[at] = shared[place]; });
    }
  }
  return made;
}

/** Bytes, by the formula: `SizeExplorer.size`. */
function sizeOf(made, bits) {
  let stays = 0;
  for (let at = 0; at < WEIGHTS; at++) stays += Number(made[at] !== 0);
  const part = stays / WEIGHTS, places = part === 0 || part === 1 ? 0
    : -WEIGHTS * (part * Math.log2(part) + (1 - part) * Math.log2(1 - part));
  return (stays * bits + places + (bits === 32 ? 0 : 2 * 32 * 2 ** bits) + 32 * BIASES) / 8;
}

/** How many of the digits a network reads rightly. */
function rightOf(made, digits, labels) {
  const inside = new Float64Array(NEURONS);
  return digits.reduce((right, pixels, number) => {
    for (let neuron = 0; neuron < NEURONS; neuron++) {
      let sum = made[WEIGHTS + neuron];
      for (let pixel = 0, at = neuron * AREA; pixel < AREA; pixel++, at++) sum += made[at] * pixels[pixel];
      inside[neuron] = Math.max(0, sum);
    }
    let read = 0, most = -Infinity;
    for (let digit = 0; digit < CLASSES; digit++) {
      let sum = made[WEIGHTS + NEURONS + digit];
      for (let neuron = 0, at = FIRST + digit * NEURONS; neuron < NEURONS; neuron++, at++) sum += made[at] * inside[neuron];
      if (sum > most) { most = sum; read = digit; }
    }
    return right + Number(read === labels[number]);
  }, 0);
}

const inPercent = (share) => `${Math.floor(100 * share + 0.5)} %`;

/** The same words as `SizeExplorer.sentence`. */
function sizeInWords({ share, bits, trained }, found, whole, digits) {
  const how = trained ? "while it was trained on" : "at one stroke",
    pruned = share ? `With ${inPercent(share)} of the weights pruned ${how}` : "With no weight pruned",
    each = bits === 32 ? "32 bits" : `${bits} bit${bits === 1 ? "" : "s"}`;
  return `${pruned} and ${each} for each that stays, the network takes about ${(found.size / 1000).toFixed(1)} kB by the formula, `
    + `${(whole.size / found.size).toFixed(1)} times less than the whole one, and reads ${found.right} of ${digits} digits; `
    + `the whole one, ${(whole.size / 1000).toFixed(1)} kB, reads ${whole.right}.`;
}

export default explorer("Size against accuracy", ["share", "bits", "trained"], (kit) => {
  const numbers = halvesOf(bytesOf(kit.get("weights"))), each = WEIGHTS + BIASES, bytes = bytesOf(kit.get("pixels")),
    labels = bytesOf(kit.get("labels"));
  const networks = SHARES.map((_, place) => numbers.subarray(place * each, (place + 1) * each));
  const digits = Array.from(labels, (_, number) =>
    Float64Array.from(bytes.subarray(number * AREA, (number + 1) * AREA), (value) => value / 255));
  const known = new Map(), tried = new Map();
  const look = (now) => {
    const text = JSON.stringify(now);
    if (!known.has(text)) {
      const made = madeOf(networks, now);
      known.set(text, { made, size: sizeOf(made, now.bits), right: rightOf(made, digits, labels), trained: now.trained });
    }
    return known.get(text);
  };
  const whole = look({ share: 0, bits: 32, trained: false }), most = labels.length;
  const field = kit.panel(430, 310, "size against accuracy of the networks tried");
  const pictures = Array.from({ length: SHOWN }, (_, neuron) => {
    const canvas = element("canvas", { width: SIDE, height: SIDE, role: "img", "aria-label": `what neuron ${neuron + 1} looks for` });
    return { pen: canvas.getContext("2d"), node: element("div", { class: "explorer-photo pixels",
      style: "border: 1px solid var(--edge)" }, canvas) };
  });
  return {
    panels: [field, element("div", {}, element("div", { class: "explorer-quiet" }, "what eight of the 32 neurons look for"),
      element("div", { style: "display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 6px" },
        ...pictures.map(({ node }) => node)))],
    columns: "minmax(0, 6fr) minmax(0, 5fr)",
    again: () => tried.clear(),
    legend: [["ring", "var(--ink)", "this network"], ["cross", "var(--line)", "tried, at one stroke"],
      ["dot", "var(--dot)", "tried, trained on"], ["dashed", "var(--quiet)", "what the whole one reads"]],
    controls: [[kit.slider("pruned", "share", { min: 0, max: SHARES.length - 1, step: 1, text: (place) => inPercent(SHARES[place]),
      to: (share) => SHARES.indexOf(share), from: (place) => SHARES[place] }),
    kit.choice("trained on while pruned", "trained", { choices: { no: "no", yes: "yes" },
      to: (on) => (on ? "yes" : "no"), from: (value) => value === "yes" })],
    [kit.choice("bits", "bits", { choices: Object.fromEntries(BITS.map((bits) => [bits, String(bits)])), from: Number })]],
    longest: sizeInWords({ share: 0.95, bits: 32, trained: true }, { size: 10000.4, right: 499 }, { size: 26500, right: 499 }, 500),
    facts(now) {
      const { size, right } = look(now);
      return { "kB": (size / 1000).toFixed(1), "times smaller": (whole.size / size).toFixed(1),
        "read rightly": `${(100 * right / most).toFixed(1)} %` };
    },
    words: (now) => sizeInWords(now, look(now), whole, most),
    draw(now) {
      const found = look(now);
      tried.set(JSON.stringify(now), found);
      const { x, y, axes, top, bottom } = chart(field, [0, 100], [Math.log10(200), Math.log10(40000)],
        ["digits read rightly, %", "size, bytes"], { log: true, margin: [12, 14, 44, 66] });
      const place = ({ right, size }) => [x(100 * right / most), y(Math.log10(size))];
      const line = x(100 * whole.right / most), [across, down] = place(found);
      const mark = (network) => {
        const [cx, cy] = place(network);
        return network.trained ? shape("circle", { cx, cy, r: 5, fill: "var(--dot)" })
          : shape("path", { d: `M${cx - 4.5} ${cy - 4.5}l9 9m0 -9l-9 9`, stroke: "var(--line)", "stroke-width": 2.4, fill: "none" });
      };
      field.svg.replaceChildren(axes, shape("path", { d: `M${line} ${top}V${bottom}`, stroke: "var(--quiet)",
        "stroke-width": 1.6, "stroke-dasharray": "5 4" }), ...Array.from(tried.values(), mark),
      shape("circle", { cx: across, cy: down, r: 10, fill: "none", stroke: "var(--ink)", "stroke-width": 2 }));
      field.svg.setAttribute("aria-label", `size against accuracy of the networks tried: ${tried.size}; this one has `
        + `${(found.size / 1000).toFixed(1)} kB and reads ${found.right} of ${most}`);
      const [paper, pro, contra] = ["--paper", "--dot", "--line"].map((name) => kit.colour(name));
      pictures.forEach(({ pen }, neuron) => {
        const seen = found.made.subarray(neuron * AREA, (neuron + 1) * AREA), image = pen.createImageData(SIDE, SIDE);
        const strong = Math.max(1e-12, ...seen.map(Math.abs));
        seen.forEach((value, pixel) => {
          const part = Math.abs(value) / strong, end = value < 0 ? contra : pro;
          image.data.set([...paper.map((from, channel) => from + (end[channel] - from) * part), 255], 4 * pixel);
        });
        pen.putImageData(image, 0, 0);
      });
    },
  };
});
