// Only what the chosen type has is shown; without this all of it is, and what does not belong is passed over.

const form = document.querySelector("[data-new-field]");

function show() {
  for (const part of form.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(form.elements.data_type.value);
}

if (form) {
  form.elements.data_type.addEventListener("change", show);
  show();
}
