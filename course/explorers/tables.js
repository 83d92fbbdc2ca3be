// The explorer of lesson 10: shops as points, weekdays as arrows, trained while one watches, and the week of one shop.

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const REACH = 1.5, RATE = 8, STEPS_A_FRAME = 3, STEPS = 900;
const MARKS = [["M-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z", "var(--dot)"], ["M-5.5 -5.5h11v11h-11z", "var(--line)"],
  ["M0 -7l7 12h-14z", "var(--good)"]];

/** What the map expects of a shop, Monday to Sunday: `expected` in tables.py is the same. */
const expectedOf = ([x, y], days) => days.map(([across, up]) => x * across + y * up);

/** How far the map is off, root mean square, over the days on which shops are open: `off_by` in tables.py. */
function offBy(week, shops, days) {
  let squares = 0, count = 0;
  week.forEach((row, shop) => {
    const said = expectedOf(shops[shop], days);
    row.forEach((value, day) => { if (value !== null) { squares += (said[day] - value) ** 2; count += 1; } });
  });
  return Math.sqrt(squares / count);
}

/** One step of gradient descent for all places at once: `factorise_step` in course/tables.py is the same. */
function stepped(week, shops, days) {
  const toShops = shops.map(() => [0, 0]), toDays = days.map(() => [0, 0]);
  let count = 0;
  week.forEach((row, shop) => {
    const said = expectedOf(shops[shop], days);
    row.forEach((value, day) => {
      if (value === null) return;
      const error = said[day] - value;
      count += 1;
      for (const part of [0, 1]) {
        toShops[shop][part] += error * days[day][part];
        toDays[day][part] += error * shops[shop][part];
      }
    });
  });
  const moved = (places, pulls) => places.map((place, at) =>
    place.map((part, which) => part - 2 * RATE * pulls[at][which] / count));
  return [moved(shops, toShops), moved(days, toDays)];
}

/** So many places about the middle: `begun` in tables.py is the same. */
function begun(many, spread, seed) {
  const draw = normalFrom(seeded(seed));
  return Array.from({ length: many }, () => [draw(), draw()].map((part) => rounded(spread * part)));
}

const rounded = (part) => Math.round(1000 * part) / 1000;
const kept = (part) => rounded(Math.max(-REACH, Math.min(REACH, part)));

/** The same words as `MapExplorer.sentence`. */
function mapInWords(names, week, { shops, days, chosen }) {
  const said = expectedOf(shops[chosen], days), best = said.indexOf(Math.max(...said)),
    worst = said.indexOf(Math.min(...said));
  const middle = shops.map(() => [0, 0]), [x, y] = shops[chosen];
  let nearest = -1, least = Infinity;
  shops.forEach((place, at) => {
    const far = Math.hypot(place[0] - x, place[1] - y);
    if (at !== chosen && far < least) [nearest, least] = [at, far];
  });
  return `Over all shops the map is off by ${figureOf(offBy(week, shops, days))}, where a map that expects the usual of every day is off by ` +
    `${figureOf(offBy(week, middle, days))}. ${names[chosen]}: it expects most on ${DAYS[best]}, ${figureOf(Math.exp(said[best]))} times the usual, and ` +
    `least on ${DAYS[worst]}, ${figureOf(Math.exp(said[worst]))} times. Nearest to it lies ${names[nearest]}.`;
}

