// The explorer of lesson 12: a digit attacked in the browser. Two small networks, the gradient of the loss by the pixels,
// and projected steps along its sign; `pgd` and `input_gradient` of course/adversaries.py are the same.

const SIDE = 28, WIDTH = 8, KINDS = ["ordinary", "hardened"];

/** Numbers in half precision, as bytes, from the lowest on. */
function halvesOf(bytes) {
  return Float64Array.from(new Uint16Array(bytes.slice().buffer), (word) => {
    const power = (word >> 10) & 31, part = word & 1023;
    return (word & 32768 ? -1 : 1) * (power ? 2 ** (power - 15) * (1 + part / 1024) : 2 ** -24 * part);
  });
}

/** Each pair of places that a 3 by 3 convolution of stride 2 with a border of zeros joins: told of one map of side x
 *  side, as join(where in it, where in the answer, which of the nine weights). */
function joined(side, join) {
  const half = side / 2;
  for (let row = 0; row < half; row++) {
    for (let column = 0; column < half; column++) {
      for (let weight = 0; weight < 9; weight++) {
        const down = 2 * row + Math.floor(weight / 3) - 1, across = 2 * column + weight % 3 - 1;
        if (down >= 0 && across >= 0 && down < side && across < side) join(down * side + across, row * half + column, weight);
      }
    }
  }
}

/** Such a convolution as a list of pairs, worked out once: forward, and what its answer's gradient is by its input. */
function convolution(side, from, to, kernels, bias) {
  const pairs = [];
  joined(side, (...pair) => pairs.push(...pair));
  const area = side * side, small = area / 4, list = Int32Array.from(pairs);
  return {
    forward(maps) {
      const answer = new Float64Array(to * small);
      for (let kernel = 0; kernel < to; kernel++) {
        answer.fill(bias[kernel], kernel * small, (kernel + 1) * small);
        for (let channel = 0; channel < from; channel++) {
          const first = (kernel * from + channel) * 9, came = channel * area, goes = kernel * small;
          for (let at = 0; at < list.length; at += 3) answer[goes + list[at + 1]] += kernels[first + list[at + 2]] * maps[came + list[at]];
        }
      }
      return answer;
    },
    backward(slopes) {
      const answer = new Float64Array(from * area);
      for (let kernel = 0; kernel < to; kernel++) {
        for (let channel = 0; channel < from; channel++) {
          const first = (kernel * from + channel) * 9, came = channel * area, goes = kernel * small;
          for (let at = 0; at < list.length; at += 3) answer[came + list[at]] += kernels[first + list[at + 2]] * slopes[goes + list[at + 1]];
        }
      }
      return answer;
    },
  };
}

const relu = (values) => values.map((value) => Math.max(0, value));

/** A network from its numbers: the probabilities of a picture's ten classes, and the gradient of the loss by its pixels. */
function networkOf(numbers) {
  let at = 0;
  const take = (count) => numbers.subarray(at, at += count), wide = 2 * WIDTH, inputs = wide * SIDE * SIDE / 16;
  const first = convolution(SIDE, 1, WIDTH, take(9 * WIDTH), take(WIDTH));
  const second = convolution(SIDE / 2, WIDTH, wide, take(9 * WIDTH * wide), take(wide));
  const head = take(10 * inputs), bias = take(10);
  function look(picture) {
    const before = first.forward(picture), between = second.forward(relu(before)), seen = relu(between);
    const logits = Array.from(bias, (start, digit) => {
      let sum = start;
      for (let place = 0; place < inputs; place++) sum += head[digit * inputs + place] * seen[place];
      return sum;
    });
    const powers = logits.map((logit) => Math.exp(logit - Math.max(...logits))), sum = powers.reduce((one, other) => one + other);
    return { before, between, shares: powers.map((power) => power / sum) };
  }
  return {
    shares: (picture) => look(picture).shares,
    gradient(picture, right) {
      const { before, between, shares } = look(picture), behind = new Float64Array(inputs);
      shares.forEach((share, digit) => {
        const surprise = share - (digit === right ? 1 : 0);
        for (let place = 0; place < inputs; place++) behind[place] += surprise * head[digit * inputs + place];
      });
      const under = second.backward(behind.map((slope, place) => (between[place] > 0 ? slope : 0)));
      return first.backward(under.map((slope, place) => (before[place] > 0 ? slope : 0)));
    },
  };
}

const within = (value, low, high) => Math.min(Math.max(value, low), high);

/** The digit after so many steps of the attack; `AttackExplorer.pictures` is the same. */
function attacked(network, came, right, epsilon, steps) {
  const step = steps === 1 ? epsilon : 1.25 * epsilon / steps;
  let moved = came;
  for (let turn = 0; turn < steps; turn++) {
    const slopes = network.gradient(moved, right);
    moved = moved.map((pixel, place) =>
      within(came[place] + within(pixel + step * Math.sign(slopes[place]) - came[place], -epsilon, epsilon), 0, 1));
  }
  return moved;
}

const bestOf = (shares) => shares.indexOf(Math.max(...shares));

/** The same words as `AttackExplorer.sentence`. */
function attackInWords({ network, epsilon, steps }, read) {
  const [came, moved, noise] = read.map((shares) => `${bestOf(shares) === 8 ? "an" : "a"} ${bestOf(shares)} with ${(100 * Math.max(...shares)).toFixed(0)} %`);
  if (epsilon === 0) return `As it came, the ${network} network reads ${came}. Epsilon is 0: nothing may change.`;
  const how = steps === 1 ? "one step" : `${steps} steps`;
  return `The ${network} network reads ${came} in the digit as it came. After ${how} of the attack, no pixel further than ` +
    `${epsilon.toFixed(2)}, it reads ${moved}; with as much random noise, ${noise}.`;
}

