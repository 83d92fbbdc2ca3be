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

/** What a picture brings to each neuron, its bias aside. */
function broughtBy({ first }, pixels) {
  const sums = new Float64Array(NEURONS);
  for (let neuron = 0, at = 0; neuron < NEURONS; neuron++) {
    let sum = 0;
    for (let pixel = 0; pixel < AREA; pixel++, at++) sum += first[at] * pixels[pixel];
    sums[neuron] = sum;
  }
  return sums;
}

/** The logit of a digit, from what is brought to the neurons. */
function logitOf({ bias, second, shift }, sums, digit) {
  let logit = shift[digit];
  for (let neuron = 0; neuron < NEURONS; neuron++) {
    logit += Math.max(0, sums[neuron] + bias[neuron]) * second[digit * NEURONS + neuron];
  }
  return logit;
}

const logitsOf = (net, pixels) => {
  const sums = broughtBy(net, pixels);
  return Array.from({ length: CLASSES }, (_, digit) => logitOf(net, sums, digit));
};

/** The gradient of a logit by each pixel, where open(neuron) says what share of the neuron's slope comes through. */
function slopeOf({ first, second }, asked, open) {
  const slope = new Float64Array(AREA);
  for (let neuron = 0; neuron < NEURONS; neuron++) {
    const weight = open(neuron) * second[asked * NEURONS + neuron];
    if (!weight) continue;
    for (let pixel = 0, at = neuron * AREA; pixel < AREA; pixel++, at++) slope[pixel] += weight * first[at];
  }
  return slope;
}

/** What SmoothGrad's noise brings to each neuron, copy by copy. */
function shakenOf(net) {
  const normal = normalFrom(seeded(13));
  return Array.from({ length: SAMPLES }, () => broughtBy(net, Float64Array.from({ length: AREA }, normal)));
}

/** The four maps of a picture; the first two are sizes, the others have a sign. Up to its ReLU the network is a sum
 *  over pixels: what is added to a picture, or taken away, adds to what it brings. So nothing is summed up twice. */
function mapsOf(net, picture, asked, shaken) {
  const sums = broughtBy(net, picture), { first, bias } = net, across = SIDE / SQUARE;
  const saliency = slopeOf(net, asked, (neuron) => Number(sums[neuron] + bias[neuron] > 0)).map(Math.abs);
  const smooth = new Float64Array(AREA);
  for (const noise of shaken) {
    const slope = slopeOf(net, asked, (neuron) => Number(sums[neuron] + NOISE * noise[neuron] + bias[neuron] > 0));
    for (let pixel = 0; pixel < AREA; pixel++) smooth[pixel] += Math.abs(slope[pixel]) / SAMPLES;
  }
  const whole = logitOf(net, sums, asked), falls = Array.from({ length: across * across }, (_, number) => {
    const covered = sums.slice(), corner = SQUARE * (Math.floor(number / across) * SIDE + number % across);
    for (let inside = 0; inside < SQUARE * SQUARE; inside++) {
      const pixel = corner + Math.floor(inside / SQUARE) * SIDE + inside % SQUARE;
      for (let neuron = 0; neuron < NEURONS; neuron++) covered[neuron] -= first[neuron * AREA + pixel] * picture[pixel];
    }
    return whole - logitOf(net, covered, asked);
  });
  const squares = smooth.map((_, pixel) =>
    falls[Math.floor(pixel / SIDE / SQUARE) * across + Math.floor(pixel % SIDE / SQUARE)]);
  const along = slopeOf(net, asked, (neuron) => {
    let open = 0;
    for (let step = 0; step < STEPS; step++) open += Number((step + 0.5) / STEPS * sums[neuron] + bias[neuron] > 0);
    return open / STEPS;
  }).map((value, pixel) => value * picture[pixel]);
  return [saliency, smooth, squares, along];
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
  const parts = maps.map((map, at) => `${percent(onTheMark(map))} by ${METHODS[at]}`);
  const weight = sumOf(maps[3], inCorner), way = weight > 0 ? "for" : "against";
  const side = marked
    ? `where the mark speaks ${way} ${aDigit(asked)} by ${Math.abs(weight).toFixed(1)} in the logit`
    : "where there is no mark";
  return `${network === "before" ? "Before it was mended, the" : "The mended"} network reads this ${digit}, `
    + `${marked ? "with" : "without"} the mark, as ${aDigit(read)} and is `
    + `${percent(1 / sure.reduce((sum, value) => sum + value, 0))} sure. Of the maps for ${aDigit(asked)}, the corner, `
    + `2 % of the area, holds ${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}, ${side}.`;
}

