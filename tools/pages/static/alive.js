// Brings the explorers and quizzes of a page to life: each place holds its traits as JSON, and its script made a widget.
// Put after course/explorers/page.js. A link that ends in #play-NAME=STATE opens the explorer of that name in that state.

/** The state that the page's address asks for, {place, state}, or nothing. */
function asked() {
  const [, place, text] = window.location.hash.match(/^#(play-[\w-]+)=(.*)$/) ?? [];
  try {
    return place ? { place, state: JSON.parse(decodeURIComponent(text)) } : {};
  } catch {
    return {};
  }
}

/** Whether a value from an address can stand where another one does. */
const isLike = (value, before) => typeof value === typeof before && Array.isArray(value) === Array.isArray(before)
  && value !== null;

function bringToLife(place) {
  const widget = (window.explorers ?? {})[place.dataset.kind];
  if (!widget || place.dataset.lives) return;
  place.dataset.lives = "yes";
  const traits = JSON.parse(place.querySelector("script").textContent), first = traits.at_first;
  const model = modelOf(traits);
  model.link = (state) => `${window.location.href.split("#")[0]}#${place.id}=${encodeURIComponent(JSON.stringify(state))}`;
  const open = () => {
    const { place: wanted, state } = asked();
    if (wanted !== place.id) return;
    for (const [trait, value] of Object.entries(state ?? {})) {
      if (trait in first && isLike(value, traits[trait])) model.set(trait, value);
    }
    place.scrollIntoView({ block: "center" });
  };
  const el = document.createElement("div");
  place.append(el);
  open();
  widget.render({ model, el });
  window.addEventListener("hashchange", open);
}

document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".alive").forEach(bringToLife));