/** The week of one shop: bars for what was sold, marks for what the map expects, as multiples of its usual day. */
function weekPicture(panel, name, true_, said) {
  const { width, height, unit } = panel, left = 46 * unit, right = width - 8 * unit, top = 30 * unit,
    bottom = height - 28 * unit;
  const x = (day) => left + (day + 0.5) * (right - left) / 7;
  const low = Math.log(0.3), high = Math.log(3);
  const y = (value) => bottom - (Math.max(low, Math.min(high, value)) - low) / (high - low) * (bottom - top);
  const nodes = [shape("text", { class: "name", x: 4 * unit, y: 15 * unit }, `${name}: times its usual day`)];
  for (const times of [0.33, 0.5, 0.7, 1, 1.4, 2, 3]) {
    const at = y(Math.log(times));
    nodes.push(shape("line", { class: times === 1 ? "axis" : "grid", x1: left, x2: right, y1: at, y2: at }),
      shape("text", { x: left - 7 * unit, y: at + 4 * unit, "text-anchor": "end" }, String(times)));
  }
  const half = 0.34 * (right - left) / 7;
  DAYS.forEach((day, at) => {
    nodes.push(shape("text", { x: x(at), y: height - 8 * unit, "text-anchor": "middle" }, day.slice(0, 3)));
    if (true_[at] === null) {
      nodes.push(shape("text", { x: x(at), y: y(0) - 6 * unit, "text-anchor": "middle" }, "shut"));
    } else {
      nodes.push(shape("rect", { x: x(at) - half, width: 2 * half, y: Math.min(y(0), y(true_[at])),
        height: Math.abs(y(0) - y(true_[at])), fill: "var(--dot)", opacity: 0.55 }),
        shape("line", { x1: x(at), x2: x(at), y1: y(said[at]), y2: y(true_[at]), stroke: "var(--stick)",
          "stroke-width": 2.5 }));
    }
    nodes.push(shape("line", { x1: x(at) - 1.25 * half, x2: x(at) + 1.25 * half, y1: y(said[at]), y2: y(said[at]),
      stroke: "var(--line)", "stroke-width": 3.5, "stroke-linecap": "round" }));
  });
  return nodes;
}

