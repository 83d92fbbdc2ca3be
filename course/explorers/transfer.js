// The explorer of lesson 09: poses drawn, or taken by the camera, looked at by lesson 05's network without its last
// layer, and a head that learns here. Strokes, field and convolutions are those of pad.js, which stands before this.

const POSES = ["up", "right", "down", "left"], WAYS = [[0, -1], [1, 0], [0, 1], [-1, 0]], FLAG = [7, 7];
const TAUGHT = 10, COPIES = 2, ROUNDS = 100, RATE = 2, NEIGHBOURS = 3, SURE = 0.5, TURN = 40, SLIP = 4;

const pairsOf = (stroke) => Array.from({ length: stroke.length / 2 }, (_, at) => [stroke[2 * at], stroke[2 * at + 1]]);

/** Strokes as a nervous hand holds them; `unsteady` in transfer.py is the same. */
function unsteady(strokes, nerves, lot) {
  const chance = seeded(lot), draw = () => (2 * chance() - 1) * nerves;
  const turn = draw() * TURN * Math.PI / 180, right = SLIP * draw(), down = SLIP * draw();
  const cosine = Math.cos(turn), sine = Math.sin(turn);
  return strokes.map((stroke) => pairsOf(stroke).flatMap(([x, y]) =>
    [14 + cosine * (x - 14) - sine * (y - 14) + right, 14 + sine * (x - 14) + cosine * (y - 14) + down]));
}

/** What lesson 05's network makes of an image before its last layer: the means of its 64 last maps over four
 *  overlapping quarters. `features` in transfer.py is the same. */
function describedBy(weights, image) {
  let at = 0, maps = Float32Array.from(image), side = SIDE, channels = 1;
  const take = (count) => weights.subarray(at, at += count);
  WIDTHS.forEach((width, stage) => {
    if (stage) { maps = pooled(maps, side, channels); side /= 2; }
    for (let layer = 0; layer < 2; layer++) {
      const kernels = take(9 * channels * width), bias = take(width);
      maps = convolved(maps, side, channels, width, kernels, bias);
      channels = width;
    }
  });
  const answer = new Float64Array(4 * channels);
  for (let channel = 0; channel < channels; channel++) {
    [[0, 0], [0, 3], [3, 0], [3, 3]].forEach(([top, left], quarter) => {
      for (let place = 0; place < 16; place++) {
        answer[4 * channel + quarter] += maps[(channel * side + top + (place >> 2)) * side + left + place % 4] / 16;
      }
    });
  }
  return answer;
}

/** The head, `Scale` and `train_head` of course/transfer.py, from features and poses; and the same for the nearest
 *  neighbours. Gives a function from features to the share of each pose. */
function learnedFrom(known, poses, by) {
  const n = known.length, wide = known[0].length, mean = new Float64Array(wide), spread = new Float64Array(wide);
  for (const row of known) row.forEach((value, at) => { mean[at] += value / n; });
  for (const row of known) row.forEach((value, at) => { spread[at] += (value - mean[at]) ** 2 / n; });
  const scaled = (row) => row.map((value, at) => (value - mean[at]) / (Math.sqrt(spread[at]) + 1e-3) / Math.sqrt(wide));
  const rows = known.map(scaled);
  if (by === "neighbours") {
    const k = Math.min(NEIGHBOURS, n);
    return (row) => {
      const asked = scaled(row), far = rows.map((one) => one.reduce((sum, value, at) => sum + (value - asked[at]) ** 2, 0));
      const shares = POSES.map(() => 0);
      far.map((_, at) => at).sort((one, other) => far[one] - far[other]).slice(0, k)
        .forEach((at) => { shares[poses[at]] += 1 / k; });
      return shares;
    };
  }
  const weight = POSES.map(() => new Float64Array(wide)), bias = POSES.map(() => 0);
  const sharesFor = (row) => sharesOf(weight.map((one, pose) => one.reduce((sum, value, at) => sum + value * row[at], bias[pose])));
  for (let round = 0; round < ROUNDS; round++) {
    const slopes = rows.map((row, at) => sharesFor(row).map((share, pose) => (share - (poses[at] === pose)) / n));
    rows.forEach((row, number) => slopes[number].forEach((slope, pose) => {
      bias[pose] -= RATE * slope;
      for (let at = 0; at < wide; at++) weight[pose][at] -= RATE * slope * row[at];
    }));
  }
  return (row) => sharesFor(scaled(row));
}