export default explorer("Four maps of what an answer hangs on", ["network", "digit", "marked", "asked"], (kit) => {
  const numbers = halvesOf(bytesOf(kit.get("weights"))), half = numbers.length / 2;
  const bytes = bytesOf(kit.get("pictures"));
  const networks = { before: networkOf(numbers.subarray(0, half)), mended: networkOf(numbers.subarray(half)) };
  const shaken = { before: shakenOf(networks.before), mended: shakenOf(networks.mended) };
  /** A picture of 28 by 28 with its name above and a frame round the mark's place. */
  const field = (name) => {
    const canvas = element("canvas", { width: SIDE, height: SIDE, role: "img", "aria-label": name }),
      said = element("div", { class: "explorer-quiet explorer-map-name" }, name), share = 100 * CORNER / SIDE;
    const frame = element("div", { class: "explorer-mark", style: `width: ${share}%; height: ${share}%` });
    return { pen: canvas.getContext("2d"), said,
      node: element("div", {}, said, element("div", { class: "explorer-photo pixels" }, canvas, frame)) };
  };
  const shown = field("the picture"), four = METHODS.map(field);
  const bars = kit.panel(210, 74, "how sure of each digit", {});
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
    columns: "minmax(0, 180px) minmax(0, 1fr)",
    legend: [["area", "var(--dot)", "speaks for the class asked about (or: size)"],
      ["area", "var(--line)", "against it"], ["square", "var(--stick)", "the mark's corner"]],
    controls: [[kit.choice("digit", "digit", number), mark], [kit.choice("asked about", "asked", number)],
      [kit.choice("network", "network", { choices: { before: "before", mended: "mended" } })]],
    longest: mapsInWords({ network: "before", digit: 3, marked: true, asked: 8 }, {
      logits: [9, ...new Array(9).fill(0)],
      maps: METHODS.map(() => Float64Array.from({ length: AREA }, (_, pixel) => (inCorner(pixel) ? -1 : 0))) }),
    words: (now) => mapsInWords(now, found),
    draw(now) {
      mark.setAttribute("aria-pressed", String(now.marked));
      const shownBytes = bytes.subarray(now.digit * AREA, (now.digit + 1) * AREA);
      const picture = Float64Array.from(shownBytes, (value) => value / 255);
      if (now.marked) for (let pixel = 0; pixel < CORNER * SIDE; pixel++) {
        if (inCorner(pixel)) picture[pixel] = 1 - (pixel % SIDE + Math.floor(pixel / SIDE)) % 2;
      }
      const net = networks[now.network];
      found = { logits: logitsOf(net, picture), maps: mapsOf(net, picture, now.asked, shaken[now.network]) };
      paint(shown.pen, (pixel) => { const grey = 255 * picture[pixel]; return [grey, grey, grey]; });
      const [paper, pro, contra] = ["--paper", "--dot", "--line"].map((name) => kit.colour(name));
      found.maps.forEach((map, at) => {
        const most = Math.max(1e-12, ...map.map(Math.abs));
        paint(four[at].pen, (pixel) => {
          // By the square root, so that more than the mark can be seen.
          const part = Math.sqrt(Math.abs(map[pixel]) / most), end = map[pixel] < 0 ? contra : pro;
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
