// The explorer of lesson 11: breeds pictures of digits. The generator runs here, in four plain layers; nothing is asked of the kernel.

const SIDE = 14, MOST = 24;

/** The bytes that came as the layers' weights and biases, one Float32Array each. */
function unpacked(bytes, sizes) {
  const numbers = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)), parts = [];
  let from = 0;
  for (const size of sizes) {
    const count = size.reduce((product, length) => product * length, 1);
    parts.push(numbers.subarray(from, from + count));
    from += count;
  }
  return parts;
}

/** A dense layer and a ReLU. */
function dense(x, weight, bias) {
  const out = new Float32Array(bias.length);
  for (let to = 0; to < bias.length; to++) {
    let sum = bias[to];
    for (let from = 0, place = to * x.length; from < x.length; from++) sum += weight[place + from] * x[from];
    out[to] = Math.max(sum, 0);
  }
  return out;
}

/** A 3 x 3 convolution over 7 x 7 maps, padded with zeros, and a ReLU. What each input reaches is added, and zeros, half of all inputs, are left out. */
function convolved(maps, weight, bias) {
  const channels = maps.length / 49, kernels = bias.length, sums = new Float32Array(81 * kernels), turned = new Float32Array(kernels * 9);
  for (let from = 0; from < channels; from++) {
    for (let to = 0; to < kernels; to++) for (let kernel = 0; kernel < 9; kernel++) turned[kernel * kernels + to] = weight[(to * channels + from) * 9 + kernel];
    for (let place = 0; place < 49; place++) {
      const value = maps[from * 49 + place];
      if (value === 0) continue;
      for (let kernel = 0; kernel < 9; kernel++) {
        const at = (9 * (Math.floor(place / 7) + 2 - Math.floor(kernel / 3)) + place % 7 + 2 - kernel % 3) * kernels, row = kernel * kernels;
        for (let to = 0; to < kernels; to++) sums[at + to] += value * turned[row + to];
      }
    }
  }
  const out = new Float32Array(49 * kernels);
  for (let to = 0; to < kernels; to++) for (let place = 0; place < 49; place++) {
    out[to * 49 + place] = Math.max(0, bias[to] + sums[(9 * (Math.floor(place / 7) + 1) + place % 7 + 1) * kernels + to]);
  }
  return out;
}

/** A transposed convolution from 7 x 7 maps to one of 14 x 14 (4 x 4 kernels, stride 2), and a sigmoid. */
function enlarged(maps, weight, bias) {
  const out = new Float32Array(SIDE * SIDE).fill(bias[0]);
  for (let from = 0; from < maps.length / 49; from++) for (let place = 0; place < 49; place++) {
    const value = maps[from * 49 + place];
    if (value === 0) continue;
    for (let kernel = 0; kernel < 16; kernel++) {
      const row = 2 * Math.floor(place / 7) - 1 + Math.floor(kernel / 4), column = 2 * (place % 7) - 1 + kernel % 4;
      if (row >= 0 && row < SIDE && column >= 0 && column < SIDE) out[row * SIDE + column] += value * weight[from * 16 + kernel];
    }
  }
  return out.map((value) => 1 / (1 + Math.exp(-value)));
}

/** A picture, 196 numbers from 0 to 1; `pictured` in gans.py is the same. */
function pictured(parts, { latent, digit }) {
  const hidden = dense([...latent, ...digit], parts[0], parts[1]);
  return enlarged(convolved(dense(hidden, parts[2], parts[3]), parts[4], parts[5]), parts[6], parts[7]);
}

/** A share of the way along the arc; `slerp` in course/gans.py is the same. */
function slerp(start, end, share) {
  const dot = (a, b) => a.reduce((sum, value, place) => sum + value * b[place], 0);
  const cosine = Math.min(1, Math.max(-1, dot(start, end) / Math.sqrt(dot(start, start) * dot(end, end)))), angle = Math.acos(cosine);
  const straight = Math.abs(Math.sin(angle)) < 1e-4;
  const [one, other] = straight ? [1 - share, share] : [Math.sin((1 - share) * angle) / Math.sin(angle), Math.sin(share * angle) / Math.sin(angle)];
  return start.map((value, place) => one * value + other * end[place]);
}

