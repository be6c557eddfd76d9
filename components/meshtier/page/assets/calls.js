// Who calls whom: the peers of one cluster, and the way to each of them.

const SVG = "http://www.w3.org/2000/svg";
const MANY_LINES = 12; // to clusters of one network
const cards = plan.clusters.map((_, at) => document.getElementById(`c${at}`));
const middles = cards.map((card) => {
  const { e, f } = card.transform.baseVal.consolidate().matrix;
  const box = card.querySelector(".card");
  const [across, down] = [box.width.baseVal.value / 2, box.height.baseVal.value / 2];
  return { x: e + across, y: f + down, across, down };
});

// The way from one cluster to another: "direct", "over" a gateway, or "none".
function way(from, to) {
  const source = plan.clusters[from];
  const target = plan.clusters[to];
  if (!plan.groups[source.reads].includes(to)) return "none";
  if (source.network === target.network) return "direct";
  return plan.groups[target.via].length ? "over" : "none";
}

function peers(at) {
  return plan.groups[plan.clusters[at].reads].filter((other) => other !== at);
}

function curve(a, b, kind) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  // Bent to one side, so that lines along a row of cards come out from behind them.
  const bend = Math.min(0.18 * Math.hypot(dx, dy), 90) / (Math.hypot(dx, dy) || 1);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("class", kind);
  path.setAttribute("d", `M${a.x} ${a.y}Q${(a.x + b.x) / 2 + dy * bend} ${(a.y + b.y) / 2 - dx * bend} ${b.x} ${b.y}`);
  return path;
}

// The point of a region that is nearest to another point.
function edge(region, { x, y }) {
  const box = region.querySelector("rect").getBBox();
  const within = (value, low, length) => Math.min(Math.max(value, low), low + length);
  return { x: within(x, box.x, box.width), y: within(y, box.y, box.height) };
}

// The calls of a cluster by way and network, as `[kind, network, peers]`.
function bundles(at) {
  const found = new Map();
  for (const peer of peers(at)) {
    const [kind, { network }] = [way(at, peer), plan.clusters[peer]];
    if (kind === "none") continue;
    const key = `${kind} ${network}`;
    if (!found.has(key)) found.set(key, [kind, network, []]);
    found.get(key)[2].push(peer);
  }
  return [...found.values()];
}

// Lines to each peer; where there are too many to follow, the region is marked instead.
function drawn(at) {
  const lines = new Map();
  const add = (from, to, kind) => from !== to && lines.set(`${from} ${to}`, curve(middles[from], middles[to], kind));
  for (const [kind, network, all] of bundles(at)) {
    const regions = [...map.querySelectorAll(".region")].filter((one) => one.dataset.network === network);
    if (all.length > MANY_LINES && regions.length) {
      for (const region of regions) {
        region.classList.add(kind);
        if (kind === "over") lines.set(region, curve(middles[at], edge(region, middles[at]), kind));
      }
    } else if (kind === "direct") all.forEach((peer) => add(at, peer, kind));
    else {
      for (const peer of all) {
        for (const gateway of plan.groups[plan.clusters[peer].via]) {
          add(at, gateway, "over");
          add(gateway, peer, "direct");
        }
      }
    }
  }
  return [...lines.values()];
}

// Show the calls of one cluster; of none for null.
function showCalls(at) {
  map.classList.toggle("calling", at !== null);
  map.querySelectorAll(".region").forEach((region) => region.classList.remove("direct", "over"));
  document.getElementById("calls").replaceChildren(...(at === null ? [] : drawn(at)));
  cards.forEach((card, other) => {
    const kind = at === null || other === at ? "" : way(at, other);
    card.classList.toggle("source", other === at);
    card.classList.toggle("direct", kind === "direct");
    card.classList.toggle("over", kind === "over");
  });
}
