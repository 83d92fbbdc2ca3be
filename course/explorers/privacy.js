// The explorer of lesson 15: members and others by their loss, a threshold between them, and against the noise of the
// training what the attack wins, what was promised, and what it costs.

const NOISES = [0, 0.5, 0.7, 1, 1.5, 2, 3, 4, 6, 8], KINDS = ["a fifth wrong", "all right"];
const BINS = 192, LOWEST = -4, HIGHEST = 1.5, ROWS = 1500, WIDE = 4;  // WIDE: bins that are drawn as one bar

/** A share in points of a hundred; `in_points` in privacy.py is the same. */
const inPoints = (share) => (Math.floor(1000 * share + 0.5 + 1e-6) / 10).toFixed(1);

/** The largest loss that a threshold calls, in words. */
function lossAt(threshold) {
  const limit = 10 ** (LOWEST + (HIGHEST - LOWEST) * (threshold + 1) / BINS);
  return limit.toFixed(limit < 0.1 ? 4 : 2);
}

/** The same words as `PrivacyExplorer.sentence`. */
function privacyInWords({ noise, labels, threshold }, { members, others, best, accuracy, epsilon, bound }) {
  const how = noise === 0 ? "Trained plainly" : `Trained privately with noise ${NOISES[noise]}`;
  const promise = noise === 0 ? "Nothing was promised."
    : `Epsilon is ${epsilon.toFixed(2)}: no attack wins more than ${inPoints(bound)}.`;
  return `${how}, labels ${labels}, the network reads ${inPoints(accuracy)} of 100 test digits. Whoever has a loss of at most ` +
    `${lossAt(threshold)} is called: ${inPoints(members)} of 100 members and ${inPoints(others)} of 100 others, which wins ` +
    `${inPoints(members - others)} points of 100; the best threshold wins ${inPoints(best)}. ${promise}`;
}

