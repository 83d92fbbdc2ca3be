// The explorer of lesson 02: a line through dots, and the same line as a ball on the landscape of its loss.

function render({ model, el }) {
  const xs = model.get("x"), ys = model.get("y"), bowl = bowlOf(xs, ys);
  const [left, right] = [Math.min(...xs), Math.max(...xs)], [low, high] = [Math.min(...ys), Math.max(...ys)];
  const wide = 0.06 * (right - left), tall = 0.22 * (high - low || 1);
  const view = [left - wide, right + wide], { x, y, axes } = chart(WIDTH, HEIGHT, view, [low - tall, high + tall], ["x", "y"]);

  const ends = [0.16, 0.84].map((share) => view[0] + share * (view[1] - view[0]));
  const sticks = shape("path", { stroke: "var(--stick)", "stroke-width": 1.1, opacity: 0.7, fill: "none" });
  const dots = shape("g", { fill: "var(--dot)", stroke: "var(--paper)", "stroke-width": 0.9, opacity: 0.9 },
    ...xs.map((value, row) => shape("circle", { cx: x(value), cy: y(ys[row]), r: xs.length > 400 ? 2.2 : 4.2 })));
  const line = shape("line", { stroke: "var(--line)", "stroke-width": 3.4, "stroke-linecap": "round" });
  const grip = shape("line", { stroke: "transparent", "stroke-width": 22, style: "cursor: ns-resize" });
  const handles = ends.map((_, end) => handle(end ? "right end of the line" : "left end of the line"));
  const clipName = freshName("chart"), clip = shape("clipPath", { id: clipName }, shape("rect", { x: 52, y: 4, width: WIDTH - 62, height: HEIGHT - 46 }));
  const svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": "dots and the line through them" },
    shape("defs", {}, clip), axes, shape("g", { "clip-path": `url(#${clipName})`, "aria-hidden": "true" }, sticks, dots, line, grip), ...handles);

  const facts = Object.fromEntries(["slope", "intercept", "loss"].map((name) => [name, element("b")]));
  const words = spokenSentence();
  let trail = [[model.get("slope"), model.get("intercept")]];

  const send = onceAFrame(() => model.save_changes());
  function stand(slope, intercept) {
    model.set("slope", slope);
    model.set("intercept", intercept);
    send();
  }
  const land = landscape(bowl, { name: "the line as a point on the landscape", land: model.get("view") === "land", moved: stand });

  const draw = onceAFrame(() => {
    const slope = model.get("slope"), intercept = model.get("intercept"), loss = bowl.loss(slope, intercept);
    const on = (value) => y(slope * value + intercept);
    for (const part of [line, grip]) {
      for (const [name, value] of Object.entries({ x1: x(view[0]), x2: x(view[1]), y1: on(view[0]), y2: on(view[1]) })) part.setAttribute(name, value);
    }
    sticks.setAttribute("d", xs.map((value, row) => `M${x(value).toFixed(1)} ${y(ys[row]).toFixed(1)}V${on(value).toFixed(1)}`).join(""));
    handles.forEach((node, end) => {
      node.setAttribute("transform", `translate(${x(ends[end])} ${Math.max(6, Math.min(HEIGHT - 6, on(ends[end])))})`);
      node.setAttribute("aria-valuenow", slope * ends[end] + intercept);
      node.setAttribute("aria-valuetext", `height ${figureOf(slope * ends[end] + intercept)}, loss ${figureOf(loss)}`);
    });
    const last = trail.at(-1);
    if (Math.hypot((slope - last[0]) / bowl.reach, (intercept - last[1]) / bowl.across) > 1e-4) trail = [...trail.slice(-240), [slope, intercept]];
    land.show(trail);
    facts.slope.textContent = figureOf(slope);
    facts.intercept.textContent = figureOf(intercept);
    facts.loss.textContent = figureOf(loss);
    words.say(lineInWords(bowl, slope, intercept));
  });

  /** The line through two places that the handles stand at. */
  function through(end, height) {
    const other = 1 - end, kept = model.get("slope") * ends[other] + model.get("intercept");
    const slope = (height - kept) / (ends[end] - ends[other]);
    stand(slope, kept - slope * ends[other]);
  }
  handles.forEach((node, end) => {
    follow(node, svg, (place) => through(end, y.back(place.y)));
    arrows(node, (_, up) => through(end, model.get("slope") * ends[end] + model.get("intercept") + up * (high - low) / 100));
  });
  let held;
  follow(grip, svg, (place, start) => stand(model.get("slope"), held + y.back(place.y) - y.back(start.y)),
    { begin: () => { held = model.get("intercept"); } });

  const turn = slider("turn", { min: -180, max: 180, step: 1, value: land.camera.turn, text: (value) => `${tickText(Math.round(value))}\u00b0` }, land.turn);
  land.onTurn(turn.set);
  const views = choice("how to see the landscape", { land: "As land", map: "From above" }, model.get("view"), (name) => {
    model.set("view", name);
    model.save_changes();
  });
  const best = element("button", { type: "button", class: "first", click: () => stand(bowl.slope, bowl.intercept) }, "Show least squares");
  const forget = element("button", { type: "button", click: () => { trail = trail.slice(-1); draw(); } }, "Forget the trail");

  el.append(frame("A line through dots, and its loss",
    element("div", { class: "explorer-facts" }, ...Object.entries(facts).map(([name, number]) => element("div", { class: name }, name, number))),
    element("div", { class: "explorer-row" }, element("div", { class: "explorer-panel" }, svg), land.panel),
    element("div", { class: "explorer-controls" }, best, forget, views, turn), words));
  const seen = () => {
    views.set(model.get("view"));
    turn.hidden = model.get("view") === "map";
    land.view(model.get("view"));
  };
  turn.hidden = model.get("view") === "map";
  model.on("change:slope", draw);
  model.on("change:intercept", draw);
  model.on("change:view", seen);
  draw();
  return () => {
    model.off("change:slope", draw);
    model.off("change:intercept", draw);
    model.off("change:view", seen);
  };
}

/** The same words as `LineExplorer.sentence`. */
function lineInWords(bowl, slope, intercept) {
  const loss = bowl.loss(slope, intercept), sign = intercept < 0 ? "\u2212" : "+";
  const line = `The line y = ${figureOf(slope)} x ${sign} ${figureOf(Math.abs(intercept))} has a mean squared error of ${figureOf(loss)}`;
  return loss <= 1.005 * bowl.least + 1e-12 ? `${line}: it stands at the bottom of the valley, and no line has less.`
    : `${line}; at the bottom of the valley it would be ${figureOf(bowl.least)}.`;
}

export default { render };
