// The explorer of lesson 16: people by score, a cut for each group to drag, who is judged wrongly by it, and what each
// group pays.

const RATES = ["false positives", "false negatives", "precision"],
  PAYS = ["marked high, not arrested again", "marked low, arrested again", "of those marked high, arrested again"];
const A_MARK = 5, A_ROW = 25;  // people a mark, and people a row of marks

const total = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

/** The three rates when a score of `cut` or more is high: `rates` of `at_cut` in course/ethics.py; and how many people
 *  the first two are. */
function ratesOf([no, yes], cut) {
  const falsely = total(no.slice(cut - 1)), found = total(yes.slice(cut - 1)), missed = total(yes) - found;
  return { rates: [falsely / total(no), 1 - found / total(yes), found / (found + falsely)],
    people: [falsely, missed, found], high: (falsely + found) / (total(no) + total(yes)) };
}

/** A rate in words; `in_percent` in ethics.py is the same. */
function inPercent(rate) {
  return Number.isNaN(rate) ? "nobody can say what share"
    : `${(Math.floor(1000 * rate + 0.5 + 1e-6) / 10).toFixed(1)} %`;
}

/** The same words as `ThresholdExplorer.sentence`. */
function cutsInWords(groups, people, cuts) {
  const found = groups.map((group) => ratesOf(people[group], cuts[group]));
  const parts = groups.map((group, at) => {
    const { rates } = found[at];
    return `${group}, high from ${cuts[group]}: marked high are ${inPercent(rates[0])} of those not arrested again, missed are ` +
      `${inPercent(rates[1])} of those arrested again, and of those marked high ${inPercent(rates[2])} were arrested again.`;
  });
  const near = RATES.filter((_, at) => Math.abs(found[0].rates[at] - found[1].rates[at]) <= 0.02);
  return [...parts, `Within two points of each other: ${near.length ? near.join(", ") : "none of the three"}.`].join(" ");
}

/** One group as marks of five people each, stacked by score: right or wrong by shape and colour, and the cut, to be
 *  dragged or moved by arrow keys. */
function crowd(kit, group, [no, yes], top, moved) {
  const panel = kit.panel(430, 250, `people of the group ${group} by score`, { role: "group" }), scores = no.length,
    picture = shape("g", { "aria-hidden": "true" });
  const handle = shape("g", { tabindex: 0, role: "slider", "aria-label": `cut for ${group}`, "aria-valuemin": 1,
    "aria-valuemax": scores + 1, "aria-valuenow": 1 });
  panel.svg.append(picture, handle);
  let x, now = 1;
  arrows(handle, (across, up) => moved(now + (across || up)));
  follow(handle, panel.svg, (point) => moved(Math.round(x.back(point.x) + 0.5)));
  return Object.assign(panel, { set(cut) {
    now = cut;
    const seen = chart(panel, [0.5, scores + 0.5], [0, top], ["decile score", "people"], { margin: [26, 20, 40, 56] }),
      { y, axes } = seen;
    x = seen.x;
    const pitch = (x(1) - x(0)) * 0.94 / (A_ROW / A_MARK), row = y(0) - y(A_ROW), size = Math.min(pitch, row) * 0.78,
      half = size / 2 * 0.8;
    const paths = { low: "", found: "", falsely: "", missed: "" };
    no.forEach((_, at) => {
      const kinds = [...Array(Math.round(no[at] / A_MARK)).fill(at + 1 >= cut ? "falsely" : "low"),
        ...Array(Math.round(yes[at] / A_MARK)).fill(at + 1 >= cut ? "found" : "missed")];
      kinds.forEach((kind, place) => {
        const cx = (x(at + 0.53) + pitch * (place % (A_ROW / A_MARK) + 0.5)).toFixed(1),
          cy = (y(0) - row * (Math.floor(place / (A_ROW / A_MARK)) + 0.5)).toFixed(1);
        const h = half.toFixed(2), d = (2 * half).toFixed(2);
        paths[kind] += { low: `M${cx} ${cy}m-${h} 0a${h} ${h} 0 1 0 ${d} 0a${h} ${h} 0 1 0 -${d} 0z`,
          found: `M${cx} ${cy}h0`,
          falsely: `M${cx} ${cy}m-${h} -${h}l${d} ${d}m0 -${d}l-${d} ${d}`,
            missed: `M${cx} ${cy}m0 -${h}l${h} ${d}h-${d}z` }[kind];
      });
    });
    const drawn = { low: { stroke: "var(--dot)", "stroke-width": 1.1, opacity: 0.75 },
      found: { stroke: "var(--dot)", "stroke-width": size }, falsely: { stroke: "var(--line)", "stroke-width": 1.7 },
      missed: { fill: "var(--stick)", stroke: "var(--stick)", "stroke-width": 0.6 } };
    picture.replaceChildren(axes, ...Object.entries(paths).map(([kind, d]) =>
      shape("path", { fill: "none", "stroke-linecap": "round", ...drawn[kind], d })),
      shape("text", { class: "name", x: seen.left, y: 14 * panel.unit },
        cut > scores ? `${group}: nobody is high` : `${group}: high from ${cut}`));
    handle.replaceChildren(shape("rect", { x: -14, y: 4, width: 28, height: y(0), fill: "transparent" }),
      shape("path", { d: `M0 ${seen.top - 8}V${y(0)}`, stroke: "var(--ink)", "stroke-width": 2,
      "stroke-dasharray": "6 4" }),
      shape("circle", { class: "ring", cy: seen.top + 14, r: 14 }),
        shape("circle", { cy: seen.top + 14, r: 9, fill: "var(--ink)", stroke: "var(--paper)", "stroke-width": 2 }));
    handle.setAttribute("transform", `translate(${x(cut - 0.5)} 0)`);
    handle.setAttribute("aria-valuenow", cut);
    handle.setAttribute("aria-valuetext", cut > scores ? "nobody is marked high" : `a score of ${cut} or more is high`);
  } });
}