/** The child of two members: between them, with a share of chance. */
function childOf({ family, mother, father, mutation, noise }, share) {
  const [her, him] = [family[mother], family[father]];
  const latent = slerp(her.latent, him.latent, share).map((value, place) => Math.sqrt(1 - mutation ** 2) * value + mutation * noise[place]);
  return { latent, digit: her.digit.map((value, place) => (1 - share) * value + share * him.digit[place]), parents: [mother, father] };
}

/** For each member, how many generations came before it. */
function generationsOf(family) {
  const found = [];
  for (const { parents } of family) found.push(parents.length ? 1 + Math.max(...parents.map((parent) => found[parent])) : 0);
  return found;
}

/** A member in words; `called` in gans.py is the same. */
function calledMember(family, place) {
  const kinds = family[place].digit.map((share, digit) => [digit, share]).filter(([, share]) => share > 0.05).map(([digit]) => digit);
  return `number ${place + 1}, ${kinds.length === 1 ? "a pure " : "of "}${kinds.join(" and ")}`;
}

/** The same words as `BreedingExplorer.sentence`. */
function familyInWords({ family, mother, father, share, mutation }) {
  const generations = Math.max(...generationsOf(family)) + 1;
  return `The mother is ${calledMember(family, mother)}; the father is ${calledMember(family, father)}. The child lies ${Math.round(100 * share)} % of the way to the father, ` +
    `with a mutation of ${mutation.toFixed(2)}. The family has ${family.length} members in ${generations} generation${generations > 1 ? "s" : ""}.`;
}

/** A picture as an address that an image element can show. */
function address(pixels) {
  const canvas = element("canvas", { width: SIDE, height: SIDE }), context = canvas.getContext("2d"), image = context.createImageData(SIDE, SIDE);
  pixels.forEach((value, place) => image.data.set([0, 1, 2].map(() => Math.round(255 * value)).concat(255), 4 * place));
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}

const standardNormal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());

