// The plan's values. Each map or list stands once in `shared`. Inside an entry, a number is the
// position of another entry, a list holds a real number or true or false, and a mark stands for
// the name of the cluster whose value it is.

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
  summary.append(" ", element("small", Array.isArray(entry) ? `[${count}]` : `{${count}}`));
  fold.append(summary);
  fold.addEventListener("toggle", () => fold.append(...lines(entry, name)), { once: true });
  return fold;
}

// What stands in a list is called by its own name, where it has one.
function titled(entry, key, position) {
  const inside = plan.shared[position];
  return Array.isArray(entry) && typeof inside.name === "string" ? inside.name : key;
}

function lines(entry, name) {
  return Object.entries(entry).map(([key, value]) => {
    if (typeof value === "number") return folded(titled(entry, key, value), value, name);
    const line = element("p", undefined, "leaf");
    const [real] = Array.isArray(value) ? value : [value];
    const shown = real === "" ? '""' : String(real);
    line.append(
      element("span", `${key.replaceAll(NAME, name)}:`, "key"),
      " ",
      element("span", shown.replaceAll(NAME, name), typeof real),
    );
    return line;
  });
}
