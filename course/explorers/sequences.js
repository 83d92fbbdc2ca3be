// The explorer of lesson 17: a small transformer computed in the browser, and where its heads look. `lookOf` is
// `Small.look` of sequences.py.

const WIDTH = 64, HEADS = 4, LAYERS = 2, PART = WIDTH / HEADS, SIGNS = "+0123456789=",
  LONGEST = { sums: 11, plays: 30 };

/** Numbers in half precision, as bytes, from the lowest on. */
function halvesOf(bytes) {
  const words = new Uint16Array(bytes.slice().buffer);
  return Float64Array.from(words, (word) => {
    const power = (word >> 10) & 31, part = word & 1023;
    return (word & 32768 ? -1 : 1) * (power ? 2 ** (power - 15) * (1 + part / 1024) : 2 ** -24 * part);
  });
}

/** A network's numbers, in the order of `Transformer.parameters`. */
function networkOf(numbers, vocabulary) {
  let at = 0;
  const take = (count) => numbers.subarray(at, at += count), twice = (make) => Array.from({ length: LAYERS }, make);
  const fixed = LAYERS * (12 * WIDTH * WIDTH + 9 * WIDTH) + 2 * vocabulary * WIDTH + vocabulary;
  return { vocabulary, symbols: take(vocabulary * WIDTH), places: take(numbers.length - fixed),
    attentions: twice(() => [[take(3 * WIDTH * WIDTH), take(3 * WIDTH)], [take(WIDTH * WIDTH), take(WIDTH)]]),
    feeds: twice(() => [[take(4 * WIDTH * WIDTH), take(4 * WIDTH)], [take(4 * WIDTH * WIDTH), take(WIDTH)]]),
    head: [take(vocabulary * WIDTH), take(vocabulary)] };
}

/** A linear layer: its weights, a row for each number that comes out, and its shifts. */
const linear = ([weights, shifts], given) => Float64Array.from(shifts, (shift, row) => {
  let sum = shift;
  for (let at = 0, place = row * given.length; at < given.length; at++, place++) sum += weights[place] * given[at];
  return sum;
});

/** Layer norm without weights. */
function normed(stream) {
  const mean = stream.reduce((sum, value) => sum + value, 0) / stream.length;
  const spread = stream.reduce((sum, value) => sum + (value - mean) ** 2, 0) / stream.length;
  return stream.map((value) => (value - mean) / Math.sqrt(spread + 1e-5));
}

function softmax(scores) {
  const most = Math.max(...scores), powers = scores.map((score) => Math.exp(score - most));
  const all = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / all);
}

const sumOf = (one, other) => one.map((value, at) => value + other[at]);

/** Where each head looks from each place, [head][place][looked at], and what comes next, [place][symbol]. */
function lookOf(net, tokens) {
  let streams = tokens.map((token, place) => sumOf(net.symbols.subarray(token * WIDTH, (token + 1) * WIDTH),
    net.places.subarray(place * WIDTH, (place + 1) * WIDTH)));
  const weights = [];
  for (let layer = 0; layer < LAYERS; layer++) {
    const [inputs, output] = net.attentions[layer], [wide, narrow] = net.feeds[layer];
    const made = streams.map((stream) => linear(inputs, normed(stream)));
    const found = tokens.map(() => new Float64Array(WIDTH));
    for (let head = 0; head < HEADS; head++) {
      weights.push(made.map((own, place) => {
        const scores = made.slice(0, place + 1).map((other) => {
          let score = 0;
          for (let at = head * PART; at < (head + 1) * PART; at++) score += own[at] * other[WIDTH + at];
          return score / Math.sqrt(PART);
        });
        const row = softmax(scores);
        row.forEach((weight, looked) => {
          for (let at = head * PART; at < (head + 1) * PART; at++) {
            found[place][at] += weight * made[looked][2 * WIDTH + at];
          }
        });
        return row;
      }));
    }
    streams = streams.map((stream, place) => sumOf(stream, linear(output, found[place])));
    streams = streams.map((stream) => sumOf(stream, linear(narrow, linear(wide, normed(stream)).map((value) =>
      Math.max(0, value)))));
  }
  return { weights, likely: streams.map((stream) => softmax(Array.from(linear(net.head, normed(stream))))) };
}