const NAMES = ["as it came", "attacked", "random noise"], COLOURS = ["var(--dot)", "var(--line)", "var(--stick)"];

export default explorer("A digit under attack", ["digit", "epsilon", "steps", "network"], (kit) => {
  const numbers = halvesOf(bytesOf(kit.get("weights"))), half = numbers.length / 2;
  const networks = Object.fromEntries(KINDS.map((kind, place) => [kind, networkOf(numbers.subarray(place * half, (place + 1) * half))]));
  const bytes = bytesOf(kit.get("pixels")), chance = seeded(12);
  const digits = Array.from({ length: 10 }, (_, digit) =>
    Float64Array.from(bytes.subarray(digit * SIDE * SIDE, (digit + 1) * SIDE * SIDE), (value) => value / 255));
  const coins = Array.from({ length: SIDE * SIDE }, () => (chance() < 0.5 ? 1 : -1));
  let shown = { of: null };

  /** The three pictures of a state and what the network reads in each; of the same state they are not worked out twice. */
  const looked = (now) => {
    const text = JSON.stringify(now);
    if (shown.of !== text) {
      const { digit, epsilon, steps } = now, network = networks[now.network], came = digits[digit];
      const pictures = [came, attacked(network, came, digit, epsilon, steps),
        came.map((pixel, place) => within(pixel + epsilon * coins[place], 0, 1))];
      shown = { of: text, pictures, read: pictures.map((picture) => network.shares(picture)) };
      kit.model.attack = shown;
    }
    return shown;
  };

  const frames = [...NAMES, "the attack, enlarged", "the noise, enlarged"].map((name) => {
    const canvas = element("canvas", { width: SIDE, height: SIDE, role: "img", "aria-label": name });
    return { canvas, pen: canvas.getContext("2d"), node: element("div", {}, element("div", { class: "explorer-photo pixels" }, canvas),
      element("div", { class: "explorer-quiet" }, name)) };
  });
  const paint = ({ pen }, bright) => {
    const image = pen.createImageData(SIDE, SIDE);
    for (let place = 0; place < SIDE * SIDE; place++) image.data.set([...Array(3).fill(255 * bright(place) + 0.5), 255], 4 * place);
    pen.putImageData(image, 0, 0);
  };
  const bars = kit.panel(420, 360, "the probability of each digit"), grow = shape("g");
  bars.svg.append(grow);
  return {
    panels: [element("div", { style: "display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 6px 10px" },
      ...frames.map(({ node }) => node)), bars],
    columns: "minmax(0, 6fr) minmax(0, 5fr)",
    legend: NAMES.map((name, place) => ["area", COLOURS[place], `${name}${[", the left bar", ", the middle bar", ", the right bar"][place]}`]),
    controls: [[kit.slider("epsilon", "epsilon", { min: 0, max: 0.3, step: 0.01, text: (value) => value.toFixed(2) }),
      kit.choice("steps", "steps", { choices: { 1: "1", 5: "5", 20: "20" }, from: Number }),
      kit.choice("network", "network", { choices: { ordinary: "ordinary", hardened: "hardened" } })],
    [kit.choice("digit", "digit", { choices: Object.fromEntries(digits.map((_, digit) => [digit, String(digit)])), from: Number })]],
    longest: attackInWords({ network: "ordinary", epsilon: 0.25, steps: 20 }, Array(3).fill([1])),
    facts: (now) => Object.fromEntries(looked(now).read.map((shares, place) => [NAMES[place], bestOf(shares)])),
    words: (now) => attackInWords(now, looked(now).read),
    draw(now) {
      const { pictures, read } = looked(now), { unit, width, height } = bars, floor = height - 22 * unit;
      pictures.forEach((picture, place) => {
        paint(frames[place], (at) => picture[at]);
        frames[place].canvas.setAttribute("aria-label", `${NAMES[place]}: read as a ${bestOf(read[place])}`);
      });
      [1, 2].forEach((place) => paint(frames[place + 2], (at) =>
        0.5 + (now.epsilon ? (pictures[place][at] - pictures[0][at]) / now.epsilon / 2 : 0)));
      const gap = (width - 10) / 10, high = floor - 18 * unit;
      grow.replaceChildren(shape("line", { class: "axis", x1: 5, x2: width - 5, y1: floor, y2: floor }),
        ...Array.from({ length: 10 }, (_, digit) => shape("g", {},
          ...read.map((shares, place) => shape("rect", { x: 5 + gap * (digit + 0.14 + 0.25 * place), width: gap * 0.21,
            y: floor - high * shares[digit], height: high * shares[digit], fill: COLOURS[place] })),
          shape("text", { class: digit === now.digit ? "name" : null, x: 5 + gap * (digit + 0.5), y: floor + 16 * unit, "text-anchor": "middle" },
            digit === now.digit ? `[${digit}]` : String(digit)),
          ...(read[1][digit] >= 0.02 ? [shape("text", { x: 5 + gap * (digit + 0.5), y: floor - high * Math.max(...read.map((shares) => shares[digit])) - 4,
            "text-anchor": "middle" }, `${(100 * read[1][digit]).toFixed(0)} %`)] : []))));
      bars.svg.setAttribute("aria-label", `the probability of each digit, in per cent: ${NAMES.map((name, place) =>
        `${name}: ${read[place].map((share, digit) => `${digit} ${(100 * share).toFixed(0)}`).join(", ")}`).join("; ")}`);
    },
  };
});
