// The keyboard is never lost. On a page that has come it is at the heading, or at the link that was pressed where that shows the
// same page otherwise; after a swap at what was pressed, or what had led there, or else at what stands in its place.

const main = document.getElementById("main");
const CONTROLS = "a, button, summary, input:not([type=hidden])";
const isLost = () => document.activeElement === document.body;
const wordsOf = (control) => (control.getAttribute("aria-label") ?? control.textContent).replace(/\s+/g, " ").trim();

function goTo(place) {
  if (!place.matches(CONTROLS)) place.tabIndex = -1;
  place.focus({ preventScroll: true });
}

// --- a page that has come

let pressed = "";
let isByKeys = false;
document.addEventListener("keydown", () => (isByKeys = true), true);
document.addEventListener("pointerdown", () => (isByKeys = false), true);
document.addEventListener("click", (event) => {
  const link = event.target.closest("main a[href]");
  pressed = link ? wordsOf(link) : "";
});
addEventListener("pagehide", () => sessionStorage.setItem("left", JSON.stringify({ path: location.pathname, pressed, isByKeys })));

function arrive() {
  const left = JSON.parse(sessionStorage.getItem("left"));
  sessionStorage.removeItem("left");
  const isNew = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  if (!left || !isNew || !isLost() || location.hash || document.querySelector("[autofocus], [data-focus]")) return;
  const isSamePage = left.pressed && left.path === location.pathname;
  const place = (isSamePage && find(left.pressed)) || main.querySelector("h1");
  if (!place) return;
  goTo(place);
  if (!left.isByKeys) hideRing(place);
}

// Who came by mouse looks for no ring, until they come back by keys.
function hideRing(place) {
  place.dataset.byMouse = "";
  place.addEventListener("blur", () => delete place.dataset.byMouse, { once: true });
}

function find(words, within = main) {
  return [...within.querySelectorAll(CONTROLS)].find((one) => wordsOf(one) === words && one.checkVisibility());
}

// --- a swap that took away what had the keyboard

let held = [];

document.addEventListener("htmx:before:request", () => {
  const control = document.activeElement;
  if (main.contains(control) && control.matches(CONTROLS)) held = [placeOf(control), ...held].slice(0, 2);
});

function placeOf(control) {
  const row = control.closest("li[id], tr[id]");
  const rows = row ? [...row.parentElement.children] : [];
  const at = rows.indexOf(row);
  return {
    words: wordsOf(control),
    section: control.closest("section[aria-labelledby]")?.getAttribute("aria-labelledby"),
    rows: [...rows.slice(at), ...rows.slice(0, at).reverse()].map((one) => one.id).filter(Boolean),
    number: row ? controlsOf(row).indexOf(control) : 0,
  };
}

const controlsOf = (row) => [...row.querySelectorAll(CONTROLS)].filter((one) => one.checkVisibility());

// After whatever else has a say in it.
document.addEventListener("htmx:after:swap", () => setTimeout(recover));

function recover() {
  if (!held.length || !isLost() || document.querySelector("dialog[open]")) return;
  const place = held.map(again).find(Boolean) ?? besides(held[0]) ?? titleOf(held[0]) ?? main.querySelector("h1");
  if (place) goTo(place);
}

// The same control, but none of another section that is called alike.
function again({ words, section }) {
  const title = section && document.getElementById(section);
  return section ? title && find(words, title.closest("section")) : find(words);
}

function besides({ rows, number }) {
  const row = rows.map((id) => document.getElementById(id)).find(Boolean);
  if (!row) return undefined;
  const controls = controlsOf(row);
  return controls[number] ?? controls.find((one) => one.matches("a")) ?? controls[0];
}

function titleOf({ section }) {
  return section ? document.getElementById(section) : null;
}

arrive();
