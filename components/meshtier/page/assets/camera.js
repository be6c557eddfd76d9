// Pan and zoom: one transform on the whole picture.

const map = document.getElementById("map");
const view = document.getElementById("view");
const panel = document.getElementById("panel");
const size = { width: map.viewBox.baseVal.width, height: map.viewBox.baseVal.height };
const camera = { x: 0, y: 0, scale: 1, fitted: true };
const FARTHEST = 0.05;
const NEAREST = 3;
const LARGEST_FIT = 1.5; // a few clusters needn't fill a wall
const WHEEL_SPEED = 0.0016;
const A_DRAG = 4; // pixels a pointer may tremble in a click
const GLIDE = 220; // milliseconds
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const pointers = new Map();
let dragged = false;
let glide = 0;

function look(x, y, scale) {
  Object.assign(camera, { x, y, scale });
  view.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${scale.toFixed(4)})`);
}

// The part of the map that the panel leaves free.
function free() {
  const under = matchMedia("(max-width: 700px)").matches;
  const width = map.clientWidth - (under ? 0 : panel.offsetWidth);
  const height = map.clientHeight - (under ? panel.offsetHeight : 0);
  return { width, height, x: width / 2, y: height / 2 };
}

// Where the camera stands when it shows everything.
function whole() {
  const room = free();
  const scale = Math.min(room.width / size.width, room.height / size.height, LARGEST_FIT);
  return [room.x - (size.width * scale) / 2, room.y - (size.height * scale) / 2, scale];
}

function fit() {
  cancelAnimationFrame(glide);
  look(...whole());
  camera.fitted = true;
}

function zoom(factor, x, y) {
  cancelAnimationFrame(glide);
  const scale = Math.min(Math.max(camera.scale * factor, FARTHEST), NEAREST);
  const real = scale / camera.scale;
  camera.fitted = false;
  look(x - (x - camera.x) * real, y - (y - camera.y) * real, scale);
}

function zoomMiddle(factor) {
  const room = free();
  zoom(factor, room.x, room.y);
}

function pan(x, y) {
  cancelAnimationFrame(glide);
  camera.fitted = false;
  look(camera.x + x, camera.y + y, camera.scale);
}

// Bring a point of the picture to the middle of what is free, near enough to read.
function centre(x, y) {
  const room = free();
  const scale = Math.max(camera.scale, 0.9);
  glideTo(room.x - x * scale, room.y - y * scale, scale);
}

function glideTo(x, y, scale) {
  cancelAnimationFrame(glide);
  camera.fitted = false;
  const from = { ...camera };
  const begun = performance.now();
  if (calm.matches) return look(x, y, scale);
  const step = (now) => {
    const part = Math.min((now - begun) / GLIDE, 1);
    const eased = 1 - (1 - part) ** 3;
    const between = (start, end) => start + (end - start) * eased;
    look(between(from.x, x), between(from.y, y), between(from.scale, scale));
    if (part < 1) glide = requestAnimationFrame(step);
  };
  glide = requestAnimationFrame(step);
}

function onMap(event) {
  const box = map.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

map.addEventListener("wheel", (event) => {
  event.preventDefault();
  const pixels = event.deltaY * [1, 16, innerHeight][event.deltaMode];
  const at = onMap(event);
  zoom(Math.exp(-pixels * WHEEL_SPEED * (event.ctrlKey ? 5 : 1)), at.x, at.y);
}, { passive: false });

map.addEventListener("pointerdown", (event) => {
  if (event.button !== 0) return;
  pointers.set(event.pointerId, onMap(event));
  if (pointers.size === 1) dragged = false;
});

map.addEventListener("pointermove", (event) => {
  const before = pointers.get(event.pointerId);
  if (!before) return;
  const now = onMap(event);
  const moved = Math.hypot(now.x - before.x, now.y - before.y);
  if (!dragged && moved < A_DRAG) return;
  // Captured only now: a pointer captured from the start would click the map, never a cluster.
  if (!dragged) map.setPointerCapture(event.pointerId);
  dragged = true;
  map.classList.add("dragged");
  const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
  pointers.set(event.pointerId, now);
  if (!other) return pan(now.x - before.x, now.y - before.y);
  const spread = (one) => Math.max(Math.hypot(one.x - other.x, one.y - other.y), 1);
  zoom(spread(now) / spread(before), (now.x + other.x) / 2, (now.y + other.y) / 2);
});

for (const end of ["pointerup", "pointercancel"]) {
  map.addEventListener(end, (event) => {
    pointers.delete(event.pointerId);
    if (!pointers.size) map.classList.remove("dragged");
  });
}

document.getElementById("nearer").addEventListener("click", () => zoomMiddle(1.3));
document.getElementById("farther").addEventListener("click", () => zoomMiddle(1 / 1.3));
document.getElementById("fit").addEventListener("click", fit);
addEventListener("resize", () => camera.fitted && fit());

map.removeAttribute("viewBox");
fit();
