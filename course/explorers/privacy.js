// The explorer of lesson 15: members and others by their loss, a threshold between them, and against the noise of the
// training what the attack wins, what was promised, and what it costs. Two rivals that promise nothing stand beside it.

const NOISES = [0, 0.5, 0.7, 1, 1.5, 2, 3, 4, 6, 8], KINDS = ["a fifth wrong", "all right"];
const RIVALS = ["sixty epochs", "no clip, no noise"], TRAININGS = RIVALS.length + NOISES.length;
const BINS = 192, LOWEST = -4, HIGHEST = 1.5, ROWS = 1500, WIDE = 4;  // WIDE: bins that are drawn as one bar

/** A share in points of a hundred; `in_points` in privacy.py is the same. */
const inPoints = (share) => (Math.floor(1000 * share + 0.5 + 1e-6) / 10).toFixed(1);

/** The largest loss that a threshold calls, in words. */
function lossAt(threshold) {
  const limit = 10 ** (LOWEST + (HIGHEST - LOWEST) * (threshold + 1) / BINS);
  return limit.toFixed(limit < 0.1 ? 4 : 2);
}

/** How a training was done, in words; HOW in privacy.py is the same. */
function howTrained(training) {
  if (training === 0) return "Sixty epochs, no clip, no noise";
  const noise = NOISES[training - RIVALS.length];
  return `A hundred steps, ${training === 1 ? "no clip, no noise" : `clipped, ${noise ? `noise ${noise}` : "no noise"}`}`;
}

/** The same words as `PrivacyExplorer.sentence`. */
function privacyInWords({ training, labels, threshold }, { members, others, best, accuracy, epsilon, bound }) {
  const promise = !epsilon ? "Nothing is promised."
    : `Epsilon is ${epsilon.toFixed(2)}: no attack wins more than ${inPoints(bound)}.`;
  return `${howTrained(training)}, labels ${labels}: the network reads ${inPoints(accuracy)} of 100 test digits. Whoever has a loss of at most ` +
    `${lossAt(threshold)} is called: ${inPoints(members)} of 100 members and ${inPoints(others)} of 100 others, which wins ` +
    `${inPoints(members - others)} points of 100; the best threshold wins ${inPoints(best)}. ${promise}`;
}

