// The explorers of lesson 11. One breeds pictures of digits, by a generator of four plain layers; the other plays the
// game on a ring, both networks learning here.

const SIDE = 14, MOST = 24;

/** The bytes that came as the layers' weights and biases, one Float32Array each. */
function unpacked(sent, sizes) {
  const numbers = numbersOf(sent);
  let from = 0;
  return sizes.map((size) => numbers.subarray(from, from += size.reduce((product, length) => product * length, 1)));
}

/** A dense layer and a ReLU. */
function dense(x, weight, bias) {
  const out = new Float32Array(bias.length);
  for (let to = 0; to < bias.length; to++) {
    let sum = bias[to];
    for (let from = 0, place = to * x.length; from < x.length; from++) sum += weight[place + from] * x[from];
    out[to] = Math.max(sum, 0);
  }
  return out;
}

/** A 3 x 3 convolution over 7 x 7 maps, padded with zeros, and a ReLU. What each input reaches is added, and zeros,
 *  half of all inputs, are left out. */
function convolved(maps, weight, bias) {
  const channels = maps.length / 49, kernels = bias.length, sums = new Float32Array(81 * kernels),
    turned = new Float32Array(kernels * 9);
  for (let from = 0; from < channels; from++) {
    for (let to = 0; to < kernels; to++) for (let kernel = 0; kernel < 9; kernel++) turned[kernel * kernels +
      to] = weight[(to * channels + from) * 9 + kernel];
    for (let place = 0; place < 49; place++) {
      const value = maps[from * 49 + place];
      if (value === 0) continue;
      for (let kernel = 0; kernel < 9; kernel++) {
        const at = (9 * (Math.floor(place / 7) + 2 - Math.floor(kernel / 3)) + place % 7 + 2 - kernel % 3) * kernels,
          row = kernel * kernels;
        for (let to = 0; to < kernels; to++) sums[at + to] += value * turned[row + to];
      }
    }
  }
  const out = new Float32Array(49 * kernels);
  for (let to = 0; to < kernels; to++) for (let place = 0; place < 49; place++) {
    out[to * 49 + place] = Math.max(0, bias[to] +
      sums[(9 * (Math.floor(place / 7) + 1) + place % 7 + 1) * kernels + to]);
  }
  return out;
}

/** A transposed convolution from 7 x 7 maps to one of 14 x 14 (4 x 4 kernels, stride 2), and a sigmoid. */
function enlarged(maps, weight, bias) {
  const out = new Float32Array(SIDE * SIDE).fill(bias[0]);
  for (let from = 0; from < maps.length / 49; from++) for (let place = 0; place < 49; place++) {
    const value = maps[from * 49 + place];
    if (value === 0) continue;
    for (let kernel = 0; kernel < 16; kernel++) {
      const row = 2 * Math.floor(place / 7) - 1 + Math.floor(kernel / 4), column = 2 * (place % 7) - 1 + kernel % 4;
      if (row >= 0 && row < SIDE && column >= 0 && column < SIDE) out[row * SIDE + column] += value * weight[from * 16 +
        kernel];
    }
  }
  return out.map((value) => 1 / (1 + Math.exp(-value)));
}

/** A picture, 196 numbers from 0 to 1; `pictured` in gans.py is the same. */
function pictured(parts, { latent, digit }) {
  const hidden = dense([...latent, ...digit], parts[0], parts[1]);
  return enlarged(convolved(dense(hidden, parts[2], parts[3]), parts[4], parts[5]), parts[6], parts[7]);
}

/** A share of the way along the arc; `slerp` in course/gans.py is the same. */
function slerp(start, end, share) {
  const dot = (a, b) => a.reduce((sum, value, place) => sum + value * b[place], 0);
  const cosine = Math.min(1, Math.max(-1, dot(start, end) / Math.sqrt(dot(start, start) * dot(end, end)))),
    angle = Math.acos(cosine);
  const straight = Math.abs(Math.sin(angle)) < 1e-4;
  const [one, other] = straight ? [1 - share, share]
    : [Math.sin((1 - share) * angle) / Math.sin(angle), Math.sin(share * angle) / Math.sin(angle)];
  return start.map((value, place) => one * value + other * end[place]);
}