export default explorer("Two cuts", ["cuts"], (kit) => {
  const groups = kit.get("groups"), people = kit.get("people"), scores = people[groups[0]][0].length,
    all = Array.from({ length: scores + 1 }, (_, at) => at + 1);
  const top = A_ROW * Math.ceil(Math.max(...groups.flatMap((group) =>
    people[group][0].map((count, at) => count + people[group][1][at]))) / A_ROW + 1);
  const put = (changed) => kit.set({ cuts: { ...kit.get("cuts"), ...changed } });
  const move = (group) => (cut) => {
    const kept = Math.max(1, Math.min(scores + 1, cut));
    if (kept !== kit.get("cuts")[group]) put({ [group]: kept });
  };
  const crowds = groups.map((group) => crowd(kit, group, people[group], top, move(group)));
  const sliders = groups.map((group) => slider(`cut, ${group}`,
    { min: 1, max: scores + 1, step: 1, value: kit.get("cuts")[group],
    text: (cut) => (cut > scores ? "nobody" : `${cut} or more`) }, move(group)));
  const cells = groups.map((_, at) => RATES.map(() =>
    element("td", { style: `--bar: var(${["--good", "--other"][at]})` })));
  const pays = element("table", { class: "explorer-rates" },
    element("tr", {}, element("th", { scope: "col" }, "what each pays"),
    ...RATES.map((rate, at) => element("th", { scope: "col" }, `${rate}: ${PAYS[at]}`))),
    ...groups.map((group, at) => element("tr", {}, element("th", { scope: "row" }, group), ...cells[at])));

  /** The cut that comes nearest to what is wanted of a group. */
  const best = (group, loss) => all.reduce((found, cut) =>
    (loss(ratesOf(people[group], cut)) < loss(ratesOf(people[group], found)) ? cut : found), 5);
  const alike = (measure) => () => {
    const cut = kit.get("cuts")[groups[0]], wanted = measure(ratesOf(people[groups[0]], cut));
    return { [groups[0]]: cut, [groups[1]]: best(groups[1],
      (other) => (Number.isNaN(measure(other)) ? Infinity : Math.abs(measure(other) - wanted))) };
  };
  const strategies = { "Both at 5": () => Object.fromEntries(groups.map((group) => [group, 5])),
    "Fewest errors": () => Object.fromEntries(groups.map((group) =>
    [group, best(group, ({ people: [falsely, missed] }) => falsely + missed)])),
    "False positives": alike((found) => found.rates[0]), "False negatives": alike((found) => found.rates[1]),
      Precision: alike((found) => found.rates[2]), "Share marked high": alike((found) => found.high) };
  const buttons = Object.entries(strategies).map(([name, cuts]) => kit.button(name, () => put(cuts())));
  return {
    panels: crowds,
    legend: [["ring", "var(--dot)", "right: low, not arrested again"],
      ["dot", "var(--dot)", "right: high, arrested again"], ["cross", "var(--line)", "wrong: high, not arrested again"],
      ["triangle", "var(--stick)", "wrong: low, arrested again"],
      ["area", "transparent", `a mark is ${A_MARK} people`]],
    controls: [[pays], [...sliders, ...buttons.slice(0, 2)],
      [element("span", { class: "explorer-quiet" }, "Equal for both, by the second cut"), ...buttons.slice(2)]],
    longest: cutsInWords(groups, people, Object.fromEntries(groups.map((group) => [group, scores + 1]))),
    words: ({ cuts }) => cutsInWords(groups, people, cuts),
    draw({ cuts }) {
      groups.forEach((group, at) => {
        const found = ratesOf(people[group], cuts[group]);
        crowds[at].set(cuts[group]);
        sliders[at].set(cuts[group]);
        found.rates.forEach((rate, which) => {
          cells[at][which].style.setProperty("--share", `${Number.isNaN(rate) ? 0 : 100 * rate}%`);
          cells[at][which].textContent = Number.isNaN(rate) ? "nobody is marked high"
            : `${inPercent(rate)}, ${found.people[which].toLocaleString("en")} people`;
        });
      });
      buttons.forEach((button, at) => button.setAttribute("aria-pressed",
        String(Object.entries(Object.values(strategies)[at]()).every(([group, cut]) => cuts[group] === cut))));
    },
  };
});