export default explorer("A map of shops and weekdays", ["shops", "days", "chosen", "marked_by"], (kit) => {
  const names = kit.get("names"), week = kit.get("week"), groups = { kind: kit.get("kinds"), size: kit.get("sizes") };
  const side = 400, map = kit.panel(side, side, "the map of shops and weekdays", { role: "group" }),
    one = kit.panel(380, 400, "the week of the chosen shop");
  const place = (part) => side / 2 + part * (side / 2 - 14) / REACH, back = (at) => (at - side / 2) * REACH /
    (side / 2 - 14);
  const picture = shape("g", { "aria-hidden": "true" });
  let turn = 2;

  const put = (trait, at, x, y) => {
    training.stop();
    kit.set({ [trait]: kit.get(trait).map((old, which) => (which === at ? [kept(x), kept(y)] : old)) });
  };
  const grips = { days: DAYS, shops: names };
  const handles = Object.fromEntries(Object.entries(grips).map(([trait, called]) => [trait, called.map((name, at) => {
    const mark = shape("path", { stroke: "var(--paper)", "stroke-width": 1.5 });
    const node = handle(name, 7, trait === "shops" ? mark
      : shape("circle", { r: 5, fill: "var(--ink)", stroke: "var(--paper)", "stroke-width": 1.5 }));
    node.firstChild.setAttribute("r", trait === "shops" ? 12 : 15);
    const take = () => { if (trait === "shops" && kit.get("chosen") !== at) kit.set({ chosen: at }); };
    follow(node, map.svg, ({ x, y }) => put(trait, at, back(x), -back(y)), { begin: take });
    arrows(node, (across, up) => { const [x, y] = kit.get(trait)[at]; put(trait, at, x + across / 20, y + up / 20); });
    return Object.assign(node, { mark });
  })]));
  map.svg.append(picture, ...handles.shops, ...handles.days);

  // What is trained has all its digits; the traits get three decimals of it.
  let exact = null, made = 0;
  const advance = (steps) => {
    for (let step = 0; step < steps; step++) exact = stepped(week, ...exact);
    made += steps;
    kit.set({ shops: exact[0].map((at) => at.map(kept)), days: exact[1].map((at) => at.map(kept)) });
    return made < STEPS;
  };
  const training = clockwork(() => advance(STEPS_A_FRAME), () => {
    train.textContent = training.running() ? "Stop" : "Train";
  });
  const start = () => { exact = [kit.get("shops"), kit.get("days")]; made = 0; };
  const train = kit.button("Train", () => {
    if (training.running()) { training.stop(); return; }
    start();
    if (movesLittle()) advance(STEPS); else training.run();
  }, "first");
  const anew = (spread) => () => {
    training.stop();
    const places = begun(names.length + DAYS.length, spread, turn);
    turn += 1;
    kit.set({ shops: places.slice(0, names.length).map((at) => at.map(kept)),
      days: places.slice(names.length).map((at) => at.map(kept)) });
  };
  const chooser = kit.slider("shop", "chosen", { min: 0, max: names.length - 1, step: 1, text: (at) => names[at] });

  return {
    panels: [map, one],
    columns: "1.05fr 1fr",
    legend: [["line", "var(--ink)", "a weekday"], ["dot", "var(--dot)", "office quarter, or large"],
      ["square", "var(--line)", "suburb, or medium"], ["triangle", "var(--good)", "seaside, or small"],
      ["area", "var(--dot)", "sold"], ["line", "var(--line)", "the map expects"]],
    controls: [[train, kit.button("One step", () => { training.stop(); start(); advance(1); }),
      element("span", { class: "explorer-group" }, element("span", { class: "explorer-quiet" }, "begin"),
        element("span", { class: "explorer-choices" }, kit.button("near the middle", anew(0.1)),
          kit.button("far apart", anew(0.7)))), chooser],
    [kit.choice("coloured by", "marked_by", { choices: { nothing: "nothing", kind: "kind of place", size: "size" } })]],
    longest: mapInWords(names, week, kit.now()) + " Wednesday, Wednesday.",
    stop: () => training.stop(),
    facts: ({ shops, days }) => ({ "off by": figureOf(offBy(week, shops, days)) }),
    words: (now) => mapInWords(names, week, now),
    draw({ shops, days, chosen, marked_by: by }) {
      const unit = map.unit;
      picture.replaceChildren(shape("rect", { x: 1, y: 1, width: side - 2, height: side - 2, rx: 8, fill: "none",
        stroke: "var(--edge)" }),
      shape("path", { class: "grid", d: `M${side / 2} 8V${side - 8}M8 ${side / 2}H${side - 8}` }),
      ...days.map(([x, y]) => shape("path", { d: arrowTo(place(x), place(-y), side / 2), stroke: "var(--ink)",
        "stroke-width": 2, fill: "none" })),
      ...days.map(([x, y], at) => {
        const far = Math.hypot(x, y) || 1;
        return shape("text", { class: "name halo", x: place(x) + 16 * unit * x / far,
          y: place(-y) - 16 * unit * y / far + 4 * unit, "text-anchor": "middle" }, DAYS[at].slice(0, 3));
      }));
      handles.days.forEach((node, at) => setAt(node, days[at]));
      handles.shops.forEach((node, at) => {
        const [d, fill] = MARKS[by === "nothing" ? 0 : groups[by][at]];
        furnish(node.mark, { d, fill, stroke: at === chosen ? "var(--ink)" : "var(--paper)",
          "stroke-width": at === chosen ? 3 : 1.5 }, []);
        node.setAttribute("tabindex", at === chosen ? 0 : -1);
        setAt(node, shops[at]);
      });
      one.svg.replaceChildren(...weekPicture(one, names[chosen], week[chosen], expectedOf(shops[chosen], days)));
    },
  };

  function setAt(node, [x, y]) {
    node.setAttribute("transform", `translate(${place(x)} ${place(-y)})`);
    node.setAttribute("aria-valuenow", x);
    node.setAttribute("aria-valuetext", `${figureOf(x)} across, ${figureOf(y)} up`);
  }
});

/** An arrow from the middle to a place, with a head where it is long enough for one. */
function arrowTo(x, y, middle) {
  const [across, down] = [x - middle, y - middle], far = Math.hypot(across, down), head = Math.min(9, far / 2);
  if (far < 1) return "M0 0";
  const [u, v] = [across / far, down / far];
  return `M${middle} ${middle}L${x} ${y}M${x - head * (u + 0.5 * v)} ${y - head * (v - 0.5 * u)}L${x} ${y}` +
    `L${x - head * (u - 0.5 * v)} ${y - head * (v + 0.5 * u)}`;
}
