// Names offered while somebody types `@` in a text that can mention: arrows choose, Enter and Tab take, Escape leaves.

const STARTS = /(^|[\s([{"'“‘«「（])@([^\n@]{0,40})$/u;
const MOST = 6;
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

let open = null;

document.addEventListener("input", (event) => {
  if (event.target.matches("textarea[data-names]")) offer(event.target);
});
document.addEventListener("keydown", keys, true);
document.addEventListener("focusout", (event) => open?.field === event.target && close());
document.addEventListener("click", (event) => {
  if (event.target.matches("textarea[data-names]")) offer(event.target);
});

function offer(field) {
  const typed = STARTS.exec(field.value.slice(0, field.selectionStart));
  const names = typed ? fitting(JSON.parse(field.dataset.names), typed[2]) : [];
  if (!names.length) return close();
  if (open?.field !== field) show(field);
  open.typed = typed[2].length;
  open.list.replaceChildren(...names.map((name, place) => option(name, place)));
  choose(0);
  open.said.textContent = `${names.length === 1 ? "1 person" : `${names.length} people`} offered`;
}

// The word that was typed may be any of a person's names; who is whole already is not offered.
function fitting(names, typed) {
  const wanted = fold(typed);
  const fits = (name) => fold(name).startsWith(wanted) || (wanted && fold(name).split(/\s+/).some((word) => word.startsWith(wanted)));
  return names.filter((name) => fits(name) && fold(name) !== wanted.trimEnd()).slice(0, MOST);
}

function show(field) {
  close();
  const list = document.createElement("ul");
  Object.assign(list, { id: "mention-list", className: "mention-list" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "People to mention");
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const at = [...list.children].indexOf(event.target.closest("[role=option]"));
    if (at >= 0) take(at);
  });
  const said = Object.assign(document.createElement("p"), { className: "sr-only" });
  said.setAttribute("role", "status");
  const anchor = Object.assign(document.createElement("div"), { className: "mention-anchor" });
  anchor.append(list, said);
  field.after(anchor);
  field.setAttribute("aria-controls", list.id);
  open = { field, anchor, list, said, chosen: 0, typed: 0 };
}

function option(name, place) {
  const made = Object.assign(document.createElement("li"), { id: `mention-${place}`, className: "option", textContent: name });
  made.setAttribute("role", "option");
  return made;
}

function choose(at) {
  const options = [...open.list.children];
  open.chosen = (at + options.length) % options.length;
  options.forEach((one, place) => one.setAttribute("aria-selected", String(place === open.chosen)));
  options[open.chosen].scrollIntoView({ block: "nearest" });
  open.field.setAttribute("aria-activedescendant", options[open.chosen].id);
}

function keys(event) {
  if (!open || event.target !== open.field || event.isComposing) return;
  const does = {
    ArrowDown: () => choose(open.chosen + 1),
    ArrowUp: () => choose(open.chosen - 1),
    Enter: () => take(open.chosen),
    Tab: () => take(open.chosen),
    Escape: close,
  }[event.key];
  if (!does || event.ctrlKey || event.metaKey || event.altKey || (event.key === "Tab" && event.shiftKey)) return;
  event.preventDefault();
  event.stopPropagation();
  does();
}

function take(at) {
  const { field, list, typed } = open;
  const end = field.selectionStart;
  field.setRangeText(`${list.children[at].textContent} `, end - typed, end, "end");
  close();
  field.focus();
}

function close() {
  if (!open) return;
  open.anchor.remove();
  for (const name of ["aria-controls", "aria-activedescendant"]) open.field.removeAttribute(name);
  open = null;
}
