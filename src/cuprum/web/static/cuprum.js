// What pages do beyond links and forms. Everything here also works without it, by following the same links.

const isTyping = (element) => element.closest("input, textarea, select, [contenteditable], dialog[open]");

// --- keys: `g` and a letter goes, others act on the page

let going = 0;

// Whoever switched single keys off has none of them, on whatever page: this stands before all that listens.
document.addEventListener("keydown", (event) => {
  const isSingle = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (isSingle && document.documentElement.dataset.keys === "off" && !isTyping(event.target)) event.stopImmediatePropagation();
}, true);

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return leave(event);
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (Date.now() - going < 1500) {
    going = 0;
    const place = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (place) return act(event, () => place.click());
  }
  switch (event.key) {
    case "g":
      going = Date.now();
      return;
    case "/":
      return withElement(event, "#search", (field) => field.select());
    case "?":
      return withElement(event, "#shortcuts", (dialog) => dialog.showModal());
    case "j":
    case "k":
      return act(event, () => step(event.key === "j" ? 1 : -1));
    default:
      return withElement(event, `[data-key="${CSS.escape(event.key)}"]`, (link) => link.click());
  }
});

function act(event, does) {
  event.preventDefault();
  does();
}

function withElement(event, selector, does) {
  const element = document.querySelector(selector);
  if (element) act(event, () => does(element));
}

function leave(event) {
  const form = event.target.closest("form");
  form?.querySelector("[data-cancel]")?.click();
}

function step(by) {
  const links = [...document.querySelectorAll("[data-rows-keys] tbody th a")];
  const now = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
  links[Math.min(Math.max(now + by, 0), links.length - 1)]?.focus();
}

// --- facts: a click anywhere on one edits it

document.addEventListener("click", (event) => {
  const opens = event.target.closest("[data-open]");
  if (opens) document.getElementById(opens.dataset.open).showModal();
  if (event.target.closest("[data-close]")) event.target.closest("[data-toast]").remove();
  const fact = event.target.closest("[data-fact]");
  if (fact && !event.target.closest("a, button, summary") && !getSelection().toString()) fact.querySelector(".fact-edit").click();
});

// Ctrl+Enter sends what has many lines; Enter alone sends the rest by itself.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.closest("form")?.requestSubmit();
});

// --- after a swap: the keyboard goes where the eyes are

document.addEventListener("htmx:after:swap", () => {
  const place = document.querySelector("[data-focus], form.is-editing [aria-invalid], form.is-editing [autofocus]");
  if (place && !document.activeElement?.closest("form.is-editing, .filters")) {
    place.removeAttribute("data-focus");
    place.focus();
    if (place.matches("input[type=text]")) place.select();
  }
  arrange();
});

// --- the session has ended: the form goes as a whole page, which keeps what was typed through signing in

document.addEventListener("htmx:after:request", (event) => {
  if (event.detail.ctx?.response?.status !== 401) return;
  const form = event.target.closest?.("form");
  if (form) HTMLFormElement.prototype.submit.call(form);
  else location.assign("/sign-in?next=" + encodeURIComponent(location.pathname + location.search));
});

// --- toasts stay ten seconds, and as long as somebody is at them or in a dialog, as in the palette, which offers their undo

function arrange() {
  for (const toast of document.querySelectorAll("[data-toast]:not([data-timed])")) {
    toast.dataset.timed = "";
    for (const field of toast.querySelectorAll("[data-here]")) if (!field.value) field.value = location.pathname + location.search;
    const isWanted = () => toast.matches(":hover, :focus-within") || document.querySelector("dialog[open]");
    const go = () => (isWanted() ? setTimeout(go, 2000) : toast.remove());
    setTimeout(go, 10000);
  }
}

// The word of what was done is told once: a reload, or a link that is passed on, does not tell it again.
const here = new URL(location.href);
if (here.searchParams.has("done")) {
  here.searchParams.delete("done");
  history.replaceState(history.state, "", here);
}

// --- a list is remembered as it was left, for the way back to it

if (document.querySelector("[data-rows-keys]")) sessionStorage.setItem("list", location.pathname + location.search);

// --- one more row for another address or number, when the last is filled

document.addEventListener("input", (event) => {
  const rows = event.target.closest("[data-rows]");
  if (!rows || !rows.lastElementChild.contains(event.target) || !event.target.value) return;
  const another = rows.lastElementChild.cloneNode(true);
  for (const field of another.querySelectorAll("input")) {
    field.value = "";
    field.removeAttribute("id");
  }
  rows.append(another);
});

arrange();
