// What others do shows within seconds. A page says what it is about (`data-about` on main) and up to where it knows of everything
// (`data-seen`); a cheap question tells whether that is old, and then the regions marked `data-live` are brought up to date.

const SECONDS = 3;
const MOST_SECONDS = 60;
const main = document.getElementById("main");
const notice = document.getElementById("notice");
const told = document.getElementById("told");
let failures = 0;
let isOld = false;
// Counts what was begun here: a page that was asked for before it is old when it comes.
let turn = 0;
let underway = 0;

const isFollowing = () => main.dataset.seen !== undefined;

document.addEventListener("htmx:before:request", () => {
  turn += 1;
  underway += 1;
});
document.addEventListener("htmx:finally:request", () => {
  turn += 1;
  underway -= 1;
});

// --- asking

async function look() {
  if (isFollowing() && !document.hidden) await ask().catch(lost);
  setTimeout(look, Math.min(SECONDS * 2 ** Math.max(failures - 1, 0), MOST_SECONDS) * 1000);
}

async function ask() {
  if (!isOld) {
    const asked = new URLSearchParams({ seen: main.dataset.seen, about: main.dataset.about });
    const answer = await fetch(`/news?${asked}`, { headers: { "HX-Request": "true" } });
    if (answer.headers.has("HX-Redirect")) return signedOut();
    if (!answer.ok) throw new Error(answer.status);
    if (answer.status === 204) main.dataset.seen = answer.headers.get("Cuprum-Seen");
    else isOld = true;
    found();
  }
  if (isOld && !isBusy()) await refresh();
}

// While something is dragged, chosen in a dialog or on its way to the server, the page stays as it is.
function isBusy() {
  return underway > 0 || document.querySelector("dialog[open], .is-dragging") !== null;
}

async function refresh() {
  const at = turn;
  const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" } });
  if (answer.redirected && new URL(answer.url).pathname === "/sign-in") return signedOut();
  if (answer.status >= 500) throw new Error(answer.status);
  if (answer.status === 404) return gone();
  const text = await answer.text();
  if (at !== turn || isBusy() || !answer.ok) return;
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.getElementById("main");
  if (fresh?.dataset.seen === undefined) return;
  renewTokens(page);
  const outcomes = [];
  for (const region of document.querySelectorAll("[data-live][id]")) outcomes.push(await renew(region, page.getElementById(region.id)));
  main.dataset.seen = fresh.dataset.seen;
  // What is being typed in is left alone, and looked at again when that is over.
  isOld = outcomes.includes("later");
  if (outcomes.includes("changed")) tell("This page was brought up to date with what others did.");
}

// --- bringing up to date

async function renew(region, fresh) {
  if (!fresh) return "same";
  if (region.dataset.live === "rows") return renewRows(region, fresh);
  if (region.dataset.live === "each") return renewEach(region, fresh);
  if (region.dataset.live === "events") return renewEvents(region, fresh);
  return morph(region, fresh);
}

async function renewEach(region, fresh) {
  const outcomes = [];
  for (const one of fresh.children) {
    const own = one.id && document.getElementById(one.id);
    // A fact that is edited now is a form: whoever saves it is told of the other value.
    if (own && own.tagName === one.tagName) outcomes.push(await morph(own, one));
  }
  return ["changed", "later"].find((word) => outcomes.includes(word)) ?? "same";
}

// What happened lately comes on top; earlier entries that were asked for stay, and one that is being written in is left alone.
async function renewEvents(region, fresh) {
  const list = region.querySelector("ol.events");
  const others = fresh.querySelector("ol.events");
  if (!list || !others) return morph(region, fresh);
  const outcomes = [];
  let place = list.firstElementChild;
  for (const one of others.querySelectorAll(":scope > li[id]")) {
    const own = document.getElementById(one.id);
    // What stands before it here and not there was taken away.
    while (own && list.contains(own) && place && place !== own) {
      const past = place;
      place = place.nextElementSibling;
      if (past.id && !past.querySelector("textarea")) past.remove();
    }
    if (own?.querySelector("textarea")) outcomes.push("later");
    else if (own) outcomes.push(await morph(own, one));
    else outcomes.push(added(list, document.importNode(one, true), place));
    place = document.getElementById(one.id)?.nextElementSibling ?? place;
  }
  return ["changed", "later"].find((word) => outcomes.includes(word)) ?? "same";
}

function added(list, entry, place) {
  list.insertBefore(entry, place);
  htmx.process(entry);
  return "changed";
}

