// The palette: Ctrl+K or ⌘K finds, creates, goes, and does what the page offers. Without it, the same stands on /find.

const dialog = document.getElementById("palette");
const field = document.getElementById("palette-field");
const list = document.getElementById("palette-list");
const RECENT = `recent-${document.body.dataset.me}`;
const MOST_RECENT = 8;
let asked = null;
let chosen = null;

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  if (dialog.open) dialog.close();
  else if (!document.querySelector("dialog[open]")) open();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-palette]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open();
});

function open() {
  field.value = "";
  dialog.showModal();
  show();
}

dialog.addEventListener("click", (event) => {
  if (event.target === dialog) return dialog.close();
  const option = event.target.closest("[role=option]");
  if (option?.does) {
    dialog.close();
    option.does();
  }
});

dialog.addEventListener("submit", (event) => {
  event.preventDefault();
  chosen?.click();
});

field.addEventListener("input", show);
field.addEventListener("keydown", (event) => {
  const options = [...list.querySelectorAll("[role=option]")];
  const at = options.indexOf(chosen);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 6, PageUp: at - 6 }[event.key];
  if (to === undefined || !options.length) return;
  event.preventDefault();
  const step = Math.abs(to - at) === 1;
  choose(options[step ? (to + options.length) % options.length : Math.min(Math.max(to, 0), options.length - 1)]);
});

// --- what is offered

async function show() {
  asked?.abort();
  asked = new AbortController();
  const words = field.value.trim();
  const query = new URLSearchParams({ q: words, recent: recent().join(",") });
  try {
    const answer = await fetch(`/find?${query}`, { headers: { "HX-Request": "true" }, signal: asked.signal });
    if (answer.headers.has("HX-Redirect")) return location.assign(answer.headers.get("HX-Redirect"));
    if (!answer.ok) return;
    list.innerHTML = await answer.text();
  } catch {
    return;
  }
  offerActions(words);
  const first = list.querySelector("[role=option]");
  if (!first) list.innerHTML = '<p class="palette-none" role="option" aria-disabled="true">Nothing fits</p>';
  choose(first);
}

// What can be done here, whatever is marked with `data-does`: what the page is about comes early, what the frame has at the end.
function offerActions(words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = [...document.querySelectorAll("[data-does]:not(:disabled)")].filter((one) => {
    if (!isOffered(one)) return false;
    const starts = one.dataset.does.toLowerCase().split(/\s+/);
    return wanted.every((word) => starts.some((start) => start.startsWith(word)));
  });
  const first = list.firstElementChild?.matches("[data-group=Records], [data-group=Recent]") ? list.firstElementChild : null;
  const ofPage = group("On this page", fitting.filter(isOfPage));
  if (first) first.after(...ofPage);
  else list.prepend(...ofPage);
  // Whatever was typed could be the name of something new, but mostly it is not.
  const last = list.querySelector("[data-group='Create by this name']");
  list.append(...group("Settings", fitting.filter((one) => !isOfPage(one))), ...(last ? [last] : []));
}

const isOfPage = (one) => Boolean(one.closest("main, #toasts"));

// What waits in a menu can be done; what the page hides now, as what is done with picked rows, cannot.
const isOffered = (one) => Boolean(one.closest("details:not([open])")) || one.checkVisibility();

function group(name, actions) {
  if (!actions.length) return [];
  const made = document.createElement("div");
  made.setAttribute("role", "group");
  made.setAttribute("aria-label", name);
  made.append(Object.assign(document.createElement("p"), { className: "found-title", textContent: name }));
  actions.forEach((action, place) => {
    const option = document.createElement("div");
    Object.assign(option, { className: "option", id: `option-${name.replaceAll(" ", "-")}-${place}`, does: () => action.click() });
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const icon = action.querySelector(".icon")?.cloneNode(true) ?? "";
    option.append(icon, Object.assign(document.createElement("span"), { className: "cut", textContent: action.dataset.does }));
    made.append(option);
  });
  return [made];
}

function choose(option) {
  chosen?.setAttribute("aria-selected", "false");
  chosen = option;
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
}

// --- what was open lately: numbers only, the names are asked for anew

function recent() {
  try {
    return JSON.parse(localStorage.getItem(RECENT)) ?? [];
  } catch {
    return [];
  }
}

const here = document.querySelector("[data-record]")?.dataset.record;
if (here) localStorage.setItem(RECENT, JSON.stringify([here, ...recent().filter((one) => one !== here)].slice(0, MOST_RECENT)));
