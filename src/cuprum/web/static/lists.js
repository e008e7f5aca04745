// Lists: rows picked by mouse and keyboard, panels opened beside them, and the way back to the row that one came from.

const panel = document.getElementById("panel");
const hasWord = document.querySelector("[data-toast]") !== null;
const boxes = () => [...document.querySelectorAll("#bulk [name=id]")];
const isTyping = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog[open]");

// --- picking rows

let last = null;

document.addEventListener("click", (event) => {
  const box = event.target.closest("#bulk [name=id]");
  if (box) {
    if (event.shiftKey && last?.isConnected) pickBetween(last, box);
    last = box;
  }
  if (event.target.closest("[data-picks-none]")) {
    pickAll(false);
    sessionStorage.removeItem(pickedKey());
  }
  keep();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-picks-all]")) pickAll(event.target.checked);
  keep();
});

function pickBetween(from, to) {
  const all = boxes();
  const [first, end] = [all.indexOf(from), all.indexOf(to)].sort((one, other) => one - other);
  for (const box of all.slice(first, end + 1)) box.checked = to.checked;
}

function pickAll(picked) {
  for (const box of boxes()) box.checked = picked;
  const all = document.querySelector("#bulk [name=all]");
  if (all && !picked) all.checked = false;
}

// What is picked stays so on the other windows of the same list, in whatever order and columns, until something is done with it.

const PASSING = ["after", "before", "done", "sort_by", "sort_direction", "columns", "view"];

function pickedKey() {
  const query = new URLSearchParams(location.search);
  for (const name of PASSING) query.delete(name);
  return `picked ${location.pathname}?${query}`;
}

const kept = () => new Set(JSON.parse(sessionStorage.getItem(pickedKey()) ?? "[]"));

function keep() {
  const picked = kept();
  for (const box of boxes()) picked[box.checked ? "add" : "delete"](box.value);
  if (picked.size) sessionStorage.setItem(pickedKey(), JSON.stringify([...picked]));
  else sessionStorage.removeItem(pickedKey());
  tell();
}

function pickAgain() {
  const picked = kept();
  for (const box of boxes()) box.checked = picked.has(box.value);
  tell();
}

// Those that stand on other windows go along with the form.
function keptElsewhere() {
  const here = new Set(boxes().map((box) => box.value));
  const others = [...kept()].filter((id) => !here.has(id));
  const field = document.querySelector("#bulk [data-kept]");
  if (field) field.value = others.join(",");
  document.getElementById("bulk")?.toggleAttribute("data-has-kept", others.length > 0);
  return others.length;
}

function tell() {
  const all = boxes();
  const picked = all.filter((box) => box.checked).length;
  const elsewhere = keptElsewhere();
  const every = document.querySelector("[data-picks-all]");
  if (!every) return;
  every.checked = picked > 0 && picked === all.length;
  every.indeterminate = picked > 0 && picked < all.length;
  const words = document.querySelector("[data-picked]");
  if (words) words.textContent = document.querySelector("#bulk [name=all]")?.checked ? "" : `${picked + elsewhere} selected${elsewhere ? `, ${elsewhere} of them on other pages` : ""}`;
  // One alone has nobody to be merged with.
  const merge = document.querySelector("#bulk [formaction$='/bulk/merge']");
  if (merge) merge.disabled = picked + elsewhere < 2;
  for (const box of all) box.closest("tr").classList.toggle("is-picked", box.checked);
}

// --- whether all columns fit: what scrolls sideways keeps its heads in a box of its own

function measure() {
  const box = document.querySelector(".table-scroll:has(> .has-picks)");
  box?.classList.toggle("is-wide", box.firstElementChild.offsetWidth > box.clientWidth);
}

addEventListener("resize", measure);

// --- keys: x picks the row, e edits its record; Enter follows its link by itself

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const row = event.target.closest("#bulk tbody tr");
  if (!row) return;
  if (event.key === "x") {
    event.preventDefault();
    row.querySelector("[name=id]").click();
  } else if (event.key === "e") {
    event.preventDefault();
    location.assign(`${row.querySelector("th a").pathname}/edit`);
  }
});

// --- panels: what a link or button would open as a page

document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx?.target === panel && panel.firstElementChild) {
    if (!panel.open) panel.showModal();
    panel.querySelector("[data-focus]:not(:disabled), [autofocus]")?.focus();
    sortable();
  }
  pickAgain();
  measure();
});

panel?.addEventListener("close", () => panel.replaceChildren());
panel?.addEventListener("click", (event) => {
  if (event.target === panel) panel.close();
  if (event.target.closest("[data-dismiss]")) {
    event.preventDefault();
    panel.close();
  }
});
panel?.addEventListener("submit", (event) => {
  // A file is no page to go to: the list stays, and needs no panel over it.
  if (event.target.matches(".export-form")) setTimeout(() => panel.close());
});

document.addEventListener("input", (event) => {
  const narrows = event.target.dataset?.narrows;
  if (!narrows) return;
  const words = event.target.value.trim().toLocaleLowerCase();
  for (const item of document.querySelectorAll(`${narrows} li`)) item.hidden = !item.textContent.toLocaleLowerCase().includes(words);
  for (const section of document.querySelectorAll(`${narrows} section`)) section.hidden = !section.querySelector("li:not([hidden])");
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.dataset?.narrows) return;
  event.preventDefault();
  document.querySelector(`${event.target.dataset.narrows} li:not([hidden]) :is(a, input)`)?.click();
});

function sortable() {
  const list = panel.querySelector("[data-sorts]");
  if (list && window.Sortable) window.Sortable.create(list, { animation: 120, forceFallback: true, filter: "input, button", preventOnFilter: false });
}

// --- the way back: the row that was opened or changed has the keyboard again, and where it is gone the next one

const key = () => `row ${location.pathname}${location.search}`;

document.addEventListener("click", (event) => {
  const row = event.target.closest("a") && event.target.closest("#bulk tbody tr");
  if (row) leaveFrom(row);
});

document.addEventListener("submit", (event) => {
  const picked = document.querySelector("#bulk .is-picked");
  if (picked && event.target.closest("#bulk, #panel")) leaveFrom(picked);
});

function leaveFrom(row) {
  const ids = [...row.parentElement.children].map((one) => one.id);
  const at = ids.indexOf(row.id);
  sessionStorage.setItem(key(), JSON.stringify([...ids.slice(at), ...ids.slice(0, at).reverse()]));
}

const leftFrom = () => JSON.parse(sessionStorage.getItem(key()) ?? "[]");

addEventListener("pageshow", (event) => {
  if (event.persisted) pickAgain();
  const isBack = event.persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  const row = (isBack || hasWord) && leftFrom().map((id) => document.getElementById(id)).find(Boolean);
  if (!row) return;
  row.querySelector("th a").focus({ preventScroll: true });
  const { top, bottom } = row.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) row.scrollIntoView({ block: "center" });
});

// The word of what was done stands here: it was done with these.
if (hasWord) sessionStorage.removeItem(pickedKey());
pickAgain();
measure();