/** What a member is made of: a founder's lot, or two parents and what of each. Lots are seeds, so that a family is a
 *  short text. */
function grownUp(family, latents) {
  const grown = [], lot = (seed) => { const normal = normalFrom(seeded(seed));
    return Array.from({ length: latents }, normal); };
  const child = ({ parents, share, mutation, lot: seed }) => {
    const [her, him] = parents.map((parent) => grown[parent]), noise = lot(seed);
    const latent = slerp(her.latent, him.latent, share).map((value, place) => Math.sqrt(1 - mutation ** 2) * value +
      mutation * noise[place]);
    return { latent, digit: her.digit.map((value, place) => (1 - share) * value + share * him.digit[place]) };
  };
  for (const member of family) {
    grown.push(member.parents ? child(member) : { latent: lot(member.lot),
      digit: Array.from({ length: 10 }, (_, digit) => Number(digit === member.digit)) });
  }
  return { grown, child };
}

/** For each member, how many generations came before it. */
function generationsOf(family) {
  const found = [];
  for (const { parents } of family) found.push(parents ? 1 + Math.max(...parents.map((parent) => found[parent])) : 0);
  return found;
}

/** A member in words; `called` in gans.py is the same. */
function calledMember(grown, place) {
  const kinds = grown[place].digit.map((share, digit) => [digit, share]).filter(([, share]) =>
    share > 0.05).map(([digit]) => digit);
  return `number ${place + 1}, ${kinds.length === 1 ? "a pure " : "of "}${kinds.join(" and ")}`;
}

/** The same words as `BreedingExplorer.sentence`. */
function familyInWords({ family, mother, father, share, mutation }, grown) {
  const generations = Math.max(...generationsOf(family)) + 1;
  return `The mother is ${calledMember(grown, mother)}; the father is ${calledMember(grown, father)}. The child lies ${Math.round(100 * share)} % of the way to the father, ` +
    `with a mutation of ${mutation.toFixed(2)}. The family has ${family.length} members in ${counted(generations, "generation")}.`;
}

/** A picture as an address that an image element can show. */
function address(pixels) {
  const canvas = element("canvas", { width: SIDE, height: SIDE }), context = canvas.getContext("2d"),
    image = context.createImageData(SIDE, SIDE);
  pixels.forEach((value, place) => image.data.set([0, 1, 2].map(() => Math.round(255 * value)).concat(255), 4 * place));
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}

