// The explorer of lesson 16: people by score, a cut for each group to drag, and the three rates that follow from it.

const RATES = ["false positives", "false negatives", "precision"], RATES_AT = [["not arrested again", "var(--dot)"], ["arrested again", "var(--line)"]];
const GROUP_COLOURS = ["#009E73", "#CC79A7"];

const total = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

/** The three rates when a score of `cut` or more is high: `rates` of `at_cut` in course/ethics.py. */
function ratesOf([no, yes], cut) {
  const falsely = total(no.slice(cut - 1)), found = total(yes.slice(cut - 1));
  return [falsely / total(no), 1 - found / total(yes), found / (found + falsely)];
}

/** A rate in words; `in_percent` in ethics.py is the same. */
function inPercent(rate) {
  return Number.isNaN(rate) ? "nobody can say what share" : `${(Math.floor(1000 * rate + 0.5 + 1e-6) / 10).toFixed(1)} %`;
}

/** The same words as `ThresholdExplorer.sentence`. */
function cutsInWords(groups, people, cuts) {
  const rates = groups.map((group) => ratesOf(people[group], cuts[group]));
  const parts = groups.map((group, at) => `${group}, high from ${cuts[group]}: marked high are ${inPercent(rates[at][0])} of those not arrested again, missed are ` +
    `${inPercent(rates[at][1])} of those arrested again, and of those marked high ${inPercent(rates[at][2])} were arrested again.`);
  const near = RATES.filter((_, at) => Math.abs(rates[0][at] - rates[1][at]) <= 0.02);
  return [...parts, `Within two points of each other: ${near.length ? near.join(", ") : "none of the three"}.`].join(" ");
}

/** One group: bars for both outcomes at each score, those marked high in full colour, and the cut, which can be dragged or moved by arrow keys.
 *  `set` moves what is there, so that a drag or the focus outlives it. */
function histogram(group, [no, yes], top, moved) {
  const width = 420, height = 250, scores = no.length;
  const { x, y, axes } = chart(width, height, [0.5, scores + 1.5], [0, 1.05 * top], ["decile score", "people"]);
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}` }, axes);
  const bars = [no, yes].flatMap((row, outcome) => row.map((count, at) => [at + 1, shape("rect", {
    x: x(at + 1 + (outcome ? 0.03 : -0.38)), width: x(1.35) - x(1), y: y(count), height: y(0) - y(count), fill: RATES_AT[outcome][1] })]));
  svg.append(...bars.map(([, bar]) => bar));
  const title = shape("text", { class: "name halo", x: width - 16, y: 20, "text-anchor": "end" });
  let now = 1;
  const handle = shape("g", { tabindex: 0, role: "slider", "aria-label": `cut for ${group}`, "aria-valuemin": 1, "aria-valuemax": scores + 1 },
    shape("rect", { x: -12, y: 12, width: 24, height: y(0) - 12, fill: "transparent" }),
    shape("line", { x1: 0, x2: 0, y1: 12, y2: y(0), stroke: "var(--ink)", "stroke-width": 2, "stroke-dasharray": "6 4" }),
    shape("circle", { class: "ring", cx: 0, cy: 34, r: 14 }), shape("circle", { cx: 0, cy: 34, r: 9, fill: "var(--ink)", stroke: "var(--paper)", "stroke-width": 2 }));
  arrows(handle, (across, up) => moved(now + (across || up)));
  follow(handle, svg, (point) => moved(Math.round(x.back(point.x) + 0.5)));
  svg.append(title, handle);
  return Object.assign(svg, { set: (cut) => {
    now = cut;
    bars.forEach(([score, bar]) => bar.setAttribute("opacity", score >= cut ? 1 : 0.32));
    title.textContent = cut > scores ? `${group}: nobody is high` : `${group}: high from ${cut}`;
    handle.setAttribute("transform", `translate(${x(cut - 0.5)} 0)`);
    handle.setAttribute("aria-valuenow", cut);
    handle.setAttribute("aria-valuetext", cut > scores ? "nobody is marked high" : `a score of ${cut} or more is high`);
  } });
}

/** The three rates of both groups, side by side. */
function ratesPicture(groups, rates) {
  const width = 860, height = 172, left = 120, right = width - 70, row = 52;
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  RATES.forEach((name, at) => {
    svg.append(shape("text", { class: "name", x: left - 10, y: at * row + 32, "text-anchor": "end" }, name));
    groups.forEach((group, which) => {
      const rate = rates[which][at], known = !Number.isNaN(rate), length = (known ? rate : 0) * (right - left);
      svg.append(shape("rect", { x: left, y: at * row + 6 + which * 21, width: length, height: 18, fill: GROUP_COLOURS[which] }),
        shape("text", { x: left + length + 6, y: at * row + 20 + which * 21 }, known ? `${inPercent(rate)} ${group}` : `nobody, ${group}`));
    });
  });
  return svg;
}

function render({ model, el }) {
  const groups = model.get("groups"), people = model.get("people"), scores = people[groups[0]][0].length, words = spokenSentence();
  const top = Math.max(...groups.flatMap((group) => people[group].flat()));
  const below = element("div", { class: "explorer-panel" });
  const put = (changed) => { model.set("cuts", { ...model.get("cuts"), ...changed }); model.save_changes(); };
  const move = (group) => (cut) => {
    const kept = Math.max(1, Math.min(scores + 1, cut));
    if (kept !== model.get("cuts")[group]) put({ [group]: kept });
  };
  const pictures = groups.map((group) => histogram(group, people[group], top, move(group)));
  const draw = () => {
    const cuts = model.get("cuts");
    groups.forEach((group, at) => { pictures[at].set(cuts[group]); sliders[at].set(cuts[group]); });
    below.replaceChildren(ratesPicture(groups, groups.map((group) => ratesOf(people[group], cuts[group]))));
    words.say(cutsInWords(groups, people, cuts));
  };
  const sliders = groups.map((group) => slider(`cut, ${group}`, { min: 1, max: scores + 1, step: 1, value: model.get("cuts")[group],
    text: (cut) => (cut > scores ? "nobody" : `${cut} or more`) }, (cut) => put({ [group]: cut })));
  const nearest = (wanted, group, rate) => Array.from({ length: scores }, (_, at) => at + 1).reduce((best, cut) => (
    Math.abs(ratesOf(people[group], cut)[rate] - wanted) < Math.abs(ratesOf(people[group], best)[rate] - wanted) ? cut : best), 1);
  const equalise = (text, rate) => element("button", { type: "button", click: () => {
    put({ [groups[1]]: nearest(ratesOf(people[groups[0]], model.get("cuts")[groups[0]])[rate], groups[1], rate) });
  } }, text);
  const key = element("p", { class: "explorer-try" }, "Blue bars: not arrested again. Orange-red bars: arrested again. Full colour: marked high. Equal for both, by the second cut: ");
  el.append(frame("Two cuts", element("div", { class: "explorer-row" }, ...pictures.map((picture) => element("div", { class: "explorer-panel" }, picture))), element("div", { class: "explorer-row" }, below), words,
    element("div", { class: "explorer-controls" }, ...sliders, element("button", { type: "button", class: "first", click: () => put(Object.fromEntries(groups.map((group) => [group, 5]))) }, "Both at 5")),
    key, element("div", { class: "explorer-controls" }, equalise("False positives", 0), equalise("False negatives", 1), equalise("Precision", 2))));
  model.on("change:cuts", draw);
  draw();
  return () => model.off("change:cuts", draw);
}

export default { render };
