// The search: every word has to occur in what is known of a cluster.

const words = document.getElementById("words");
const found = document.getElementById("found");
const texts = plan.clusters.map((one) =>
  [one.name, ...Object.values(known(one)), one.mark ?? ""].join("\n").toLowerCase());
let hits = [];
let current = -1;

function search() {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  hits = texts.flatMap((text, at) => (wanted.every((word) => text.includes(word)) ? [at] : []));
  current = -1;
  map.classList.toggle("searching", wanted.length > 0);
  const those = new Set(hits);
  cards.forEach((card, at) => card.classList.toggle("hit", wanted.length > 0 && those.has(at)));
  found.textContent = wanted.length ? `${hits.length} of ${plan.clusters.length}` : "";
}

// Go to the next hit, or with -1 to the one before.
function go(step) {
  if (!hits.length || !words.value.trim()) return;
  current = (current + step + hits.length) % hits.length;
  choose(hits[current], { centred: true });
  found.textContent = `${current + 1} of ${hits.length}`;
}

words.addEventListener("input", search);

words.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  words.value = "";
  search();
  words.blur();
});

document.getElementById("search").addEventListener("submit", (event) => event.preventDefault());
words.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  go(event.shiftKey && current > -1 ? -1 : 1);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.matches("input")) return;
  event.preventDefault();
  words.focus();
  words.select();
});

for (const button of document.querySelectorAll("[data-search]")) {
  button.addEventListener("click", () => {
    words.value = words.value === button.dataset.search ? "" : button.dataset.search;
    search();
  });
}
