// The editor of automations beyond plain forms: suggestions, values to insert, a check while one types.

const editor = () => document.getElementById("editor");

// --- ask the server with the whole form, and get a part of the page

async function ask(path, more = {}) {
  const body = new URLSearchParams(new FormData(editor()));
  for (const [name, value] of Object.entries(more)) body.set(name, value);
  const answer = await fetch(path, { method: "POST", body, headers: { "HX-Request": "true" } });
  return answer.ok ? answer.text() : "";
}

const partOf = (html) => new DOMParser().parseFromString(`<body>${html}`, "text/html").body;

// --- the check: under each field what is wrong with it

const visited = new Set();
document.addEventListener("focusout", (event) => {
  const field = event.target;
  if (field.id && field.matches?.("#editor input[type=text], #editor textarea, #editor select") && !visited.has(field.id)) {
    visited.add(field.id);
    if (!field.value) checkSoon();
  }
});

let checking;
let checks = 0;
let isUnchecked = false;
const checkSoon = () => {
  isUnchecked = true;
  clearTimeout(checking);
  checking = setTimeout(check, 500);
};

// A form that came anew was checked as it was sent: an answer about the one before it comes too late.
const checkAnew = () => {
  checks += 1;
  if (isUnchecked) checkSoon();
};

async function check() {
  if (!editor()) return;
  const own = ++checks;
  const found = partOf(await ask("/automations/draft/check")).querySelector("#checked");
  if (!found || own !== checks) return;
  isUnchecked = false;
  document.getElementById("checked").replaceWith(found);
  const messages = new Map();
  for (const one of found.querySelectorAll("[data-for]")) {
    // What nobody has come to yet is only listed.
    if (one.hasAttribute("data-later") && !visited.has(one.dataset.for)) continue;
    messages.set(one.dataset.for, [...(messages.get(one.dataset.for) ?? []), one.dataset.message]);
  }
  for (const slot of editor().querySelectorAll("[data-problem]")) {
    const id = slot.id.replace(/-problem$/, "");
    const said = messages.get(id)?.join("; ") ?? "";
    slot.textContent = said.charAt(0).toUpperCase() + said.slice(1);
    slot.closest(".field")?.toggleAttribute("data-invalid", Boolean(said));
    document.getElementById(id)?.toggleAttribute("aria-invalid", Boolean(said));
  }
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.matches("[data-narrow]")) return narrow(field);
  if (!field.closest("#editor")) return;
  if (field.list) offerSoon(field);
  checkSoon();
});

// --- suggestions

let offering;
const offerSoon = (field) => {
  clearTimeout(offering);
  offering = setTimeout(() => offer(field), 200);
};

