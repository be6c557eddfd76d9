// Which cluster is chosen, by pointer or by keys.

let chosen = null;
const NEIGHBOUR = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP = 60; // pixels by which an arrow key pans

function choose(at, { centred = false, entered = false } = {}) {
  if (chosen !== null) cards[chosen].setAttribute("aria-pressed", "false");
  chosen = at;
  panel.hidden = at === null;
  document.body.classList.toggle("open", at !== null);
  showCalls(at);
  // Who sees everything goes on seeing it, beside the panel.
  if (camera.fitted && !centred) {
    glideTo(...whole());
    camera.fitted = true;
  }
  if (at === null) return;
  cards[at].setAttribute("aria-pressed", "true");
  fill(at);
  if (centred || (!camera.fitted && covered(at))) centre(middles[at].x, middles[at].y);
  // Those who came by keys read on in the panel; Escape brings them back.
  if (entered) document.getElementById("who").focus();
}

function close() {
  const last = chosen;
  choose(null);
  if (last !== null && panel.contains(document.activeElement)) cards[last].focus();
}

// Whether a cluster lies under the panel or outside the map, if only in part.
function covered(at) {
  const room = free();
  const { x, y, across, down } = middles[at];
  const lies = (middle, half, start, length) =>
    start + (middle - half) * camera.scale >= 0 && start + (middle + half) * camera.scale <= length;
  return !lies(x, across, camera.x, room.width) || !lies(y, down, camera.y, room.height);
}

function cardOf(target) {
  const card = target.closest?.(".cluster");
  return card ? Number(card.id.slice(1)) : null;
}

// The nearest cluster in a direction; to the side counts more than ahead.
function neighbour(at, [dx, dy]) {
  const from = middles[at];
  let best = null;
  let least = Infinity;
  middles.forEach((to, other) => {
    const ahead = (to.x - from.x) * dx + (to.y - from.y) * dy;
    const aside = Math.abs((to.x - from.x) * dy) + Math.abs((to.y - from.y) * dx);
    const distance = ahead + 2.5 * aside;
    if (ahead > 1 && distance < least) [best, least] = [other, distance];
  });
  return best;
}

map.addEventListener("click", (event) => {
  if (dragged) return;
  choose(cardOf(event.target));
});

map.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse" || pointers.size) return;
  const at = cardOf(event.target);
  showCalls(at === null ? chosen : at);
});

map.addEventListener("pointerleave", () => showCalls(chosen));

map.addEventListener("focusin", (event) => {
  const at = cardOf(event.target);
  if (at === null || !event.target.matches(":focus-visible")) return;
  showCalls(at);
  if (covered(at)) centre(middles[at].x, middles[at].y);
});

map.addEventListener("keydown", (event) => {
  const at = cardOf(event.target);
  if (at === null) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    choose(at, { entered: true });
  } else if (event.key in NEIGHBOUR) {
    event.preventDefault();
    event.stopPropagation();
    const next = neighbour(at, NEIGHBOUR[event.key]);
    if (next !== null) cards[next].focus();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") close();
  else if (event.key === "+" || event.key === "=") zoomMiddle(1.3);
  else if (event.key === "-") zoomMiddle(1 / 1.3);
  else if (event.key === "0") fit();
  else if (event.key in NEIGHBOUR && event.target === document.body) {
    const [dx, dy] = NEIGHBOUR[event.key];
    pan(-dx * STEP, -dy * STEP);
  } else return;
  event.preventDefault();
});

document.getElementById("close").addEventListener("click", close);