/** All that is shown of what was typed, looking from a place, or from the last where there are fewer. */
function lookAt(net, known, network, typed, place) {
  const kept = [...typed].filter((sign) => known.includes(sign)).join("");
  const text = kept.slice(-LONGEST[network]) || (network === "sums" ? "0" : "\n"), from = Math.min(place, text.length - 1);
  const { weights, likely } = lookOf(net, [...text].map((sign) => known.indexOf(sign)));
  return { text, known, place: from, dropped: [...typed].length - kept.length, rows: weights.map((head) => head[from]),
    likely: likely[from] };
}

const percent = (share) => `${Math.floor(100 * share + 0.5)} %`;
const shownAs = (symbol) => ({ "\n": "line's end", " ": "space" })[symbol] ?? `\u201c${symbol}\u201d`;
const drawnAs = (symbol) => ({ "\n": "\u21b5", " ": "\u2423" })[symbol] ?? symbol;
const bestOf = (row) => row.indexOf(Math.max(...row));

/** The same words as `SequencesExplorer.sentence`. */
function looksInWords({ text, place, rows, likely, known, dropped }) {
  const parts = Array.from({ length: LAYERS }, (_, layer) => {
    const own = rows.slice(layer * HEADS, (layer + 1) * HEADS), head = bestOf(own.map((row) => Math.max(...row)));
    const best = bestOf(own[head]);
    return `of layer ${layer + 1} head ${head + 1} looks most at one place, at ${shownAs(text[best])}, symbol ${best + 1} `
      + `(${percent(own[head][best])})`;
  });
  const following = bestOf(likely);
  const leftOut = dropped ? ` (${counted(dropped, "symbol")} that it does not know left out.)` : "";
  return `From symbol ${place + 1}, ${shownAs(text[place])}, ${parts.join("; ")}. Next, the network says, comes `
    + `${shownAs(known[following])}; it is ${percent(likely[following])} sure.${leftOut}`;
}

