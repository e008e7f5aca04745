// The page of a record beyond links and forms: Tab goes on from fact to fact, links are copied.

// --- Tab in the last control of a fact saves it and goes on to the next

let next = null;

document.addEventListener("keydown", (event) => {
  if (event.key !== "Tab" || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
  const form = event.target.closest("form.is-editing");
  if (!form || event.target !== lastControl(form)) return;
  const following = factAfter(form);
  if (!following) return;
  event.preventDefault();
  next = following.id;
  if (isChanged(form)) form.requestSubmit();
  else form.querySelector("[data-cancel]").click();
});

function lastControl(form) {
  const controls = [...form.querySelectorAll("input:not([type=hidden]), select, textarea")];
  // The empty line for one more address or number is passed over, with its category.
  while (controls.length > 2 && controls.at(-1).closest("[data-rows]") && isSpare(controls.at(-1).closest(".pair"))) controls.pop();
  return controls.at(-1);
}

const isSpare = (pair) => pair.previousElementSibling && !pair.querySelector("input").value;

function factAfter(form) {
  const facts = [...document.querySelectorAll(".facts .fact")];
  return facts.slice(facts.indexOf(form) + 1).find((fact) => fact.checkVisibility());
}

function isChanged(form) {
  return [...form.elements].some((field) => {
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") return [...field.options].some((one) => one.selected !== one.defaultSelected) && isChosen(field);
    return "defaultValue" in field && field.value !== field.defaultValue;
  });
}

// A browser marks the first option where the page marks none: that is no change.
const isChosen = (field) => [...field.options].some((one) => one.defaultSelected) || field.selectedIndex > 0;

document.addEventListener("htmx:after:swap", () => {
  const waiting = next && document.getElementById(next);
  // What was refused stays open, with what is wrong.
  if (!waiting || document.querySelector("form.is-editing")) return void (document.querySelector("[aria-invalid]") && (next = null));
  next = null;
  waiting.querySelector(".fact-edit")?.click();
});

// --- what stands in a field is marked when it opens: typing replaces it

document.addEventListener("htmx:after:swap", () => {
  const form = document.querySelector("form.is-editing:not([data-ready])");
  if (!form) return;
  form.dataset.ready = "";
  const field = document.activeElement;
  if (form.contains(field) && field.matches("input[type=text], input[type=url], input[type=email], input[type=tel]")) field.select();
});

// --- the link of the record

document.addEventListener("click", async (event) => {
  const copies = event.target.closest("[data-copy]");
  if (!copies) return;
  await navigator.clipboard.writeText(new URL(copies.dataset.copy, location.href).href);
  copies.querySelector("span").textContent = "Copied";
});

// --- after an entry is taken away, the keyboard is at the next one

document.addEventListener("htmx:before:swap", (event) => {
  const entry = event.target.closest?.("[data-removes]")?.closest("li");
  const neighbour = entry && (entry.nextElementSibling ?? entry.previousElementSibling);
  (neighbour?.querySelector("a, button") ?? (entry && document.getElementById("log-details")))?.setAttribute("data-focus", "");
});

// --- after a deletion the list is as it was left

const list = sessionStorage.getItem("list") ?? "";
for (const field of document.querySelectorAll("[data-list]")) if (list.split("?")[0] === field.value) field.value = list;
