// The plan's values. Each map or list stands once in `shared`; inside an entry, a list of one
// number stands for the entry at that position, since real lists are entries of their own, and a
// mark stands for the name of the cluster whose value it is.

const NAME = "\ue000";

const plan = JSON.parse(document.getElementById("data").textContent);

function element(name, content, className) {
  const made = document.createElement(name);
  if (className) made.className = className;
  // As text, never as markup: nothing in a document can become part of the page.
  if (content !== undefined) made.textContent = content;
  return made;
}

// A value folded up; what is inside is made when somebody opens it.
function folded(title, position, name) {
  const entry = plan.shared[position];
  const count = Array.isArray(entry) ? entry.length : Object.keys(entry).length;
  const fold = element("details");
  const summary = element("summary", title.replaceAll(NAME, name));
  summary.append(element("small", Array.isArray(entry) ? `[${count}]` : `{${count}}`));
  fold.append(summary);
  fold.addEventListener("toggle", () => fold.append(...lines(entry, name)), { once: true });
  return fold;
}

function lines(entry, name) {
  return Object.entries(entry).map(([key, value]) => {
    if (Array.isArray(value)) return folded(key, value[0], name);
    const line = element("p", undefined, "leaf");
    const shown = typeof value === "string" && value !== "" ? value : JSON.stringify(value);
    line.append(
      element("span", key.replaceAll(NAME, name), "key"),
      element("span", shown.replaceAll(NAME, name), typeof value),
    );
    return line;
  });
}
