// The landscape of mean squared error over slope and intercept, as land or from above. Shared by lessons 02 and 03.
// The loss of a line is a bowl (a quadratic) in slope and intercept, so each pixel's ray meets it where a school
// formula says:
// no mesh, no rounding of corners, and contour lines where they belong.

// Matplotlib's cividis at 33 places.
const CIVIDIS = ("00224e00285b002e6a0533711a386f273e6e32436d3b496c434e6c4b546c535a6d5a5f6e61656f686a716f70737676767d7c78848279" +
  "8c8878938e789b9476a39a74aba072b4a76fbcae6cc4b468cdbb63d5c25edec958e7d150f0d846f9e03afee838");

// The same as a fine table, three numbers a shade.
const SHADES = 1024, CIVIDIS_TABLE = Uint8Array.from({ length: 3 * (SHADES + 1) }, (_, at) => {
  const place = Math.floor(at / 3) / SHADES * 32, left = Math.min(31, Math.floor(place));
  const [low, high] = [left, left + 1].map((stop) =>
    parseInt(CIVIDIS.slice(6 * stop + 2 * (at % 3), 6 * stop + 2 * (at % 3) + 2), 16));
  return low + (high - low) * (place - left);
});

// RINGS contour lines up to the highest corner; colours reach their brightest at BRIGHT of it, so that walls are not
// all grey.
const BRIGHT = 0.8, WIDTH = 460, HEIGHT = 380, RINGS = 14, TALL = 1.05, GAP = 0.62;

/** What the loss of every line needs to know of the dots, once: the best line, its loss, and how steep the bowl is. */
function bowlOf(xs, ys) {
  const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const middle = mean(xs), height = mean(ys), square = mean(xs.map((x) => x * x));
  const spread = mean(xs.map((x) => (x - middle) ** 2));
  const slope = mean(xs.map((x, row) => (x - middle) * (ys[row] - height))) / spread,
    intercept = height - slope * middle;
  const least = mean(xs.map((x, row) => (ys[row] - slope * x - intercept) ** 2));
  const reach = 2 * Math.sqrt(Math.max(mean(ys.map((y) => (y - height) ** 2)), 1e-18) / spread);
  const above = (right, up) => square * right * right + 2 * middle * right * up + up * up;
  return {
    slope, intercept, least, reach, across: reach * Math.sqrt(square), middle, square,
    loss: (m, b) => least + above(m - slope, b - intercept),
    /** Whether a line lies beyond the edge of the map. */
    isOff: (m, b) => !(Math.abs(m - slope) <= 1.0005 * reach
      && Math.abs(b - intercept) <= 1.0005 * reach * Math.sqrt(square)),
    gradient: (m, b) => [2 * (square * (m - slope) + middle * (b - intercept)),
      2 * (middle * (m - slope) + b - intercept)],
  };
}

/** The landscape as a panel with a ball on it. moved(slope, intercept): the ball was dragged or pushed with the keys.
 *  */