/** The same words as `MazeExplorer.sentence`. */
function mazeInWords({ place, steps, count, own, shaken }, shares) {
  const n = POSES.length * count + own.length;
  const there = String(place) === String(FLAG) ? `You are at the flag after ${steps} steps. ` : "";
  const learned = `It has learned from ${n} ${n === 1 ? "example" : "examples"}${shaken && n ? `, each with ${COPIES} shaken copies` : ""}`;
  if (!n) return `${there}It has nothing to learn from. Draw a pose and teach it, or move the slider of examples.`;
  if (!shares) return `${there}Nothing is held up. Draw a pose, or let one be drawn. ${learned}. Nothing leaves this page.`;
  const [first, second] = orderOf(shares), percent = (pose) => `${(100 * shares[pose]).toFixed(0)} %`;
  const walks = shares[first] >= SURE ? "" : "That is not enough to walk. ";
  return `${there}It sees ${POSES[first]} and is ${percent(first)} sure; its second guess is ${POSES[second]}, with ${percent(second)}. ` +
    `${walks}${learned}. Nothing leaves this page.`;
}

const orderOf = (shares) => {
  const rounded = shares.map((share) => Math.round(1e6 * share));
  return POSES.map((_, pose) => pose).sort((one, other) => rounded[other] - rounded[one] || one - other);
};

const MAZE_STATE = ["place", "steps", "strokes", "own", "count", "nerves", "lot", "shaken", "by"];

