// Whoever stays gives its values first; where it has none, what was chosen stands.

document.querySelector("[data-merging]").addEventListener("change", (event) => {
  if (event.target.name !== "winner") return;
  for (const radio of document.querySelectorAll(`[name^="field."][value="${CSS.escape(event.target.value)}"]:not([data-blank])`))
    radio.checked = true;
});