const breeding = explorer("Breeding digits", ["family", "mother", "father", "share", "mutation", "lot"], (kit) => {
  const parts = unpacked(kit.get("weights"), kit.get("sizes")), latents = kit.get("sizes")[0][1] - 10;
  const cross = kit.panel(430, 292, "mother, child and father"),
    tree = kit.panel(430, 292, "family tree", { role: "group" });
  let role = "mother", focused = null, grown, born;
  const seen = new Map();  // pictures are computed once, so that a slider waits for one picture and not for ten
  const pictureOf = (member) => {
    const key = member.latent.join() + member.digit.join();
    if (seen.size > 200) seen.clear();
    if (!seen.has(key)) seen.set(key, address(pictured(parts, member)));
    return seen.get(key);
  };

  function drawCross(now) {
    const text = (x, y, words, kind) => shape("text", { class: kind, x, y, "text-anchor": "middle" }, words);
    const framed = (member, x, y, size, name, colour, dashes = null) =>
      [shape("image", { href: pictureOf(member), x, y, width: size, height: size, preserveAspectRatio: "none" }),
      shape("rect", { x, y, width: size, height: size, fill: "none", stroke: colour, "stroke-width": 3,
        "stroke-dasharray": dashes }), text(x + size / 2, y + size + 16 * cross.unit, name, "name")];
    const along = Array.from({ length: 7 }, (_, place) => {
      const x = 8 + place * 59.4, share = place / 6;
      return [shape("image", { href: pictureOf(born({ ...now, parents: [now.mother, now.father], share })), x, y: 200,
        width: 54, height: 54 }), text(x + 27, 254 + 15 * cross.unit, `${Math.round(100 * share)} %`)];
    });
    cross.svg.replaceChildren(...framed(grown[now.mother], 8, 36, 100, `mother, ${now.mother + 1}`, "var(--dot)"),
      ...framed(born({ ...now, parents: [now.mother, now.father] }), 141, 4, 148, "child", "var(--line)"),
      ...framed(grown[now.father], 322, 36, 100, `father, ${now.father + 1}`, "var(--stick)", "6 4"), ...along.flat(),
        shape("path", { d: `M${35 + now.share * 356.4} 196l-6 -8h12z`, fill: "var(--line)" }));
  }

  function drawTree(now) {
    const generations = generationsOf(now.family), rows = Math.max(...generations) + 1,
      longest = Math.max(...generations.map((row) => generations.filter((other) => other === row).length));
    const size = 52, down = 76 + 12 * tree.unit, scale = Math.min(1, 430 / (10 + longest * 66),
      292 / (10 + rows * down)), filled = Array(rows).fill(0),
      places = generations.map((row) => [8 + 66 * filled[row]++, 6 + down * row]);
    const lines = now.family.flatMap(({ parents = [] }, place) => parents.map((parent, which) => shape("line", {
      x1: places[parent][0] + size / 2, y1: places[parent][1] + size + 16 * tree.unit,
        x2: places[place][0] + size / 2 + (which ? 6 : -6), y2: places[place][1],
      stroke: which ? "var(--stick)" : "var(--dot)", "stroke-width": 2, "stroke-dasharray": which ? "6 4" : null,
        opacity: 0.7 })));
    const members = now.family.map((_, place) => {
      const [x, y] = places[place], isMother = place === now.mother, isFather = place === now.father,
        choose = (as) => { focused = place; kit.set({ [as]: place }); };
      return shape("g", { tabindex: 0, role: "button",
        "aria-label": `${calledMember(grown, place)}${isMother ? ", the mother" : ""}${isFather ? ", the father" : ""}`,
        "data-place": place,
        click: () => choose(role), focus: () => { focused = place; }, blur: () => { focused = null; },
        keydown: (event) => {
          const as = { m: "mother", f: "father", Enter: role, " ": role }[event.key];
          if (!as) return;
          event.preventDefault();
          choose(as);
        } },
        shape("image", { href: pictureOf(grown[place]), x, y, width: size, height: size }),
        shape("rect", { x, y, width: size, height: size, fill: "transparent",
          stroke: isMother ? "var(--dot)" : isFather ? "var(--stick)" : "var(--edge)",
          "stroke-width": isMother || isFather ? 4 : 1, "stroke-dasharray": isFather && !isMother ? "6 4" : null }),
        shape("rect", { class: "ring", x: x - 4, y: y - 4, width: size + 8, height: size + 8 }),
        shape("text", { x: x + size / 2, y: y + size + 13 * tree.unit, "text-anchor": "middle" },
          `${place + 1}${isMother ? " \u2640" : ""}${isFather ? " \u2642" : ""}`));
    });
    const back = focused;
    tree.svg.replaceChildren(shape("g", { transform: `scale(${scale})` }, ...lines, ...members));
    if (back !== null) tree.querySelector(`[data-place="${back}"]`)?.focus({ preventScroll: true });
  }

  const picks = choice("a click in the family chooses the", { mother: "mother", father: "father" }, role,
    (value) => { role = value; }), another = () => Math.floor(Math.random() * 1e6);
  const keep = kit.button("Keep the child", () => {
    const { family, mother, father, share, mutation, lot } = kit.now();
    if (family.length < MOST) kit.set({ family: [...family, { parents: [mother, father], share, mutation, lot }],
      lot: another() });
  }, "first");
  const forget = kit.button("Forget the last", () => {
    const { family, mother, father } = kit.now(), last = family.length - 1;
    if (family[last].parents) kit.set({ mother: mother === last ? 0 : mother, father: father === last ? 1 : father,
      family: family.slice(0, last) });
  });
  return {
    panels: [cross, tree],
    legend: [["line", "var(--dot)", "mother"], ["dashed", "var(--stick)", "father"], ["line", "var(--line)", "child"]],
    controls: [[kit.slider("towards the father", "share",
      { min: 0, max: 1, step: 0.05, text: (value) => `${Math.round(100 * value)} %` }),
      kit.slider("mutation", "mutation", { min: 0, max: 1, step: 0.05, text: (value) => value.toFixed(2) }),
      kit.button("Mutate", () => kit.set({ lot: another(), mutation: kit.get("mutation") || 0.4 }))],
        [keep, forget, picks]],
    longest: "The mother is number 10, of 3 and 8 and 10; the father is number 12, of 3 and 8 and 6. The child lies 100 % of the way to the father, with a mutation of 0.55. The family has 24 members in 10 generations.",
    facts: ({ family }) => ({ members: family.length, generations: Math.max(...generationsOf(family)) + 1 }),
    words: (now) => familyInWords(now, grown),
    draw(now) {
      ({ grown, child: born } = grownUp(now.family, latents));
      keep.disabled = now.family.length >= MOST;
      forget.disabled = !now.family.at(-1).parents;
      drawCross(now);
      drawTree(now);
    },
  };
});