function landscape(kit, bowl, { name, moved }) {
  const { reach, across } = bowl;
  const a = bowl.square * reach * reach, k = bowl.middle * reach * across, d = across * across;
  const top = a + d + 2 * Math.abs(k), rise = TALL / top;
  const camera = { turn: k >= 0 ? -33 : 33, tilt: kit.get("view") === "land" ? 36 : 90 };
  let seen = {};

  const canvas = element("canvas", { width: 2 * WIDTH, height: 2 * HEIGHT, "aria-hidden": "true" });
  const back = shape("g", { "aria-hidden": "true" });
  const glowName = freshName("ball"), glow = shape("radialGradient", { id: glowName, cx: "0.36", cy: "0.3", r: "0.75" },
    shape("stop", { offset: "0", "stop-color": "#ffb27a" }), shape("stop", { offset: "0.35", "stop-color": "#EE7420" }),
    shape("stop", { offset: "1", "stop-color": "#A63F00" }));
  const ball = handle(name, 9, shape("circle", { r: 9, fill: `url(#${glowName})`, stroke: "white",
    "stroke-width": 2.2 }));
  const parts = {
    shade: shape("ellipse", { fill: "rgba(10,15,30,0.45)" }),
    plumb: shape("path", { stroke: "white", "stroke-width": 1, "stroke-dasharray": "2 4", opacity: 0.75,
      fill: "none" }),
    ground: shape("path", { stroke: "white", "stroke-width": 1.2, opacity: 0.75, fill: "none" }),
    casing: shape("path", { stroke: "rgba(15,20,40,0.55)", "stroke-width": 4.6, fill: "none",
      "stroke-linejoin": "round", "stroke-linecap": "round" }),
    hidden: shape("path", { stroke: "white", "stroke-width": 1.4, opacity: 0.35, fill: "none",
      "stroke-dasharray": "3 4" }),
    walk: shape("path", { stroke: "white", "stroke-width": 2.2, fill: "none", "stroke-linejoin": "round",
      "stroke-linecap": "round" }),
    steps: shape("path", { stroke: "white", "stroke-width": 5.2, fill: "none", "stroke-linecap": "round" }),
    star: shape("path", { d: starPath(9), fill: "#F0E442", stroke: "#2b2f36", "stroke-width": 1.1,
      "stroke-linejoin": "round" }),
  };
  const panel = kit.panel(WIDTH, HEIGHT, "landscape of loss", { role: "group", inside: [canvas] }), { svg } = panel;
  const gone = shape("text", { class: "name halo", y: HEIGHT - 12 });
  svg.append(shape("defs", {}, glow), back, shape("g", { "aria-hidden": "true" }, ...Object.values(parts)), gone, ball);

  /** Where a line stands on the unit square, and back. */
  const unit = (m, b) => [(m - bowl.slope) / reach, (b - bowl.intercept) / across];
  const line = ([u, v]) => [bowl.slope + u * reach, bowl.intercept + v * across];
  const lift = (u, v) => rise * (a * u * u + 2 * k * u * v + d * v * v);
  const inside = (u, v) => Math.abs(u) <= 1.0005 && Math.abs(v) <= 1.0005;

  function look() {
    const sin = Math.sin(camera.turn * Math.PI / 180), cos = Math.cos(camera.turn * Math.PI / 180);
    const up = Math.cos(camera.tilt * Math.PI / 180), away = Math.sin(camera.tilt * Math.PI / 180);
    const flat = (u, v, w) => [u * cos - v * sin, (u * sin + v * cos) * away + w * up];
    const corners = [[-1, -1], [-1, 1], [1, -1], [1, 1]].flatMap(([u, v]) =>
      [flat(u, v, lift(u, v)), flat(u, v, -GAP)]);
    const [xs, ys] = [0, 1].map((axis) => corners.map((corner) => corner[axis]));
    const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const [start, end, bottom, head] = [58 - 8 * up, 16 + 6 * up, 46, 8].map((part) => part * panel.unit);
    const size = Math.min((WIDTH - start - end) / (right - left), (HEIGHT - bottom - head) / (high - low));
    const centre = [(start + WIDTH - end) / 2 - size * (left + right) / 2,
      (head + HEIGHT - bottom) / 2 + size * (low + high) / 2];
    seen = { sin, cos, up, away, size, centre,
      A: rise * (a * cos * cos - 2 * k * cos * sin + d * sin * sin),
        C: rise * (a * sin * sin + 2 * k * cos * sin + d * cos * cos),
      B: rise * (2 * a * cos * sin + 2 * k * (cos * cos - sin * sin) - 2 * d * cos * sin),
      place: (u, v, w) => { const [x, y] = flat(u, v, w); return [centre[0] + size * x, centre[1] - size * y]; } };
  }

  /** How far back the ray through a place meets the bowl: where it enters from below, and where it lands inside. */
  function meet(x, y) {
    const { A, B, C, up, away } = seen, second = up * C, first = up * B * x + away, none = up * A * x * x - y;
    const under = first * first - 4 * second * none;
    if (under < 0) return null;
    const half = -0.5 * (first + (first < 0 ? -1 : 1) * Math.sqrt(under));
    return first < 0 ? [none / half, half / second] : [half / second, none / half];
  }
  const onSquare = (x, t) => [x * seen.cos + t * seen.sin, t * seen.cos - x * seen.sin];

  /** The line under a place of the picture, or null beside the land. */
  function pick([px, py]) {
    const x = (px - seen.centre[0]) / seen.size, hits = meet(x, (seen.centre[1] - py) / seen.size) ?? [];
    const found = hits.map((t) => onSquare(x, t)).reverse().find(([u, v]) => inside(u, v));
    return found ? line(found) : null;
  }

  /** Whether the front wall stands before a place of the surface. */
  function isHidden(u, v) {
    const x = u * seen.cos - v * seen.sin, t = u * seen.sin + v * seen.cos;
    const hits = meet(x, t * seen.away + lift(u, v) * seen.up);
    return Boolean(hits) && hits[0] < t - 0.01 && inside(...onSquare(x, hits[0]));
  }

  function paint(fine = true) {
    look();
    const grain = fine ? 2 : 1, wide = WIDTH * grain, tall = HEIGHT * grain;
    if (canvas.width !== wide) { canvas.width = wide; canvas.height = tall; }
    const context = canvas.getContext("2d"), image = context.createImageData(wide, tall), pixels = image.data;
    const ring = new Float32Array(wide * tall).fill(-1), kind = new Uint8Array(wide * tall);
    const lights = new Float32Array(wide * tall).fill(1);
    const { A, B, C, up, away, sin, cos, size, centre } = seen;
    const relief = Math.min(1, up * 1.6), sunRight = -0.5, sunFar = 0.42, sunUp = 0.76, second = up * C;
    // Everything in plain numbers: at 800,000 rays an array a ray would cost more than the geometry.
    for (let row = 0; row < tall; row++) {
      const y = (centre[1] - (row + 0.5) / grain) / size, floorAt = (y + GAP * up) / away;
      for (let column = 0; column < wide; column++) {
        const x = ((column + 0.5) / grain - centre[0]) / size, at = row * wide + column;
        const first = up * B * x + away, none = up * A * x * x - y, under = first * first - 4 * second * none;
        let side = 0, u = 0, v = 0;
        if (under >= 0) {
          const half = -0.5 * (first + (first < 0 ? -1 : 1) * Math.sqrt(under));
          const enters = first < 0 ? none / half : half / second, lands = first < 0 ? half / second : none / half;
          u = x * cos + enters * sin; v = enters * cos - x * sin;
          if (u >= -1 && u <= 1 && v >= -1 && v <= 1) side = 2;
          else {
            u = x * cos + lands * sin; v = lands * cos - x * sin;
            if (u >= -1 && u <= 1 && v >= -1 && v <= 1) side = 1;
          }
        }
        if (!side) {
          u = x * cos + floorAt * sin; v = floorAt * cos - x * sin;
          if (!(u >= -1 && u <= 1 && v >= -1 && v <= 1)) continue;
          side = 3;
        }
        kind[at] = side;
        ring[at] = RINGS * Math.sqrt((a * u * u + 2 * k * u * v + d * v * v) / top);
        if (side === 3) continue;
        const east = rise * 2 * (a * u + k * v), north = rise * 2 * (k * u + d * v);
        const right = east * cos - north * sin, far = east * sin + north * cos;
        const facing = (sunUp - sunRight * right - sunFar * far) / Math.sqrt(1 + right * right + far * far);
        lights[at] = 1 + relief * ((side === 1 ? 0.76 + 0.38 * Math.max(0, facing) : 0.6 +
          0.2 * Math.max(0, -facing)) - 1);
      }
    }
    for (let at = 0; at < ring.length; at++) {
      const side = kind[at];
      if (!side) continue;
      const here = ring[at], below = at + wide;
      const across = kind[at + 1] === side ? ring[at + 1] - here : kind[at - 1] === side ? here - ring[at - 1] : 0;
      const along = kind[below] === side ? ring[below] - here : kind[at - wide] === side ? here - ring[at - wide] : 0;
      const pace = Math.sqrt(across * across + along * along), near = Math.abs(here - Math.round(here));
      const stroke = here < 0.5 || pace > 0.45 ? 0 : Math.max(0,
        Math.min(1, 0.55 * grain + 0.5 - near / Math.max(pace, 1e-6)));
      const share = Math.min(1, (0.45 * here + 0.55 * (Math.floor(here) + 0.5)) / (RINGS * BRIGHT));
      const colour = 3 * Math.round(share * SHADES), light = lights[at], white = stroke * (side === 1 ? 0.42 : 0.22);
      for (let part = 0; part < 3; part++) {
        pixels[4 * at + part] = Math.min(255, CIVIDIS_TABLE[colour + part] * light) * (1 - white) + 255 * white;
      }
      pixels[4 * at + 3] = side === 3 ? 200 : 255;
    }
    context.putImageData(image, 0, 0);
    drawAxes();
    drawWalk();
  }

  function drawAxes() {
    const floor = (u, v) => seen.place(u, v, -GAP), middle = floor(0, 0), nodes = [];
    const lower = (one, other) => (Math.abs(floor(...one)[1] - floor(...other)[1]) > 1
      ? floor(...one)[1] > floor(...other)[1]
      : floor(...one)[0] < floor(...other)[0]) ? one : other;
    const label = (place, towards, reachOut, text, kind = "") => {
      const length = Math.hypot(...towards) || 1, far = reachOut * panel.unit,
        [dx, dy] = towards.map((part) => part / length * far);
      const anchor = Math.abs(dx) < far * 0.3 ? "middle" : dx > 0 ? "start" : "end";
      nodes.push(shape("text", { x: place[0] + dx, y: place[1] + dy + 4 * panel.unit,
        "text-anchor": kind ? "middle" : anchor, class: kind }, text));
    };
    const names = kit.get("names").slice(2);
    for (const [words, edge, spot, low, high] of [
      [names[0], lower([0, -1], [0, 1]), (t, [, v]) => [t, v], line([-1, 0])[0], line([1, 0])[0]],
      [names[1], lower([-1, 0], [1, 0]), (t, [u]) => [u, t], line([0, -1])[1], line([0, 1])[1]]]) {
      const rim = floor(...edge), towards = [rim[0] - middle[0], rim[1] - middle[1]];
      for (const value of ticks(low, high, 5 / panel.unit)) {
        const at = floor(...spot(2 * (value - low) / (high - low) - 1, edge)), length = Math.hypot(...towards);
        nodes.push(shape("line", { class: "axis", x1: at[0], y1: at[1], x2: at[0] + towards[0] / length * 5,
          y2: at[1] + towards[1] / length * 5 }));
        label(at, towards, 13, tickText(value));
      }
      label(rim, towards, words === names[0] ? 36 : 40, words, "name halo");
      if (seen.up < 0.05 && words === names[1]) {
        nodes.at(-1).setAttribute("transform", `rotate(-90 ${rim[0] - 42 * panel.unit} ${rim[1]})`);
        nodes.at(-1).setAttribute("x", rim[0] - 42 * panel.unit);
      }
    }
    if (seen.up > 0.3) {
      const [u, v] = [[-1, -1], [-1, 1], [1, -1], [1, 1]].reduce((one, other) =>
        (floor(...other)[0] < floor(...one)[0] ? other : one));
      const post = (share) => seen.place(u, v, share * TALL),
        places = ticks(bowl.least, bowl.least + top, 5 / panel.unit);
      nodes.push(shape("path", { class: "axis", "stroke-dasharray": "2 3",
        d: `M${post(-GAP / TALL).join(" ")}L${post(0).join(" ")}` }),
        shape("path", { class: "axis", d: `M${post(0).join(" ")}L${post(1).join(" ")}` }));
      for (const value of places) {
        const at = post((value - bowl.least) / top);
        nodes.push(shape("path", { class: "axis", d: `M${at.join(" ")}h-5` }));
        label(at, [-1, 0], 10, tickText(value));
      }
      label(post(1), [0, -1], 12, names[2], "name halo");
    }
    const rims = shape("path", { d: [[-1, null], [1, null], [null, -1], [null, 1]].map(([u, v]) => trace(
      Array.from({ length: 61 }, (_, step) => [u ?? step / 30 - 1, v ?? step / 30 - 1]),
        (p, q) => !isHidden(p, q))).join(""),
      fill: "none", stroke: "white", "stroke-width": 1.5, opacity: 0.9 });
    const ground = shape("path", { d: `M${[[-1, -1], [1, -1], [1, 1], [-1, 1]].map((corner) => floor(...corner).join(" ")).join("L")}Z`, class: "axis" });
    back.replaceChildren(ground, rims, ...nodes);
  }

  /** A path over the surface through points of the unit square, in pieces where `shown` holds. on: its height. */
  function trace(points, shown, on = lift) {
    let text = "", drawing = false;
    for (const [u, v] of points) {
      const good = inside(u, v) && shown(u, v);
      if (good) text += `${drawing ? "L" : "M"}${seen.place(u, v, on(u, v)).map((part) => part.toFixed(1)).join(" ")}`;
      drawing = good;
    }
    return text;
  }

  let walk = [], marks = false;
  function drawWalk() {
    const points = walk.map(([m, b]) => unit(m, b)), fine = points.slice(0, 1);
    for (let step = 1; step < points.length; step++) {
      const [from, to] = [points[step - 1], points[step]];
      // A ball that was thrown out crosses the map again and again: only what begins or ends on it is drawn.
      if (!inside(...from) && !inside(...to)) continue;
      const pieces = Math.min(60, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / 0.04)) || 1;
      for (let piece = 1; piece <= pieces; piece++) fine.push([0,
        1].map((axis) => from[axis] + (to[axis] - from[axis]) * piece / pieces));
    }
    const covered = new Map(fine.map((point) => [point, isHidden(...point)]));
    const clear = fine.length > 2000 ? () => true : (u, v) => !isHidden(u, v);
    const d = trace(fine, clear);
    parts.walk.setAttribute("d", d);
    parts.casing.setAttribute("d", d);
    parts.hidden.setAttribute("d", [...covered.values()].some(Boolean) ? trace(fine, (u, v) => isHidden(u, v)) : "");
    parts.ground.setAttribute("d", seen.up > 0.05 ? trace(fine, () => true, () => -GAP) : "");
    parts.steps.setAttribute("d", marks ? points.filter(([u, v]) => inside(u, v) && clear(u, v)).map(([u, v]) =>
      `M${seen.place(u, v, lift(u, v)).map((part) => part.toFixed(1)).join(" ")}h0`).join("") : "");
    const star = seen.place(0, 0, 0);
    parts.star.setAttribute("transform", `translate(${star[0]} ${star[1]})`);
    parts.star.setAttribute("opacity", isHidden(0, 0) ? 0.4 : 1);
    const [m, b] = walk.at(-1) ?? [bowl.slope, bowl.intercept],
      [u, v] = unit(m, b).map((part) => Math.max(-1, Math.min(1, part || 0)));
    const at = seen.place(u, v, lift(u, v)), below = seen.place(u, v, -GAP), away = !inside(...unit(m, b));
    // Off the map the ball waits, pale, at the rim that it left by.
    gone.textContent = away ? "the ball has left the map" : "";
    gone.setAttribute("x", 8 * panel.unit);
    ball.setAttribute("transform", `translate(${at[0].toFixed(1)} ${at[1].toFixed(1)})`);
    ball.setAttribute("opacity", away ? 0.35 : isHidden(u, v) ? 0.55 : 1);
    ball.setAttribute("aria-valuenow", bowl.loss(m, b));
    ball.setAttribute("aria-valuetext",
      `slope ${figureOf(m)}, intercept ${figureOf(b)}, loss ${figureOf(bowl.loss(m, b))}`);
    for (const [part, value] of Object.entries({ cx: below[0], cy: below[1], rx: seen.up > 0.05 ? 8 : 0,
      ry: 8 * seen.away })) {
      parts.shade.setAttribute(part, value);
    }
    parts.plumb.setAttribute("d", seen.up > 0.05 ? `M${below.join(" ")}L${at[0]} ${at[1] + 9}` : "");
  }

  let hold = [0, 0];
  ball.addEventListener("pointerdown", (event) => {
    const box = ball.querySelector("circle").getBoundingClientRect(), zoom = svg.getBoundingClientRect().width / WIDTH;
    hold = [(event.clientX - box.x - box.width / 2) / zoom, (event.clientY - box.y - box.height / 2) / zoom];
  }, true);
  const drag = (place) => {
    const found = pick([place.x - hold[0], place.y - hold[1]]);
    if (found) moved(...found);
  };
  follow(ball, svg, drag);
  arrows(ball, (right, up) => { const [m, b] = walk.at(-1); moved(m + right * reach / 50, b + up * across / 50); });
  const sketch = onceAFrame(() => paint(false));
  let from, settle, painted = 0, viewed = kit.get("view");
  const lastLand = { turn: camera.turn, tilt: 36 };
  follow(svg, svg, (place, start) => {
    if (camera.tilt > 89) { drag(place); return; }
    camera.turn = (from.turn + (place.x - start.x) / 2 + 540) % 360 - 180;
    camera.tilt = Math.max(18, Math.min(75, from.tilt + (place.y - start.y) / 4));
    sketch();
    turn.set(camera.turn);
  }, {
    begin(place) {
      from = { ...camera };
      hold = [0, 0];
      if (camera.tilt > 89) drag(place);
    },
    done() { if (camera.tilt <= 89) paint(); },
  });

  /** Turn towards another look, in half a second, or at once for who wants little motion. */
  function swing(goal) {
    const begin = { ...camera }, started = performance.now();
    const stride = (now) => {
      const done = movesLittle() ? 1 : Math.min(1, (now - started) / 500), ease = done * done * (3 - 2 * done);
      camera.turn = begin.turn + (goal.turn - begin.turn) * ease;
      camera.tilt = begin.tilt + (goal.tilt - begin.tilt) * ease;
      paint(done === 1);
      if (done < 1) requestAnimationFrame(stride);
    };
    requestAnimationFrame(stride);
  }

  const turn = slider("turn", { min: -180, max: 180, step: 1, value: camera.turn,
    text: (value) => `${tickText(Math.round(value))}\u00b0` }, (degrees) => {
    camera.turn = degrees;
    sketch();
    clearTimeout(settle);
    settle = setTimeout(() => paint(), 160);
  });
  look();
  return {
    panel,
    controls: [kit.choice("view", "view", { choices: { land: "As land", map: "From above" } }), turn],
    /** The walk so far: [[slope, intercept], ...]; the ball stands at its end. dots: mark each step. */
    show(points, dots = false) {
      walk = points;
      marks = dots;
      const view = kit.get("view");
      turn.querySelector("input").disabled = view === "map";
      if (painted !== panel.unit) { painted = panel.unit; paint(); } else drawWalk();
      if (view === viewed) return;
      viewed = view;
      if (view === "map") Object.assign(lastLand, camera);
      swing(view === "map" ? { turn: 0, tilt: 90 } : lastLand);
    },
  };
}
