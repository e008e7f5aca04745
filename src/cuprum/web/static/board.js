// The board: cards are dragged or moved by keys; `live.js` shows what others move. Without it, "Move to…" is a page.

const ask = document.getElementById("ask");
const token = document.getElementById("move");
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const ASKS_WHY = ["Lost", "Abandoned"];
let moved = null;

// --- moving

function move(card, values) {
  take(card);
  const address = `/opportunities/${card.dataset.deal}/move`;
  const sent = { ...values, was: card.dataset.was, next: location.pathname + location.search };
  htmx.ajax("POST", address, { source: token, target: "#board", swap: "outerMorph", values: sent });
}

// Where the keyboard goes on afterwards: the card itself, or its neighbour where it leaves the board.
function take(card) {
  moved = [card, card.nextElementSibling, card.previousElementSibling].filter(Boolean).map((one) => one.id);
}

function askWhy(card, word) {
  const address = new URL(card.querySelector("[data-move]").href);
  address.searchParams.set("to", word);
  htmx.ajax("GET", address.pathname + address.search, { source: ask, target: "#ask", swap: "innerHTML" });
}

function close(card, word) {
  if (ASKS_WHY.includes(word)) askWhy(card, word);
  else move(card, { status: word });
}

// --- dragging

function makeMovable() {
  for (const list of document.querySelectorAll(".deals, .closing")) {
    if (Sortable.get(list)) continue;
    new Sortable(list, {
      group: { name: "board", pull: list.matches(".deals"), put: true },
      draggable: ".deal",
      sort: false,
      // The browser's own dragging knows no touch and no scrolling of a column.
      forceFallback: true,
      fallbackOnBody: true,
      fallbackTolerance: 5,
      delay: 180,
      delayOnTouchOnly: true,
      scroll: true,
      scrollSensitivity: 60,
      bubbleScroll: true,
      animation: still ? 0 : 140,
      ghostClass: "is-place",
      dragClass: "is-dragged",
      onStart: () => setDragging(true),
      onEnd: dropped,
    });
  }
}

function setDragging(is) {
  document.documentElement.classList.toggle("is-dragging", is);
}

function dropped({ item, from, to, oldDraggableIndex }) {
  setDragging(false);
  if (from === to) return;
  if (to.dataset.stage) return move(item, { stage: to.dataset.stage });
  // It goes back to its place until the server has closed it: whoever cancels finds it there.
  from.insertBefore(item, from.querySelectorAll(".deal")[oldDraggableIndex] ?? null);
  close(item, to.dataset.closing);
}

// --- keys: arrows walk over the cards, with Shift they take one along, `m` asks where to

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.(".deal");
  if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
  const across = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const along = { ArrowUp: -1, ArrowDown: 1, k: -1, j: 1 }[event.key];
  if (across && event.shiftKey) {
    const next = besides(card, across);
    if (next) move(card, { stage: next.dataset.stage });
  } else if (across) focus(nearest(card, across));
  else if (along) focus(along > 0 ? card.nextElementSibling : card.previousElementSibling);
  else if (event.key === "m") card.querySelector("[data-move]").click();
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

function columns() {
  return [...document.querySelectorAll(".deals")];
}

function besides(card, by) {
  const all = columns();
  return all[all.indexOf(card.closest(".deals")) + by];
}

function nearest(card, by) {
  const all = columns();
  const place = [...card.parentElement.children].indexOf(card);
  for (let at = all.indexOf(card.closest(".deals")) + by; all[at]; at += by)
    if (all[at].children.length) return all[at].children[Math.min(place, all[at].children.length - 1)];
}

function focus(card) {
  card?.querySelector("[data-card]")?.focus();
}

// --- after an answer

const isNews = (event) => event.detail.ctx?.sourceElement?.id === "board";

document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail.ctx?.target;
  if (target?.id === "ask" && !ask.open) ask.showModal();
  if (target?.id !== "board") return;
  makeMovable();
  if (isNews(event)) return;
  if (ask.open) ask.close();
  focus(moved?.map((id) => document.getElementById(id)).find(Boolean));
  moved = null;
});

document.addEventListener("htmx:error", () => {
  if (moved) location.reload();
});

ask.addEventListener("close", () => ask.replaceChildren());
ask.addEventListener("submit", (event) => take(document.getElementById(`deal-${event.target.dataset.moves}`)));
ask.addEventListener("click", (event) => {
  if (!event.target.closest("[data-dismiss]")) return;
  event.preventDefault();
  ask.close();
});

makeMovable();