export default explorer("Noise against an attack", ["training", "labels", "threshold"], (kit) => {
  const counts = new Uint16Array(bytesOf(kit.get("counts")).slice().buffer), right = kit.get("right"),
    epsilons = kit.get("epsilons"), bounds = kit.get("bounds");
  /** How many rows of a lot (0: members) lie in each bin, for these labels and this training. */
  const rowsOf = (kind, training, lot) => {
    const first = ((kind * TRAININGS + training) * 2 + lot) * BINS;
    return counts.subarray(first, first + BINS);
  };
  const called = (bins) => { let sum = 0; return Array.from(bins, (count) => (sum += count) / ROWS); };
  const attacks = KINDS.map((_, kind) => Array.from({ length: TRAININGS }, (_, training) => {
    const [members, others] = [0, 1].map((lot) => called(rowsOf(kind, training, lot)));
    const won = members.map((share, at) => share - others[at]), best = Math.max(...won);
    return { members, others, best, where: won.indexOf(best) };
  }));
  const seen = ({ training, labels, threshold }) => {
    const kind = KINDS.indexOf(labels), attack = attacks[kind][training];
    return { members: attack.members[threshold], others: attack.others[threshold], best: attack.best,
      accuracy: right[kind][training], epsilon: epsilons[training], bound: bounds[training] };
  };

  const crowd = kit.panel(430, 330, "members and others by their loss"), price = kit.panel(430, 330,
    "accuracy, what the attack wins and what was promised, by the noise");
  const drawnCrowd = shape("g"), drawnPrice = shape("g");
  crowd.svg.append(drawnCrowd);
  price.svg.append(drawnPrice);

  function drawCrowd({ training, labels, threshold }) {
    const kind = KINDS.indexOf(labels), bars = [0, 1].map((lot) => {
      const bins = rowsOf(kind, training, lot);
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

  function drawPrice({ training, labels }) {
    const kind = KINDS.indexOf(labels), first = RIVALS.length, noise = NOISES[Math.max(0, training - first)];
    const { x, y, axes, top, bottom } = chart(price, [0, 8], [0, 100], ["noise multiplier, a hundred clipped steps", "of 100"],
      { margin: [14, 14, 44, 52] });
    const lines = [[right[kind], { stroke: "var(--good)", "stroke-width": 2.6 }],
      [attacks[kind].map(({ best }) => best), { stroke: "var(--line)", "stroke-width": 2.6 }],
      [bounds, { stroke: "var(--dot)", "stroke-width": 2.2, "stroke-dasharray": "5 4" }]];
    drawnPrice.replaceChildren(axes,
      shape("path", { d: `M${x(noise)} ${top}V${bottom}`, stroke: "var(--ink)", "stroke-width": 1.4, "stroke-dasharray": "2 4" }),
      ...lines.map(([values, style]) => shape("path", {
        d: through(values.slice(first).map((value, at) => [x(NOISES[at]), y(100 * value)])), fill: "none", ...style })),
      // The rivals are other trainings, so no line joins them: a square for sixty epochs, a diamond for the hundred open steps.
      ...lines.slice(0, 2).flatMap(([values, style]) => RIVALS.map((_, at) => {
        const [across, down, side] = [x(0), y(100 * values[at]), 4.5 * price.unit];
        return shape("rect", { x: across - side, y: down - side, width: 2 * side, height: 2 * side, stroke: style.stroke,
          "stroke-width": 2.2, fill: training === at ? style.stroke : "var(--paper)",
          transform: at ? `rotate(45 ${across} ${down})` : "" });
      })),
      ...(training < first ? [] : lines.map(([values, style]) => shape("circle", { cx: x(noise), cy: y(100 * values[training]), r: 5,
        fill: style.stroke, stroke: "var(--paper)", "stroke-width": 1.5 }))));
  }

  return {
    panels: [crowd, price],
    legend: [["area", "var(--dot)", "members"], ["line", "var(--line)", "others; on the right, what the best threshold wins"],
      ["line", "var(--good)", "test digits read rightly"], ["dashed", "var(--dot)", "no attack can win more"],
      ["area", "var(--ink)", "square: sixty epochs; diamond: a hundred steps without clip and noise"]],
    controls: [[kit.slider("training", "training", { min: 0, max: TRAININGS - 1, step: 1,
      text: (at) => RIVALS[at] ?? (NOISES[at - RIVALS.length] ? `noise ${NOISES[at - RIVALS.length]}` : "clipped, no noise") }),
      kit.choice("labels", "labels", { choices: Object.fromEntries(KINDS.map((kind) => [kind, kind])) })],
    [kit.slider("threshold", "threshold", { min: 0, max: BINS - 1, step: 1, text: lossAt }),
      kit.button("Best threshold", () => kit.set({ threshold: attacks[KINDS.indexOf(kit.get("labels"))][kit.get("training")].where }))]],
    longest: privacyInWords({ training: 4, labels: KINDS[0], threshold: 0 },
      { members: 0.555, others: 0.555, best: 0.555, accuracy: 0.888, epsilon: 100.5, bound: 0.555 }),
    facts: (now) => {
      const { members, others, accuracy, epsilon } = seen(now);
      return { "members called, of 100": inPoints(members), "others called": inPoints(others), "read rightly": inPoints(accuracy),
        epsilon: epsilon ? epsilon.toFixed(2) : "none" };
    },
    words: (now) => privacyInWords(now, seen(now)),
    draw(now) {
      drawCrowd(now);
      drawPrice(now);
    },
  };
});