export default explorer("A maze that one walks through by holding up poses", MAZE_STATE, (kit) => {
  const weights = halvesOf(bytesOf(kit.get("weights"))), mean = kit.get("mean"), spread = kit.get("spread");
  const sprites = kit.get("sprites"), maze = kit.get("maze"), looks = new Map();
  let over = false, model = { of: null, ask: null }, waiting = null;
  let camera = null, frame = null, taken = []; // what the camera sees stays in these, and in no trait

  const lookedAt = (image) => describedBy(weights, image.map((ink) => (ink - mean) / spread));
  /** The features of strokes; the same strokes are looked at once. */
  const featuresOf = (strokes) => {
    const text = JSON.stringify(strokes);
    if (looks.size > 2000) looks.clear();
    if (!looks.has(text)) looks.set(text, lookedAt(inked(strokes.map(pairsOf))));
    return looks.get(text);
  };

  /** All that is to be learned from: [pose, a function that gives its features] each. */
  const examplesOf = ({ count, own, shaken }) => {
    if (camera) return taken.map(([pose, described]) => [pose, () => described]);
    const given = [...POSES.flatMap((_, pose) => sprites[pose].slice(0, count).map((strokes) => [pose, strokes])), ...own];
    return given.flatMap(([pose, strokes], number) => Array.from({ length: shaken ? 1 + COPIES : 1 }, (_, copy) =>
      [pose, () => featuresOf(copy ? unsteady(strokes, 1, 7919 * copy + number) : strokes)]));
  };

  /** Learn when there is something new, a few examples at a time so that the page goes on; the old head reads until
   *  then. */
  const learn = (now) => {
    const key = JSON.stringify([now.count, now.own, now.shaken, now.by, !!camera, taken.length]);
    if (model.of === key || waiting === key) return;
    waiting = key;
    const examples = examplesOf(now), known = [], begun = performance.now();
    const goOn = () => {
      if (waiting !== key) return;
      const until = performance.now() + 25;
      while (known.length < examples.length && performance.now() < until) known.push(examples[known.length][1]());
      if (known.length < examples.length) { setTimeout(goOn); return; }
      waiting = null;
      model = { of: key, ask: known.length ? learnedFrom(known, examples.map(([pose]) => pose), now.by) : null };
      stage.dataset.learned = (performance.now() - begun).toFixed(0);
      kit.redraw();
    };
    goOn();
  };

  const heldUp = ({ strokes, nerves, lot }) => unsteady(strokes, nerves, lot);
  const sharesNow = (now) => {
    if (!model.ask) return null;
    if (camera) return frame ? model.ask(frame.described) : null;
    return now.strokes.some((stroke) => stroke.length) ? model.ask(featuresOf(heldUp(now))) : null;
  };

  const stage = kit.panel(280, 280, "the maze: arrow keys hold up a pose for that way, and what the network reads is walked",
    { role: "application", kind: "explorer-maze" });
  const cell = 280 / maze.length, player = shape("circle", { r: 9, fill: "var(--dot)", stroke: "var(--paper)", "stroke-width": 2 });
  stage.svg.append(...maze.flatMap((row, y) => [...row].flatMap((kind, x) => (kind === "#"
    ? [shape("rect", { x: x * cell, y: y * cell, width: cell + 0.5, height: cell + 0.5, fill: "var(--edge)" })] : []))),
  shape("path", { d: starPath(12), transform: `translate(${(FLAG[0] + 0.5) * cell} ${(FLAG[1] + 0.5) * cell})`,
    fill: "var(--other)", stroke: "var(--ink)" }), player);
  furnish(stage.svg, { tabindex: 0 }, []);

  const drawn = (pose) => {
    const lot = kit.get("lot") + 1;
    kit.set({ lot, strokes: sprites[pose][TAUGHT + lot % (sprites[pose].length - TAUGHT)] });
  };
  /** One step the way that is read, where it is sure enough and no wall stands there. */
  const walk = () => {
    const now = kit.now();
    learn(now);
    const shares = sharesNow(now), pose = shares ? orderOf(shares)[0] : 0;
    if (!shares || shares[pose] < SURE) return;
    const to = now.place.map((part, axis) => part + WAYS[pose][axis]);
    kit.set({ steps: now.steps + 1, ...(maze[to[1]][to[0]] === "#" ? {} : { place: to }) });
  };
  arrows(stage.svg, (right, up) => { drawn(up > 0 ? 0 : right > 0 ? 1 : up < 0 ? 2 : 3); walk(); });

  const photo = shape("image", { width: 280, height: 280, style: "image-rendering: pixelated" });
  // A stroke on a field on which the page has drawn begins a new pose.
  const field = drawingField(kit, "a field to draw a pose on", [14, 8], () => {
    const strokes = over ? kit.get("strokes") : [];
    over = true;
    return strokes;
  }, photo);

  const bars = kit.panel(280, 104, "how sure the network is of each pose"), grow = shape("g");
  bars.svg.append(grow);

  const close = () => {
    camera?.stream.getTracks().forEach((track) => track.stop());
    clearInterval(camera?.clock);
    camera = null; frame = null; taken = [];
    photo.removeAttribute("href");
  };
  /** A frame of the camera as the network sees it: grey, small, mirrored, from its darkest to its brightest. */
  const look = (video, canvas) => {
    if (!video.videoWidth) return;
    const brush = canvas.getContext("2d", { willReadFrequently: true }), side = Math.min(video.videoWidth, video.videoHeight);
    brush.setTransform(-1, 0, 0, 1, SIDE, 0);
    brush.drawImage(video, (video.videoWidth - side) / 2, (video.videoHeight - side) / 2, side, side, 0, 0, SIDE, SIDE);
    const { data } = brush.getImageData(0, 0, SIDE, SIDE);
    const grey = Float64Array.from({ length: SIDE * SIDE }, (_, at) => (data[4 * at] + data[4 * at + 1] + data[4 * at + 2]) / 765);
    const low = Math.min(...grey), high = Math.max(...grey);
    frame = { described: lookedAt(grey.map((value) => (value - low) / Math.max(0.05, high - low))) };
    photo.setAttribute("href", canvas.toDataURL());
    kit.redraw();
  };
  const shutter = kit.button("Camera", async () => {
    if (camera) { close(); kit.redraw(); return; }
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 240 } });
      const video = element("video", { muted: "", playsinline: "" }), canvas = element("canvas", { width: SIDE, height: SIDE });
      video.muted = true;
      video.srcObject = stream;
      await video.play();
      camera = { stream, clock: setInterval(() => look(video, canvas), 150) };
      look(video, canvas);
    } catch { shutter.disabled = true; shutter.title = "no camera here"; }
    kit.redraw();
  }, null);

  const group = (name, act) => element("span", { class: "explorer-group", role: "group", "aria-label": name },
    element("span", { class: "explorer-quiet" }, name), element("span", { class: "explorer-choices" },
      ...POSES.map((word, pose) => element("button", { type: "button", "aria-label": `${name} ${word}`, click: () => act(pose) }, word))));
  const teach = (pose) => {
    if (camera) { if (frame) taken = [...taken, [pose, frame.described]]; kit.redraw(); return; }
    const strokes = heldUp(kit.now()).map((stroke) => stroke.map((part) => Math.round(10 * part) / 10));
    if (strokes.some((stroke) => stroke.length)) kit.set({ own: [...kit.get("own"), [pose, strokes]] });
  };
  const shaken = kit.button("Learn from shaken copies", () => kit.set({ shaken: !kit.get("shaken") }));
  return {
    panels: [stage, element("div", { class: "explorer-poses" }, field.panel, bars)],
    columns: "minmax(0, 380px) minmax(0, 380px)",
    legend: [["dot", "var(--dot)", "you"], ["star", "var(--other)", "the flag"], ["line", "var(--ink)", "the pose, as it is held"]],
    controls: [[group("draw me", (pose) => { over = false; drawn(pose); }), kit.button("Walk", walk, "first"),
      kit.button("Clear", () => { field.lift(); kit.set({ strokes: [] }); })],
    [kit.slider("nerves", "nerves", { min: 0, max: 1, step: 0.05, text: (value) => `${Math.round(100 * value)} %` }),
      kit.slider("examples of each", "count", { min: 0, max: TAUGHT, step: 1, text: String })],
    [group("teach", teach), shaken, shutter,
      kit.choice("read by", "by", { choices: { head: "head", neighbours: "3 nearest" } })]],
    longest: mazeInWords({ place: FLAG, steps: 100, count: 10, own: [], shaken: true }, [0.4, 0.3, 0.2, 0.1]),
    again: () => { field.lift(); over = false; close(); },
    stop: close,
    words: (now) => (camera ? `The camera is on, and ${taken.length} of its pictures are taught. ${frame && model.ask && taken.length
      ? `It sees ${POSES[orderOf(sharesNow(now))[0]]}. ` : "Hold up a pose and teach it. "}No picture leaves this page.`
      : mazeInWords(now, sharesNow(now))),
    draw(now) {
      learn(now);
      shaken.setAttribute("aria-pressed", String(now.shaken));
      shutter.setAttribute("aria-pressed", String(!!camera));
      player.setAttribute("cx", (now.place[0] + 0.5) * cell);
      player.setAttribute("cy", (now.place[1] + 0.5) * cell);
      field.show(camera ? [] : heldUp(now), 20);
      const shares = sharesNow(now), best = shares ? orderOf(shares)[0] : -1, { unit, width } = bars, gap = (width - 10) / 4;
      grow.replaceChildren(shape("line", { class: "axis", x1: 5, x2: width - 5, y1: 80, y2: 80 }),
        ...POSES.map((word, pose) => {
          const share = shares ? shares[pose] : 0, x = 5 + gap * pose, high = 62 * share;
          return shape("g", {}, shape("rect", { x: x + gap * 0.2, width: gap * 0.6, y: 80 - high, height: high,
            fill: pose === best ? "var(--dot)" : "var(--stick)" }),
          shape("text", { class: pose === best ? "name" : null, x: x + gap / 2, y: 80 + 15 * unit, "text-anchor": "middle" }, word),
          ...(share >= 0.02 ? [shape("text", { x: x + gap / 2, y: 76 - high, "text-anchor": "middle" },
            `${(100 * share).toFixed(0)} %`)] : []));
        }));
      bars.svg.setAttribute("aria-label", shares ? `how sure the network is, in per cent: ${shares.map((share, pose) =>
        `${POSES[pose]}: ${(100 * share).toFixed(0)}`).join(", ")}` : "how sure the network is of each pose: nothing is held up");
    },
  };
});