function render({ model, el }) {
  const names = ["family", "mother", "father", "share", "mutation", "noise"], words = spokenSentence();
  const parts = unpacked(new Uint8Array(model.get("weights").buffer, model.get("weights").byteOffset, model.get("weights").byteLength), model.get("sizes"));
  const left = element("div", { class: "explorer-panel" }), right = element("div", { class: "explorer-panel" });
  let role = "mother", focused = null;
  const seen = new Map();  // pictures are computed once, so that a slider waits for one picture and not for ten
  const state = () => Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const put = (changes) => { model.set(changes); model.save_changes(); };
  const chance = () => Array.from({ length: model.get("noise").length }, standardNormal);
  const pictureOf = (member) => {
    const key = member.latent.join() + member.digit.join();
    if (seen.size > 200) seen.clear();
    if (!seen.has(key)) seen.set(key, address(pictured(parts, member)));
    return seen.get(key);
  };

  function cross(now) {
    const width = 430, height = 300, svg = shape("svg", { viewBox: `0 0 ${width} ${height}` });
    const framed = (member, x, y, size, name, colour, dashes = null) => svg.append(
      shape("image", { href: pictureOf(member), x, y, width: size, height: size, preserveAspectRatio: "none" }),
      shape("rect", { x, y, width: size, height: size, fill: "none", stroke: colour, "stroke-width": 3, "stroke-dasharray": dashes }),
      shape("text", { class: "name", x: x + size / 2, y: y + size + 18, "text-anchor": "middle" }, name));
    framed(now.family[now.mother], 8, 44, 100, `mother, ${now.mother + 1}`, "var(--dot)");
    framed(childOf(now, now.share), 139, 6, 152, "child", "var(--line)");
    framed(now.family[now.father], 322, 44, 100, `father, ${now.father + 1}`, "var(--stick)", "6 4");
    for (let place = 0; place < 7; place++) {
      const x = 8 + place * 59.4, share = place / 6;
      svg.append(shape("image", { href: pictureOf(childOf(now, share)), x, y: 206, width: 54, height: 54 }),
        shape("text", { x: x + 27, y: 276, "text-anchor": "middle" }, `${Math.round(100 * share)} %`));
    }
    svg.append(shape("text", { class: "name", x: width / 2, y: 295, "text-anchor": "middle" }, "share of the way from mother to father"),
      shape("path", { d: `M${35 + now.share * 356.4} 196l-6 -8h12z`, fill: "var(--line)" }));
    svg.setAttribute("aria-hidden", "true");
    return svg;
  }

  function tree(now) {
    const generations = generationsOf(now.family), rows = Math.max(...generations) + 1, longest = Math.max(...generations.map((row) => generations.filter((other) => other === row).length));
    const size = 52, width = Math.max(430, 20 + longest * 66), height = Math.max(300, 24 + rows * 92), places = [], filled = Array(rows).fill(0);
    generations.forEach((row) => { places.push([14 + 66 * filled[row], 10 + 92 * row]); filled[row] += 1; });
    const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "family tree" });
    now.family.forEach(({ parents }, place) => parents.forEach((parent, which) => svg.append(shape("line", {
      x1: places[parent][0] + size / 2, y1: places[parent][1] + size + 18, x2: places[place][0] + size / 2 + (which ? 6 : -6), y2: places[place][1],
      stroke: which ? "var(--stick)" : "var(--dot)", "stroke-width": 2, "stroke-dasharray": which ? "6 4" : null, opacity: 0.7 }))));
    now.family.forEach((member, place) => {
      const [x, y] = places[place], isMother = place === now.mother, isFather = place === now.father;
      const choose = (as) => { focused = place; put({ [as]: place }); };
      svg.append(shape("g", { tabindex: 0, role: "button", "aria-label": `${calledMember(now.family, place)}${isMother ? ", the mother" : ""}${isFather ? ", the father" : ""}`, "data-place": place,
        click: () => choose(role), focus: () => { focused = place; }, blur: () => { focused = null; },
        keydown: (event) => {
          const as = { m: "mother", f: "father", Enter: role, " ": role }[event.key];
          if (!as) return;
          event.preventDefault();
          choose(as);
        } },
        shape("image", { href: pictureOf(member), x, y, width: size, height: size }),
        shape("rect", { x, y, width: size, height: size, fill: "transparent", stroke: isMother ? "var(--dot)" : isFather ? "var(--stick)" : "var(--edge)",
          "stroke-width": isMother || isFather ? 4 : 1, "stroke-dasharray": isFather && !isMother ? "6 4" : null }),
        shape("rect", { class: "ring", x: x - 4, y: y - 4, width: size + 8, height: size + 8 }),
        shape("text", { x: x + size / 2, y: y + size + 14, "text-anchor": "middle" }, `${place + 1}${isMother ? " ♀" : ""}${isFather ? " ♂" : ""}`)));
    });
    return svg;
  }

  const share = slider("towards the father", { min: 0, max: 1, step: 0.05, value: model.get("share"), text: (value) => `${Math.round(100 * value)} %` }, (value) => put({ share: value }));
  const mutation = slider("mutation", { min: 0, max: 1, step: 0.05, value: model.get("mutation"), text: (value) => value.toFixed(2) }, (value) => put({ mutation: value }));
  const picks = choice("a click in the family chooses", { mother: "choose mother", father: "choose father" }, role, (value) => { role = value; });
  const button = (text, act, kind = "") => element("button", { type: "button", class: kind, click: act }, text);
  const keep = button("Keep the child", () => {
    const now = state();
    if (now.family.length < MOST) put({ family: [...now.family, childOf(now, now.share)], noise: chance() });
  }, "first");
  const mutate = button("Mutate", () => put({ noise: chance(), mutation: model.get("mutation") || 0.4 }));
  const forget = button("Forget the last", () => {
    const now = state(), left = now.family.length - 1;
    if (now.family[left].parents.length) put({ mother: now.mother === left ? 0 : now.mother, father: now.father === left ? 1 : now.father, family: now.family.slice(0, left) });
  });
  const draw = onceAFrame(() => {
    const now = state();
    share.set(now.share);
    mutation.set(now.mutation);
    keep.disabled = now.family.length >= MOST;
    forget.disabled = !now.family[now.family.length - 1].parents.length;
    const back = focused;
    left.replaceChildren(cross(now));
    right.replaceChildren(tree(now));
    if (back !== null) right.querySelector(`[data-place="${back}"]`)?.focus({ preventScroll: true });
    words.say(familyInWords(now));
  });
  el.append(frame("Breeding digits", element("div", { class: "explorer-row" }, left, right), words,
    element("div", { class: "explorer-controls" }, share, mutation, mutate, keep, forget, picks)));
  for (const name of names) model.on(`change:${name}`, draw);
  draw();
  return () => names.forEach((name) => model.off(`change:${name}`, draw));
}

export default { render };
