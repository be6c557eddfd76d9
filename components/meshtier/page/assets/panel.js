// The panel beside the map: everything about one cluster.

const MANY = 12; // peers that are listed without being folded up

function chip(at) {
  const button = element("button", plan.clusters[at].name);
  button.type = "button";
  button.addEventListener("click", () => choose(at, { centred: true }));
  return button;
}

function chips(title, clusters) {
  const fold = element("details", undefined, "chips");
  const summary = element("summary", title);
  summary.append(" ", element("small", String(clusters.length)));
  const list = element("ul");
  list.append(...clusters.map((at) => {
    const item = element("li");
    item.append(chip(at));
    return item;
  }));
  fold.append(summary, list);
  fold.open = clusters.length <= MANY;
  return fold;
}

function ways(at) {
  const all = peers(at);
  const below = plan.clusters.flatMap((one, child) => (one.parent === at ? [child] : []));
  const others = plan.clusters.flatMap((_, other) => (other === at ? [] : [other]));
  const groups = [
    ["Clusters below", below],
    ["Calls directly", all.filter((peer) => way(at, peer) === "direct")],
    ["Calls over a gateway", all.filter((peer) => way(at, peer) === "over")],
    ["Has no way to", all.filter((peer) => way(at, peer) === "none")],
    ["Is called by, without a way back", others.filter((other) => way(other, at) !== "none" && way(at, other) === "none")],
  ];
  return groups.filter(([, clusters]) => clusters.length).map((group) => chips(...group));
}

// What the plan says of a cluster in words, all of them texts.
function known(cluster) {
  const texts = Object.entries(plan.shared[cluster.facts]);
  return Object.fromEntries(texts.map(([name, text]) => [name, text.replaceAll(NAME, cluster.name)]));
}

function facts(cluster) {
  return Object.entries(known(cluster)).flatMap(([name, value]) => {
    const text = element("dd");
    text.append(name === "parent" && cluster.parent !== null ? chip(cluster.parent) : value);
    return [element("dt", name), text];
  });
}

function fill(at) {
  const cluster = plan.clusters[at];
  const word = cluster.mark ? ` (${cluster.mark})` : "";
  document.getElementById("who").textContent = cluster.name + word;
  document.getElementById("where").textContent = `cluster ${at + 1} of ${plan.clusters.length}`;
  document.getElementById("facts").replaceChildren(...facts(cluster));
  document.getElementById("ways").replaceChildren(...ways(at));
  const values = Object.entries(cluster.values).map(([field, position]) =>
    folded(plan.titles[field] ?? field.replaceAll("_", " "), position, cluster.name));
  document.getElementById("values").replaceChildren(...values);
  panel.scrollTop = 0;
}
