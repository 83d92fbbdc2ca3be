// The explorer of lesson 02: a line through dots, and the same line as a ball on the landscape of its loss.

/** The same words as `LineExplorer.sentence`. */
function lineInWords(bowl, slope, intercept) {
  const loss = bowl.loss(slope, intercept), sign = intercept < 0 ? "\u2212" : "+";
  const line = `The line y = ${figureOf(slope)} x ${sign} ${figureOf(Math.abs(intercept))} has a mean squared error of ${figureOf(loss)}`;
  return loss <= 1.005 * bowl.least + 1e-12 ? `${line}: it stands at the bottom of the valley, and no line has less.`
    : `${line}; at the bottom of the valley it would be ${figureOf(bowl.least)}.${bowl.isOff(slope, intercept) ? " The ball has left the map." : ""}`;
}

export default explorer("A line through dots, and its loss", ["slope", "intercept", "view"], (kit) => {
  const xs = kit.get("x"), ys = kit.get("y"), bowl = bowlOf(xs, ys);
  const [first, last] = [Math.min(...xs), Math.max(...xs)], [low, high] = [Math.min(...ys), Math.max(...ys)];
  const wide = 0.06 * (last - first), tall = 0.22 * (high - low || 1), view = [first - wide, last + wide],
    span = [low - tall, high + tall];
  const ends = [0.16, 0.84].map((share) => view[0] + share * (view[1] - view[0]));

  const stand = (slope, intercept) => kit.set({ slope, intercept });
  const panel = kit.panel(WIDTH, HEIGHT, "dots and the line through them", { role: "group" }),
    picture = shape("g", { "aria-hidden": "true" });
  const grip = shape("line", { stroke: "transparent", "stroke-width": 24, style: "cursor: ns-resize" });
  const handles = ends.map((_, end) => handle(end ? "right end of the line" : "left end of the line"));
  panel.svg.append(picture, grip, ...handles);
  const land = landscape(kit, bowl, { name: "the line as a point on the landscape", moved: stand });
  let trail = [], seen;

  /** The line through two places that the handles stand at; a hand that leaves the picture does not take the line
   *  along. */
  function lift(end, height) {
    const { slope, intercept } = kit.now(), other = 1 - end, kept = slope * ends[other] + intercept;
    const turned = (Math.max(span[0], Math.min(span[1], height)) - kept) / (ends[end] - ends[other]);
    stand(turned, kept - turned * ends[other]);
  }
  handles.forEach((node, end) => {
    follow(node, panel.svg, (place) => lift(end, seen.y.back(place.y)));
    arrows(node, (_, up) => lift(end, kit.get("slope") * ends[end] + kit.get("intercept") + up * (high - low) / 100));
  });
  let held;
  follow(grip, panel.svg, (place, start) => stand(kit.get("slope"), held + seen.y.back(place.y) - seen.y.back(start.y)),
    { begin: () => { held = kit.get("intercept"); } });

  return {
    panels: [panel, land.panel],
    legend: [["dot", "var(--dot)", "a drop of paint"], ["line", "var(--stick)", "how far off the line is"],
      ["line", "var(--line)", "the line, and the ball that it is on the land"], ["star", "#F0E442", "least squares"]],
    controls: [[kit.button("Show least squares", () => stand(bowl.slope, bowl.intercept), "first"),
      kit.button("Forget the trail", () => { trail = trail.slice(-1); kit.redraw(); }), ...land.controls]],
    longest: lineInWords(bowl, -123.45, -123.45) + " The ball has left the map.",
    again: () => { trail = []; },
    facts: ({ slope, intercept }) => ({ slope: figureOf(slope), intercept: figureOf(intercept),
      loss: figureOf(bowl.loss(slope, intercept)) }),
    words: ({ slope, intercept }) => lineInWords(bowl, slope, intercept),
    draw({ slope, intercept }) {
      seen = chart(panel, view, span, kit.get("names"));
      const { x, y } = seen, on = (value) => slope * value + intercept, [clip, clipped] = clipOf(seen);
      const line = { x1: x(view[0]), x2: x(view[1]), y1: y(on(view[0])), y2: y(on(view[1])) };
      picture.replaceChildren(shape("defs", {}, clip), seen.axes, shape("g", clipped,
        shape("path", { d: xs.map((value, row) =>
          `M${x(value).toFixed(1)} ${y(ys[row]).toFixed(1)}V${y(on(value)).toFixed(1)}`).join(""),
          stroke: "var(--stick)", "stroke-width": 1.1, opacity: 0.75, fill: "none" }),
        shape("path", { d: xs.map((value, row) => `M${x(value).toFixed(1)} ${y(ys[row]).toFixed(1)}h0`).join(""),
          stroke: "var(--dot)", "stroke-width": xs.length > 400 ? 4.4 : 8, "stroke-linecap": "round", opacity: 0.9 }),
        shape("line", { ...line, stroke: "var(--line)", "stroke-width": 3.4, "stroke-linecap": "round" })));
      furnish(grip, line, []);
      handles.forEach((node, end) => {
        // A handle stays on the line: where the line leaves the picture before it, the handle waits at the edge.
        const height = Math.max(span[0], Math.min(span[1], on(ends[end]))),
          place = height === on(ends[end]) || slope === 0 ? ends[end] : (height - intercept) / slope;
        node.setAttribute("transform", `translate(${x(place)} ${y(height)})`);
        node.setAttribute("aria-valuenow", on(ends[end]));
        node.setAttribute("aria-valuetext",
          `height ${figureOf(on(ends[end]))}, loss ${figureOf(bowl.loss(slope, intercept))}`);
      });
      const last = trail.at(-1);
      if (!last || Math.hypot((slope - last[0]) / bowl.reach,
        (intercept - last[1]) / bowl.across) > 1e-4) trail = [...trail.slice(-240), [slope, intercept]];
      land.show(trail);
    },
  };
});