export default explorer("Where the heads look", ["network", "sum", "line", "place"], (kit) => {
  const alphabets = { sums: SIGNS, plays: kit.get("letters") };
  const networks = { sums: networkOf(halvesOf(bytesOf(kit.get("adds"))), SIGNS.length),
    plays: networkOf(halvesOf(bytesOf(kit.get("reads"))), alphabets.plays.length) };
  const grid = kit.panel(640, 380, "how much each head takes from each symbol", { flat: [640, 300] });
  const bars = kit.panel(640, 380, "what comes next, and how likely", { flat: [640, 300] });
  let last = "", seen = null;

  /** All that is shown, worked out once for a text. */
  function looked({ network, sum, line, place }) {
    const typed = network === "sums" ? sum : line, key = JSON.stringify([network, typed, place]);
    if (last !== key) seen = lookAt(networks[network], alphabets[network], network, typed, place);
    last = key;
    return seen;
  }

  const input = element("input", { type: "text", spellcheck: "false", autocomplete: "off", "aria-label": "the text",
    style: "font-family: monospace; width: 17em; max-width: 100%",
    input: () => {
      const trait = kit.get("network") === "sums" ? "sum" : "line";
      kit.set({ [trait]: input.value, place: Math.min(60, Math.max(0, input.value.length - 1)) });
      kit.redraw();
    } });

  function draw(now) {
    const found = looked(now), { text, place, rows } = found, { unit, width } = grid;
    const typed = now.network === "sums" ? now.sum : now.line;
    if (input.value !== typed) input.value = typed;
    const left = 46 * unit, top = 34 * unit, wide = Math.min(44 * unit, (width - left - 6) / text.length),
      high = (grid.height - top - 14 * unit) / rows.length;
    const parts = [];
    [...text].forEach((sign, at) => {
      const x = left + at * wide;
      parts.push(shape("text", { x: x + wide / 2, y: top - 10 * unit, "text-anchor": "middle", "font-family": "monospace",
        style: `font-size: ${Math.min(18 * unit, wide * 1.3)}px; font-weight: ${at === place ? 700 : 400}` },
        drawnAs(sign)));
    });
    rows.forEach((row, head) => {
      const gap = head >= HEADS ? 8 * unit : 0, y = top + head * high + gap;
      parts.push(shape("text", { x: left - 8 * unit, y: y + high * 0.68, "text-anchor": "end" },
        `${Math.floor(head / HEADS) + 1}.${head % HEADS + 1}`));
      [...text].forEach((_, at) => {
        const weight = row[at] ?? 0, x = left + at * wide;
        parts.push(shape("rect", { x, y, width: wide - 1, height: high - 2, fill: "none", stroke: "var(--grid, #8884)",
          "stroke-width": 0.6 }));
        if (at > place) return;
        // The bar's height says the weight as well as its depth.
        const size = (high - 2) * Math.sqrt(weight);
        parts.push(shape("rect", { x, y: y + high - 2 - size, width: wide - 1, height: size, fill: "var(--line)",
          "fill-opacity": 0.35 + 0.65 * weight }));
      });
    });
    parts.push(shape("rect", { x: left + place * wide - 1, y: 6 * unit, width: wide + 1, height: grid.height - 12 * unit,
      fill: "none", stroke: "var(--ink)", "stroke-width": 2 * unit, rx: 4 }));
    [...text].forEach((sign, at) => parts.push(shape("rect", { x: left + at * wide, y: 0, width: wide,
      height: grid.height, fill: "transparent", style: "cursor: pointer", click: () => { kit.set({ place: at });
        kit.redraw(); } })));
    grid.svg.replaceChildren(...parts);
    grid.svg.setAttribute("aria-label", `how much each of eight heads takes from each of ${text.length} symbols`);

    const order = found.likely.map((share, at) => [share, at]).sort((one, other) => other[0] - one[0]).slice(0, 6);
    const step = (bars.height - 34 * bars.unit) / 6;
    bars.svg.replaceChildren(shape("text", { class: "name", x: 8 * bars.unit, y: 20 * bars.unit }, "what comes next"),
      ...order.flatMap(([share, at], row) => {
        const y = 30 * bars.unit + row * step, long = (bars.width - 110 * bars.unit) * share;
        return [shape("text", { x: 34 * bars.unit, y: y + step * 0.66, "text-anchor": "end", "font-family": "monospace",
          style: `font-size: ${16 * bars.unit}px` }, drawnAs(found.known[at])),
        shape("rect", { x: 44 * bars.unit, y: y + 3, width: Math.max(1, long), height: step - 8, fill: "var(--line)" }),
        shape("text", { x: 50 * bars.unit + long, y: y + step * 0.66 }, percent(share))];
      }));
  }

  const move = (by) => {
    const { text, place } = looked(kit.now());
    kit.set({ place: Math.min(text.length - 1, Math.max(0, place + by)) });
    kit.redraw();
  };
  return { panels: [grid, bars],
    legend: [["area", "var(--line)", "how much a head (layer.head) takes from the symbol above; height is the root of it"],
      ["square", "var(--ink)", "framed: the symbol that looks; click on another"]],
    controls: [[kit.choice("network", "network", { choices: { sums: "adds", plays: "read plays" },
      then: () => { kit.set({ place: 60 }); kit.redraw(); } }), element("label", {}, element("span", {}, "text"), input)],
    [kit.button("\u25c2 symbol", () => move(-1)), kit.button("symbol \u25b8", () => move(1))]],
    draw,
    words: (now) => looksInWords(looked(now)) };
});
