// The explorer of lesson 13: two networks with one hidden layer, computed in the browser, and four maps of what their
// answer hangs on. `mapsOf` is `Dense.maps` of explanations.py.

const SIDE = 28, AREA = SIDE * SIDE, NEURONS = 32, CLASSES = 10, CORNER = 4, SQUARE = 4, STEPS = 64, SAMPLES = 20,
  NOISE = 0.15, METHODS = ["saliency", "SmoothGrad", "occlusion", "integrated gradients"];

/** Numbers in half precision, as bytes, from the lowest on. */
function halvesOf(bytes) {
  const words = new Uint16Array(bytes.slice().buffer);
  return Float64Array.from(words, (word) => {
    const power = (word >> 10) & 31, part = word & 1023;
    return (word & 32768 ? -1 : 1) * (power ? 2 ** (power - 15) * (1 + part / 1024) : 2 ** -24 * part);
  });
}

/** A network's numbers, a layer's weights before its biases. */
function networkOf(numbers) {
  let at = 0;
  const take = (count) => numbers.subarray(at, at += count);
  return { first: take(NEURONS * AREA), bias: take(NEURONS), second: take(CLASSES * NEURONS), shift: take(CLASSES) };
}

/** What comes into each neuron, before its ReLU. */
function into({ first, bias }, pixels) {
  return Float64Array.from(bias, (start, neuron) => {
    let sum = start;
    for (let pixel = 0, at = neuron * AREA; pixel < AREA; pixel++, at++) sum += first[at] * pixels[pixel];
    return sum;
  });
}

function logitsOf(net, pixels) {
  const hidden = into(net, pixels);
  return Array.from(net.shift, (start, digit) => hidden.reduce((sum, value, neuron) =>
    sum + Math.max(0, value) * net.second[digit * NEURONS + neuron], start));
}

/** The gradient of a logit by each pixel: what comes through the neurons that are not at 0. */
function gradientOf(net, pixels, asked) {
  const hidden = into(net, pixels), slope = new Float64Array(AREA);
  for (let neuron = 0; neuron < NEURONS; neuron++) {
    if (hidden[neuron] <= 0) continue;
    const weight = net.second[asked * NEURONS + neuron];
    for (let pixel = 0, at = neuron * AREA; pixel < AREA; pixel++, at++) slope[pixel] += weight * net.first[at];
  }
  return slope;
}

/** The mean of several maps, made one after the other by make(number). */
function meanOf(count, make) {
  const total = new Float64Array(AREA);
  for (let number = 0; number < count; number++) make(number).forEach((value, pixel) => { total[pixel] += value; });
  return total.map((value) => value / count);
}

/** The four maps of a picture; the first two are sizes, the others have a sign. */
function mapsOf(net, picture, asked, shakes) {
  const across = SIDE / SQUARE, whole = logitsOf(net, picture)[asked], falls = [];
  for (let number = 0; number < across * across; number++) {
    const covered = picture.slice(), top = SQUARE * Math.floor(number / across), left = SQUARE * (number % across);
    for (let row = top; row < top + SQUARE; row++) covered.fill(0, row * SIDE + left, row * SIDE + left + SQUARE);
    falls.push(whole - logitsOf(net, covered)[asked]);
  }
  return [
    gradientOf(net, picture, asked).map(Math.abs),
    meanOf(SAMPLES, (sample) => gradientOf(net, picture.map((value, pixel) =>
      value + NOISE * shakes[sample * AREA + pixel]), asked).map(Math.abs)),
    Float64Array.from({ length: AREA }, (_, pixel) =>
      falls[Math.floor(pixel / SIDE / SQUARE) * across + Math.floor(pixel % SIDE / SQUARE)]),
    meanOf(STEPS, (step) => gradientOf(net, picture.map((value) => (step + 0.5) / STEPS * value), asked))
      .map((value, pixel) => value * picture[pixel]),
  ];
}

const inCorner = (pixel) => pixel % SIDE < CORNER && pixel < CORNER * SIDE;

/** The sum of a map's numbers, of all or of those that lie on the mark. */
const sumOf = (map, counts) => map.reduce((sum, value, pixel) => sum + (counts(pixel) ? value : 0), 0);

/** The share of a map's sizes that lies on the mark, 0 for a map of zeros. */
function onTheMark(map) {
  const sizes = map.map(Math.abs), all = sumOf(sizes, () => true);
  return all ? sumOf(sizes, inCorner) / all : 0;
}

const percent = (share) => `${Math.floor(100 * share + 0.5)} %`;

/** A digit with its article. */
const aDigit = (digit) => `${digit === 8 ? "an" : "a"} ${digit}`;

/** The same words as `ExplanationsExplorer.sentence`. */
function mapsInWords({ network, digit, marked, asked }, { logits, maps }) {
  const most = Math.max(...logits), sure = logits.map((logit) => Math.exp(logit - most)), read = logits.indexOf(most);
  const parts = maps.map((map, at) => `${percent(onTheMark(map))} by ${METHODS[at]}`), weight = sumOf(maps[3], inCorner);
  const side = marked
    ? `where the mark speaks ${weight > 0 ? "for" : "against"} ${aDigit(asked)} by ${Math.abs(weight).toFixed(1)} in the logit`
    : "where there is no mark";
  return `${network === "before" ? "Before it was mended, the" : "The mended"} network reads this ${digit}, `
    + `${marked ? "with" : "without"} the mark, as ${aDigit(read)} and is `
    + `${percent(1 / sure.reduce((sum, value) => sum + value, 0))} sure. Of the maps for ${aDigit(asked)}, the corner, `
    + `2 % of the area, holds ${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}, ${side}.`;
}