async function offer(field) {
  const search = field.value.startsWith("${") || field.value.startsWith("=") ? "" : field.value.replace(/ \(#\d+\)$/, "");
  let html = "";
  if (field.dataset.suggest) {
    const answer = await fetch(`${field.dataset.suggest}?name=${encodeURIComponent(search)}`, { headers: { "HX-Request": "true" } });
    html = answer.ok ? await answer.text() : "";
  } else if (field.dataset.options) html = await ask("/automations/draft/options", { of: field.dataset.options, search });
  if (field.list) field.list.replaceChildren(...partOf(html).querySelectorAll("option"));
}

document.addEventListener("focusin", (event) => {
  const field = event.target;
  if (field.closest?.("#editor")) last = field.matches("input[type=text], textarea") ? field : last;
  if (field.list && field.closest("#editor") && !field.list.children.length) offer(field);
});

// A step that is new: on with its first field.
document.addEventListener("htmx:after:settle", () => {
  checkAnew();
  const begun = document.querySelector("#editor [data-begin]");
  begun?.removeAttribute("data-begin");
  const fields = [...(begun?.querySelectorAll(".field :is(input, select, textarea), .comparison input") ?? [])];
  (fields.find((field) => field.checkVisibility()) ?? begun)?.focus();
});

// --- values of earlier steps

let last;

document.addEventListener("click", (event) => {
  const opens = event.target.closest("[data-insert]");
  if (opens) return openInsert(opens);
  const chosen = event.target.closest("#insert [data-expression]");
  if (chosen) insert(chosen.dataset.expression);
});

function openInsert(button) {
  last = button.parentElement.querySelector("input, textarea");
  const dialog = document.getElementById("insert");
  const list = dialog.querySelector("[data-list]");
  list.replaceChildren(...sourcesBefore(button));
  if (!list.children.length) list.append(text("p", "Nothing comes before this: there is nothing to insert yet.", "quiet"));
  dialog.querySelector("[data-narrow]").value = "";
  dialog.querySelector("[data-nothing]").hidden = true;
  dialog.showModal();
}

// What stands before the step in the form; a step inside of another one comes after it.
function* sourcesBefore(button) {
  const own = button.closest("[data-node]");
  const before = new Set([""]);
  for (const node of editor().querySelectorAll("[data-node]")) {
    if (node === own) break;
    before.add(node.dataset.node);
  }
  for (const source of document.querySelectorAll("#outputs [data-source]")) {
    if (!before.has(source.dataset.source)) continue;
    const section = document.createElement("section");
    section.append(text("h3", source.querySelector("h3").textContent));
    for (const row of source.querySelectorAll("li")) {
      const choice = text("button", row.querySelector(".quiet").textContent);
      choice.type = "button";
      choice.dataset.expression = row.querySelector("code").textContent;
      choice.append(text("code", choice.dataset.expression));
      section.append(choice);
    }
    yield section;
  }
}

function text(name, content, className = "") {
  const made = document.createElement(name);
  made.textContent = content;
  made.className = className;
  return made;
}

function insert(expression) {
  document.getElementById("insert").close();
  if (!last?.isConnected) return;
  last.setRangeText(expression, last.selectionStart, last.selectionEnd, "end");
  last.focus();
  checkSoon();
}

// --- lists that are narrowed while one types

function narrow(field) {
  const wanted = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  const list = field.closest("[data-chooser], dialog");
  const groups = [...list.querySelectorAll(".chooser-group, [data-list] > section")];
  for (const group of groups) {
    const title = group.querySelector("h3, h5").textContent.toLowerCase();
    let shown = 0;
    for (const row of group.querySelectorAll("li, :scope > button")) {
      const said = `${title} ${row.textContent} ${row.dataset.called ?? ""}`.toLowerCase();
      row.hidden = !wanted.every((word) => said.includes(word));
      shown += !row.hidden;
    }
    group.hidden = !shown;
  }
  list.querySelector("[data-nothing]").hidden = groups.some((group) => !group.hidden);
}

// By keyboard: Enter takes the first that is left, arrows go through them, Escape closes what is no dialog.
document.addEventListener("keydown", (event) => {
  const list = event.target.closest?.("[data-chooser], #insert");
  if (!list) return;
  const choices = [...list.querySelectorAll(".chooser-group li button, [data-expression]")].filter((one) => one.checkVisibility());
  const now = choices.indexOf(document.activeElement);
  if (event.key === "Enter" && event.target.matches("[data-narrow]")) press(choices[0]);
  else if (event.key === "ArrowDown") (choices[now + 1] ?? choices[0])?.focus();
  else if (event.key === "ArrowUp") (choices[now - 1] ?? list.querySelector("[data-narrow]"))?.focus();
  else if (event.key === "Escape" && list.matches("[data-chooser]")) press(list.querySelector("header button"));
  else return;
  event.preventDefault();
});

// As a click does: what is about to go keeps no keyboard, which a morph cannot take away.
function press(button) {
  button?.focus();
  button?.click();
}

// "By an expression…" and what depends on a choice need the form anew.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches("#editor select") && (field.value === "=" || "redraws" in field.dataset)) submitDraft();
  if (field.matches("[data-renames]") && field.value !== field.defaultValue) submitDraft();
  if (field.matches("input[type=file][data-into]")) field.files[0]?.text().then((read) => (document.getElementById(field.dataset.into).value = read));
});

async function submitDraft() {
  const html = await ask("/automations/draft", { do: "" });
  const made = partOf(html).querySelector("#editor");
  if (!made) return;
  // Where somebody is, and what they opened, stays.
  const focused = document.activeElement?.id;
  for (const one of editor().querySelectorAll("details[id][open]")) made.querySelector(`#${CSS.escape(one.id)}`)?.setAttribute("open", "");
  editor().replaceWith(made);
  window.htmx?.process(made);
  checkAnew();
  if (focused) document.getElementById(focused)?.focus();
}

// --- nothing typed is lost by leaving

let isChanged = false;
document.addEventListener("input", (event) => event.target.closest("#editor") && (isChanged = true));
document.addEventListener("submit", () => (isChanged = false));
window.addEventListener("beforeunload", (event) => isChanged && event.preventDefault());