// The game on a ring of piles. Both networks are three dense layers; what they learn is worked out by hand, below.

const LATENTS = 4, WIDE = 32, BATCH = 64, WATCHED = 400, GRID = 36, EDGE = 2.9, MOST_ROUNDS = 5000,
  ROUNDS = { slow: 3, medium: 30, fast: 240 };
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), squashed = (x) => 1 / (1 + Math.exp(-x)),
  meanOf = (numbers) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

/** Dense layers with leaky ReLUs between them. Rows of inputs lie one after the other; forward keeps what backward
 *  needs. */
function denseNetwork(sizes, chance, leak) {
  const layers = sizes.slice(1).map((wide, at) => {
    const into = sizes[at], drawn = (count) => Float64Array.from({ length: count },
      () => (2 * chance() - 1) / Math.sqrt(into));
    return { into, wide, last: at === sizes.length - 2,
      parts: [drawn(wide * into), drawn(wide)].map((values) =>
      ({ values, slope: new Float64Array(values.length), mean: new Float64Array(values.length),
      square: new Float64Array(values.length) })) };
  });
  let steps = 0;

  /** The outputs, (rows, wide) flat. */
  function forward(inputs, rows) {
    for (const layer of layers) {
      const { into, wide, last, parts: [{ values: weights }, { values: biases }] } = layer,
        out = new Float64Array(rows * wide), slopes = new Float64Array(rows * wide).fill(1);
      for (let row = 0; row < rows; row++) {
        for (let to = 0; to < wide; to++) {
          const base = to * into, start = row * into;
          let sum = biases[to];
          for (let from = 0; from < into; from++) sum += weights[base + from] * inputs[start + from];
          const at = row * wide + to;
          if (!last && sum < 0) slopes[at] = leak;
          out[at] = sum * slopes[at];
        }
      }
      Object.assign(layer, { inputs, slopes });
      inputs = out;
    }
    return inputs;
  }

  /** From the loss's gradient by the outputs to that by the inputs; where the network learns, its weights' gradients
   *  are added up on the way. */
  function backward(blame, rows, learns = true) {
    for (const layer of [...layers].reverse()) {
      const { into, wide, inputs, slopes, parts: [{ values: weights, slope: byWeight }, { slope: byBias }] } = layer,
        below = new Float64Array(rows * into);
      for (let row = 0; row < rows; row++) {
        for (let to = 0; to < wide; to++) {
          const part = blame[row * wide + to] *= slopes[row * wide + to];
          if (part === 0) continue;
          const base = to * into, start = row * into;
          for (let from = 0; from < into; from++) below[start + from] += part * weights[base + from];
          if (!learns) continue;
          byBias[to] += part;
          for (let from = 0; from < into; from++) byWeight[base + from] += part * inputs[start + from];
        }
      }
      layer.blame = blame;
      blame = below;
    }
    return blame;
  }

  /** After backward(ones): adds the gradient of `weight` times the squared slopes, summed. Between its bends the
   *  network is linear, so the slope passes through once more. */
  function steepness(slopes, rows, weight) {
    let along = slopes;
    for (const { into, wide, blame, slopes: bends, parts: [{ values: weights, slope: byWeight }] } of layers) {
      const next = new Float64Array(rows * wide);
      for (let row = 0; row < rows; row++) {
        for (let to = 0; to < wide; to++) {
          const base = to * into, start = row * into, factor = 2 * weight * blame[row * wide + to];
          let sum = 0;
          for (let from = 0; from < into; from++) {
            byWeight[base + from] += factor * along[start + from];
            sum += weights[base + from] * along[start + from];
          }
          next[row * wide + to] = bends[row * wide + to] * sum;
        }
      }
      along = next;
    }
  }

  /** One step of Adam down what was added up, with the lesson's betas. */
  function step(rate) {
    steps += 1;
    for (const { values, slope, mean, square } of layers.flatMap((layer) => layer.parts)) {
      for (let at = 0; at < values.length; at++) {
        mean[at] = 0.5 * mean[at] + 0.5 * slope[at];
        square[at] = 0.99 * square[at] + 0.01 * slope[at] ** 2;
        values[at] -= rate * (mean[at] / (1 - 0.5 ** steps)) / (Math.sqrt(square[at] / (1 - 0.99 ** steps)) + 1e-8);
      }
      slope.fill(0);
    }
  }
  return { layers, forward, backward, steepness, step };
}