export default explorer("Noise against an attack", ["noise", "labels", "threshold"], (kit) => {
  const counts = new Uint16Array(bytesOf(kit.get("counts")).slice().buffer), right = kit.get("right"),
    epsilons = kit.get("epsilons"), bounds = kit.get("bounds");
  /** How many rows of a lot (0: members) lie in each bin, for these labels and this noise. */
  const rowsOf = (kind, noise, lot) => {
    const first = ((kind * NOISES.length + noise) * 2 + lot) * BINS;
    return counts.subarray(first, first + BINS);
  };
  const called = (bins) => { let sum = 0; return Array.from(bins, (count) => (sum += count) / ROWS); };
  const attacks = KINDS.map((_, kind) => NOISES.map((_, noise) => {
    const [members, others] = [0, 1].map((lot) => called(rowsOf(kind, noise, lot)));
    const won = members.map((share, at) => share - others[at]), best = Math.max(...won);
    return { members, others, best, where: won.indexOf(best) };
  }));
  const seen = ({ noise, labels, threshold }) => {
    const kind = KINDS.indexOf(labels), attack = attacks[kind][noise];
    return { members: attack.members[threshold], others: attack.others[threshold], best: attack.best,
      accuracy: right[kind][noise], epsilon: epsilons[noise], bound: bounds[noise] };
  };

  const crowd = kit.panel(430, 330, "members and others by their loss"), price = kit.panel(430, 330,
    "accuracy, what the attack wins and what was promised, by the noise");
  const drawnCrowd = shape("g"), drawnPrice = shape("g");
  crowd.svg.append(drawnCrowd);
  price.svg.append(drawnPrice);

  function drawCrowd({ noise, labels, threshold }) {
    const kind = KINDS.indexOf(labels), bars = [0, 1].map((lot) => {
      const bins = rowsOf(kind, noise, lot);
      return Array.from({ length: BINS / WIDE }, (_, bar) => bins.slice(WIDE * bar, WIDE * bar + WIDE).reduce((one, other) => one + other));
    });
    const top = 50 * Math.ceil(Math.max(...bars.flat()) / 50 + 0.01);
    const { x, y, axes, top: roof, bottom, left } = chart(crowd, [LOWEST, HIGHEST], [0, top],
      ["loss of a row, as a power of ten", "rows"], { margin: [26, 14, 44, 52] });
    const edge = (bar) => x(LOWEST + (HIGHEST - LOWEST) * bar * WIDE / BINS);
    const stairs = (heights) => heights.flatMap((count, bar) => [[edge(bar), y(count)], [edge(bar + 1), y(count)]]);
    const limit = x(LOWEST + (HIGHEST - LOWEST) * (threshold + 1) / BINS);
    drawnCrowd.replaceChildren(shape("rect", { x: left, y: roof, width: Math.max(0, limit - left), height: bottom - roof,
      fill: "var(--edge)", opacity: 0.35 }), axes,
      shape("path", { d: `${through([[edge(0), y(0)], ...stairs(bars[0]), [edge(BINS / WIDE), y(0)]])}Z`, fill: "var(--dot)", opacity: 0.5 }),
      shape("path", { d: through(stairs(bars[1])), fill: "none", stroke: "var(--line)", "stroke-width": 2.2 }),
      shape("path", { d: `M${limit} ${roof}V${bottom}`, stroke: "var(--ink)", "stroke-width": 1.6, "stroke-dasharray": "6 4" }),
      shape("text", { class: "name", x: left, y: 15 * crowd.unit }, "called: left of the line"));
  }

  function drawPrice({ noise, labels }) {
    const kind = KINDS.indexOf(labels);
    const { x, y, axes, top, bottom } = chart(price, [0, 8], [0, 100], ["noise multiplier, 0: trained plainly", "of 100"],
      { margin: [14, 14, 44, 52] });
    const lines = [[right[kind], { stroke: "var(--good)", "stroke-width": 2.6 }],
      [attacks[kind].map(({ best }) => best), { stroke: "var(--line)", "stroke-width": 2.6 }],
      [bounds, { stroke: "var(--dot)", "stroke-width": 2.2, "stroke-dasharray": "5 4" }]];
    drawnPrice.replaceChildren(axes,
      shape("path", { d: `M${x(NOISES[noise])} ${top}V${bottom}`, stroke: "var(--ink)", "stroke-width": 1.4, "stroke-dasharray": "2 4" }),
      ...lines.flatMap(([values, style]) => [
        shape("path", { d: through(values.map((value, at) => [x(NOISES[at]), y(100 * value)])), fill: "none", ...style }),
        shape("circle", { cx: x(NOISES[noise]), cy: y(100 * values[noise]), r: 5, fill: style.stroke, stroke: "var(--paper)",
          "stroke-width": 1.5 })]));
  }

  return {
    panels: [crowd, price],
    legend: [["area", "var(--dot)", "members"], ["line", "var(--line)", "others; on the right, what the best threshold wins"],
      ["line", "var(--good)", "test digits read rightly"], ["dashed", "var(--dot)", "no attack can win more"]],
    controls: [[kit.slider("noise", "noise", { min: 0, max: NOISES.length - 1, step: 1, text: (at) => (at ? String(NOISES[at]) : "none") }),
      kit.choice("labels", "labels", { choices: Object.fromEntries(KINDS.map((kind) => [kind, kind])) })],
    [kit.slider("threshold", "threshold", { min: 0, max: BINS - 1, step: 1, text: lossAt }),
      kit.button("Best threshold", () => kit.set({ threshold: attacks[KINDS.indexOf(kit.get("labels"))][kit.get("noise")].where }))]],
    longest: privacyInWords({ noise: 4, labels: KINDS[0], threshold: 0 },
      { members: 0.555, others: 0.555, best: 0.555, accuracy: 0.888, epsilon: 100.5, bound: 0.555 }),
    facts: (now) => {
      const { members, others, accuracy, epsilon } = seen(now);
      return { "members called, of 100": inPoints(members), "others called": inPoints(others), "read rightly": inPoints(accuracy),
        epsilon: now.noise ? epsilon.toFixed(2) : "none" };
    },
    words: (now) => privacyInWords(now, seen(now)),
    draw(now) {
      drawCrowd(now);
      drawPrice(now);
    },
  };
});