export default explorer("Four maps of what an answer hangs on", ["network", "digit", "marked", "asked"], (kit) => {
  const numbers = halvesOf(bytesOf(kit.get("weights"))), half = numbers.length / 2, bytes = bytesOf(kit.get("pictures"));
  const networks = { before: networkOf(numbers.subarray(0, half)), mended: networkOf(numbers.subarray(half)) };
  const normal = normalFrom(seeded(13)), shakes = Float64Array.from({ length: SAMPLES * AREA }, normal);
  /** A picture of 28 by 28 with its name above and a frame round the mark's place. */
  const field = (name) => {
    const canvas = element("canvas", { width: SIDE, height: SIDE, role: "img", "aria-label": name }),
      said = element("div", { class: "explorer-quiet explorer-map-name" }, name), share = 100 * CORNER / SIDE;
    const frame = element("div", { class: "explorer-mark", style: `width: ${share}%; height: ${share}%` });
    return { pen: canvas.getContext("2d"), said,
      node: element("div", {}, said, element("div", { class: "explorer-photo pixels" }, canvas, frame)) };
  };
  const shown = field("the picture"), four = METHODS.map(field), bars = kit.panel(210, 74, "how sure of each digit", {});
  const mark = kit.button("Mark", () => kit.set({ marked: !kit.get("marked") }));
  let found = null;

  function paint(pen, colourOf) {
    const image = pen.createImageData(SIDE, SIDE);
    for (let pixel = 0; pixel < AREA; pixel++) image.data.set([...colourOf(pixel), 255], 4 * pixel);
    pen.putImageData(image, 0, 0);
  }
  const digits = Object.fromEntries(Array.from({ length: 10 }, (_, digit) => [digit, String(digit)]));
  const number = { choices: digits, from: Number };
  return {
    panels: [element("div", { class: "explorer-asked" }, shown.node, bars),
      element("div", { class: "explorer-four" }, ...four.map(({ node }) => node))],
    columns: "minmax(0, 1fr) minmax(0, 2fr)",
    legend: [["area", "var(--dot)", "speaks for the class asked about (or: size)"], ["area", "var(--line)", "against it"],
      ["square", "var(--stick)", "the mark's corner"]],
    controls: [[kit.choice("digit", "digit", number), mark], [kit.choice("asked about", "asked", number)],
      [kit.choice("network", "network", { choices: { before: "before", mended: "mended" } })]],
    longest: mapsInWords({ network: "before", digit: 3, marked: true, asked: 8 }, { logits: [9, ...new Array(9).fill(0)],
      maps: METHODS.map(() => Float64Array.from({ length: AREA }, (_, pixel) => (inCorner(pixel) ? -1 : 0))) }),
    words: (now) => mapsInWords(now, found),
    draw(now) {
      mark.setAttribute("aria-pressed", String(now.marked));
      const picture = Float64Array.from(bytes.subarray(now.digit * AREA, (now.digit + 1) * AREA), (value) => value / 255);
      if (now.marked) for (let pixel = 0; pixel < CORNER * SIDE; pixel++) {
        if (inCorner(pixel)) picture[pixel] = 1 - (pixel % SIDE + Math.floor(pixel / SIDE)) % 2;
      }
      const net = networks[now.network];
      found = { logits: logitsOf(net, picture), maps: mapsOf(net, picture, now.asked, shakes) };
      paint(shown.pen, (pixel) => { const grey = 255 * picture[pixel]; return [grey, grey, grey]; });
      const [paper, pro, contra] = ["--paper", "--dot", "--line"].map((name) => kit.colour(name));
      found.maps.forEach((map, at) => {
        const most = Math.max(1e-12, ...map.map(Math.abs));
        paint(four[at].pen, (pixel) => {
          const part = Math.abs(map[pixel]) / most, end = map[pixel] < 0 ? contra : pro;
          return paper.map((from, channel) => from + (end[channel] - from) * part);
        });
        four[at].said.textContent = `${METHODS[at]}: ${percent(onTheMark(map))}`;
      });
      const most = Math.max(...found.logits), sure = found.logits.map((logit) => Math.exp(logit - most)),
        total = sure.reduce((sum, value) => sum + value, 0);
      bars.svg.replaceChildren(...sure.flatMap((value, digit) => {
        const high = 46 * value / total, x = 6 + 20 * digit;
        return [shape("rect", { x, y: 52 - high, width: 16, height: Math.max(1, high), fill: "var(--dot)" }),
          shape("text", { x: x + 8, y: 68, "text-anchor": "middle",
            style: digit === now.asked ? "font-weight: 700; fill: var(--ink)" : null }, String(digit))];
      }));
    },
  };
});