/** The game: real dots in piles on a ring, a generator that never sees one, and a discriminator between them. The same
 *  seed plays the same game. */
function gameOf({ piles, r1, learning_rate, seed }) {
  const chance = seeded(seed), normal = normalFrom(chance),
    generator = denseNetwork([LATENTS, WIDE, WIDE, 2], chance, 0),
    discriminator = denseNetwork([2, WIDE, WIDE, 1], chance, 0.2);
  const centres = Array.from({ length: piles },
    (_, pile) => [2 * Math.cos(2 * Math.PI * pile / piles), 2 * Math.sin(2 * Math.PI * pile / piles)]);
  const latents = (rows) => Float64Array.from({ length: rows * LATENTS }, normal);
  const real = (rows) => Float64Array.from(Array.from({ length: rows },
    () => centres[Math.floor(chance() * piles)].map((place) => place + 0.1 * normal())).flat());
  const watched = latents(WATCHED), shown = real(WATCHED);
  let rounds = 0;

  /** The discriminator learns from a batch, then the generator from what it says now. Returns both losses. */
  function round() {
    const truth = real(BATCH), noise = latents(BATCH), fake = generator.forward(noise, BATCH),
      ones = new Float64Array(BATCH).fill(1);
    const onReal = discriminator.forward(truth, BATCH);
    if (r1) discriminator.steepness(discriminator.backward(ones, BATCH, false), BATCH, r1 / 2 / BATCH);
    discriminator.backward(onReal.map((logit) => -squashed(-logit) / BATCH), BATCH);
    const onFake = discriminator.forward(fake, BATCH);
    discriminator.backward(onFake.map((logit) => squashed(logit) / BATCH), BATCH);
    discriminator.step(learning_rate);
    const now = discriminator.forward(fake, BATCH);
    generator.backward(discriminator.backward(now.map((logit) => -squashed(-logit) / BATCH), BATCH, false), BATCH);
    generator.step(learning_rate);
    rounds += 1;
    return [meanOf([...onReal].map((logit) => softplus(-logit))) + meanOf([...onFake].map(softplus)),
      meanOf([...now].map((logit) => softplus(-logit)))];
  }

  /** The generator's dots now, and which way the discriminator's opinion pulls each. */
  function look() {
    const fake = generator.forward(watched, WATCHED), logits = discriminator.forward(fake, WATCHED),
      pull = discriminator.backward(logits.map((logit) => squashed(-logit)), WATCHED, false),
      served = Array(piles).fill(0);
    for (let row = 0; row < WATCHED; row++) {
      const far = centres.map(([x, y]) => Math.hypot(fake[2 * row] - x, fake[2 * row + 1] - y)),
        nearest = far.indexOf(Math.min(...far));
      if (far[nearest] <= 0.35) served[nearest] += 1;
    }
    // A pile is served that a quarter of its share of the dots lies on.
    return { fake, pull, served: served.filter((count) => count >= WATCHED / piles / 4).length };
  }
  return { round, look, shown, centres, opinion: (places) => discriminator.forward(places, places.length / 2),
    rounds: () => rounds, generator, discriminator };
}