// Rows that changed do so in their place; others come and go when they are asked to, so that nothing moves under the eyes.
async function renewRows(region, fresh) {
  const rows = rowsOf(region);
  const others = rowsOf(fresh);
  if (!rows.size || !others.size) return morph(region, fresh);
  const outcomes = [];
  for (const [id, row] of rows) {
    row.classList.toggle("is-gone", !others.has(id));
    if (others.has(id)) outcomes.push(await morph(row, others.get(id)));
  }
  const came = [...others.keys()].filter((id) => !rows.has(id)).length;
  const went = [...rows.keys()].filter((id) => !others.has(id)).length;
  if (came || went) offer(region, came, went);
  else region.querySelector(".offer")?.remove();
  return ["changed", "later"].find((word) => outcomes.includes(word)) ?? "same";
}

const rowsOf = (region) => new Map([...region.querySelectorAll("tbody > tr[id]")].map((row) => [row.id, row]));

function offer(region, came, went) {
  const words = [came && `${came} new`, went && `${went} gone`].filter(Boolean).join(", ");
  const button = region.querySelector(".offer button") ?? document.createElement("button");
  button.textContent = `${words} – show`;
  if (button.isConnected) return;
  button.type = "button";
  button.className = "btn";
  button.dataset.size = "sm";
  button.addEventListener("click", () => {
    htmx.ajax("GET", location.pathname + location.search, { source: region, target: region, swap: "outerHTML" });
    document.getElementById("main").focus();
  });
  const place = document.createElement("div");
  place.className = "offer";
  place.append(button);
  region.prepend(place);
  tell("Rows came or went: the button above the list shows them.");
}

async function morph(own, fresh) {
  if (plain(own) === plain(fresh)) return "same";
  if (isTypedIn(own)) return "later";
  // A list says what it found when it is searched; this was not asked for.
  const speaks = own.closest("[aria-live]");
  const kept = speaks?.getAttribute("aria-live");
  speaks?.setAttribute("aria-live", "off");
  const same = own === speaks;
  const ticked = [...own.querySelectorAll("input:checked")].map((field) => field.value);
  if (same) fresh.setAttribute("aria-live", "off");
  await htmx.swap({ text: fresh.outerHTML, target: own, sourceElement: own, swap: "outerMorph ignoreTitle:true" });
  for (const field of own.querySelectorAll("input[type=checkbox]")) field.checked = ticked.includes(field.value);
  if (speaks) requestAnimationFrame(() => speaks.setAttribute("aria-live", kept));
  return "changed";
}

// How it reads, without what passes by itself or what this page added: times, and marks of other scripts.
function plain(element) {
  const copy = element.cloneNode(true);
  for (const time of copy.querySelectorAll("time")) time.replaceChildren();
  return copy.innerHTML.replace(/ (data-htmx-powered|data-focus|draggable|class|aria-live|checked)="[^"]*"/g, "").replace(/\s+/g, " ");
}

function isTypedIn(element) {
  const field = document.activeElement;
  if (element.contains(field) && field.matches("input:not([type=checkbox]), textarea, select")) return true;
  if (element.querySelector("details.acts[open], details.adder[open]")) return true;
  return [...element.querySelectorAll("textarea, input[type=text], input[type=search]")].some((one) => one.value !== one.defaultValue);
}

// Another session, begun in another tab, has other tokens: what was typed here can still be sent.
function renewTokens(page) {
  const fresh = page.querySelector('input[name="form_token"]')?.value;
  if (fresh) for (const field of document.querySelectorAll('input[name="form_token"]')) field.value = fresh;
}

// --- saying so, calmly and once

function tell(words) {
  if (!told.textContent) told.textContent = words;
}

function show(kind, ...parts) {
  if (notice.dataset.kind === kind) return;
  notice.dataset.kind = kind;
  notice.replaceChildren(...parts);
}

function found() {
  if (failures || notice.dataset.kind === "out") show("");
  failures = 0;
}

function lost() {
  failures += 1;
  if (failures > 1) show("lost", "The server does not answer. What you see may be old, and nothing can be saved until it is back.");
}

function gone() {
  delete main.dataset.seen;
  show("gone", "What this page showed was deleted, or is not for you to see any more.");
}

function signedOut() {
  failures = Math.min(failures + 1, 3);
  const hasDraft = [...document.querySelectorAll("main textarea, main input:not([type=hidden])")].some(
    (field) => field.type !== "checkbox" && field.type !== "radio" && !field.closest(".filters") && field.value !== field.defaultValue,
  );
  if (!hasDraft && !document.querySelector("form.is-editing")) {
    return location.assign("/sign-in?next=" + encodeURIComponent(location.pathname + location.search));
  }
  const link = document.createElement("a");
  link.href = "/sign-in?next=/home";
  link.target = "_blank";
  link.textContent = "Sign in again in a new tab";
  // Signed in again, the next look finds everything old, and renews the tokens with it.
  isOld = false;
  main.dataset.seen = "0-0";
  show("out", "Your session has ended. What you typed is kept here. ", link);
}

look();