/** The same words as `RingExplorer.sentence`. */
function gameInWords({ piles, steps, served, judged, fooled }) {
  if (steps === 0) return `Nobody has learned anything yet: the generator's dots lie in one heap, and it serves ${served} of ${counted(piles, "pile")}.`;
  return `After ${counted(steps, "step")} the generator serves ${served} of ${counted(piles, "pile")}; the discriminator pays ${figureOf(judged)} and the generator ${figureOf(fooled)}.`;
}

const ringGame = explorer("Two networks play on a ring", ["piles", "r1", "learning_rate", "speed", "seed"], (kit) => {
  const canvas = element("canvas", { width: 860, height: 640, "aria-hidden": "true" }), pen = canvas.getContext("2d");
  const map = kit.panel(430, 320, "real dots, the generator's dots, and what the discriminator thinks of every place",
    { inside: [canvas] }), curve = kit.panel(430, 320, "what both networks pay, step by step");
  let game, losses, seen, made = "", owed = 0;
  function begin(now) {
    const asked = JSON.stringify([now.piles, now.r1, now.learning_rate, now.seed]);
    if (asked === made) return;
    made = asked;
    motor.stop();
    [game, losses] = [gameOf(now), []];
    tell();
  }
  function tell() {
    seen = game.look();
    const [judged, fooled] = losses.at(-1) ?? [2 * Math.log(2), Math.log(2)];
    kit.set({ steps: game.rounds(), served: seen.served, judged, fooled });
    kit.redraw();
  }
  const play = (rounds) => { for (let round = 0; round < rounds
    && game.rounds() < MOST_ROUNDS; round++) losses.push(game.round()); };
  const motor = clockwork((elapsed) => {
    owed = Math.min(1000, owed + elapsed / 1000 * ROUNDS[kit.get("speed")]);
    const until = performance.now() + 14;  // as many as a frame has time for
    while (owed >= 1 && performance.now() < until) { play(1); owed -= 1; }
    owed = Math.min(owed, 2);
    seen = game.look();
    kit.redraw();
    return game.rounds() < MOST_ROUNDS;
  }, () => {
    go.textContent = motor.running() ? "Pause" : "Play";
    if (!motor.running() && game) tell();
  });
  const go = kit.button("Play", () => {
    if (motor.running()) { motor.stop(); return; }
    begin(kit.now());
    if (game.rounds() >= MOST_ROUNDS) { made = ""; begin(kit.now()); }
    if (movesLittle()) { play(300); tell(); } else motor.run();
  }, "first");

  function drawMap() {
    const { x, y, axes, left, top, right, bottom } = chart(map, [-EDGE * 1.25, EDGE * 1.25], [-EDGE, EDGE], ["x", "y"],
      { margin: [6, 10, 40, 40] });
    const places = new Float64Array(2 * GRID * GRID), paper = kit.colour("--paper"),
      half = (name) => kit.colour(name).map((part, channel) => 0.55 * part + 0.45 * paper[channel]);
    for (let at = 0; at < GRID * GRID; at++) [places[2 * at],
      places[2 * at + 1]] = [x.back(left + (at % GRID + 0.5) / GRID * (right - left)),
      y.back(top + (Math.floor(at / GRID) + 0.5) / GRID * (bottom - top))];
    const logits = game.opinion(places), surest = Math.max(0.2, ...logits.map(Math.abs)),
      [clip, clipped] = clipOf({ left, right, top, bottom });
    pen.clearRect(0, 0, 860, 640);
    paintField(pen, [2 * left, 2 * top, 2 * (right - left), 2 * (bottom - top)], GRID,
      (at) => 0.5 + logits[at] / surest / 2, [half("--stick"), paper, half("--dot")]);
    const dots = (list) => Array.from({ length: list.length / 2 },
      (_, row) => `M${x(list[2 * row]).toFixed(1)} ${y(list[2 * row + 1]).toFixed(1)}h0`).join("");
    // The longest arrow is as long at every step: what counts is which way, and who is pulled more than others.
    const pulled = Array.from({ length: 80 }, (_, row) =>
      [seen.fake[2 * row], seen.fake[2 * row + 1], seen.pull[2 * row], seen.pull[2 * row + 1]]),
      hardest = Math.max(1e-3, ...pulled.map(([, , px, py]) => Math.hypot(px, py)));
    const pulls = pulled.map(([fx, fy, px, py]) => {
      const size = Math.hypot(px, py) || 1e-9, length = 40 * size / hardest, [dx, dy] = [px / size, -py / size],
        [ex, ey] = [x(fx) + dx * length, y(fy) + dy * length],
        barb = (side) => [ex - 5 * dx - side * 3 * dy, ey - 5 * dy + side * 3 * dx];
      return length < 4 ? "" : through([[x(fx), y(fy)], [ex, ey]]) + through([barb(1), [ex, ey], barb(-1)]);
    }).join("");
    map.svg.replaceChildren(shape("defs", {}, clip), axes,
      shape("g", clipped, shape("path", { d: dots(game.shown), stroke: "var(--dot)", "stroke-width": 4,
      "stroke-linecap": "round", opacity: 0.75 }),
      shape("path", { d: dots(seen.fake), stroke: "var(--line)", "stroke-width": 3.6, "stroke-linecap": "square" }),
        shape("path", { d: pulls, stroke: "var(--ink)", "stroke-width": 1.3, fill: "none" })));
  }
  function drawCurve() {
    const most = Math.max(2.2, ...losses.slice(-4000).flat().filter((_, at) => at % 7 === 0)),
      { x, y, axes, right, left, top, bottom } = chart(curve, [0, Math.max(100, losses.length)], [0, most],
      ["step", "loss, nats"]), stride = Math.ceil(losses.length / 300);
    const [clip, clipped] = clipOf({ left, right, top, bottom });
    const line = (which, how) => shape("path", { d: through(losses.flatMap((pair, at) =>
      (at % stride === 0 ? [[x(at), y(pair[which])]] : []))), fill: "none", "stroke-width": 1.8, ...how });
    const even = (height) => shape("path", { class: "axis", d: `M${left} ${y(height)}H${right}`,
      "stroke-dasharray": "2 3" });
    curve.svg.replaceChildren(shape("defs", {}, clip), axes, even(2 * Math.log(2)), even(Math.log(2)),
      shape("g", clipped, line(0, { stroke: "var(--dot)" }),
      line(1, { stroke: "var(--line)", "stroke-dasharray": "6 3" })));
  }
  return {
    panels: [map, curve], stop: () => motor.stop(), again: () => { made = ""; },
    legend: [["dot", "var(--dot)", "real"], ["square", "var(--line)", "the generator's"],
      ["area", "var(--dot)", "the discriminator takes it for real"], ["area", "var(--stick)", "for fake"],
      ["line", "var(--ink)", "which way that pulls a dot"],
      ["line", "var(--dot)", "discriminator's loss"], ["dashed", "var(--line)", "generator's"]],
    controls: [[kit.slider("piles", "piles", { min: 1, max: 8, step: 1, text: String }),
      kit.slider("R1 penalty", "r1", { min: 0, max: 4, step: 0.25, text: figureOf }),
      kit.slider("learning rate", "learning_rate", { min: -4, max: -1.5, step: "any", to: Math.log10,
        from: (value) => Number((10 ** value).toPrecision(2)),
        text: (value) => String(Number((10 ** value).toPrecision(2))) })],
    [go, kit.button("One step", () => { motor.stop(); begin(kit.now()); play(1); tell(); }),
      kit.button("New start", () => kit.set({ seed: kit.get("seed") + 1 })),
      kit.choice("speed", "speed", { choices: { slow: "slow", medium: "medium", fast: "fast" } })]],
    longest: gameInWords({ piles: 8, steps: 5000, served: 8, judged: 1.234, fooled: 1.234 }),
    facts: ({ piles }) => ({ steps: game.rounds().toLocaleString("en"), "piles served": `${seen.served} of ${piles}`,
      "discriminator pays": figureOf(losses.at(-1)?.[0] ?? 2 * Math.log(2)),
      "generator pays": figureOf(losses.at(-1)?.[1] ?? Math.log(2)) }),
    words: ({ piles }) => gameInWords({ piles, steps: game.rounds(), served: seen.served, judged: losses.at(-1)?.[0],
      fooled: losses.at(-1)?.[1] }),
    draw(now) {
      begin(now);
      drawMap();
      drawCurve();
    },
  };
});
