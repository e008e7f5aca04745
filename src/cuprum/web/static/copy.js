// A button that copies what is shown once.

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const shown = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(shown.textContent);
    button.querySelector("span").textContent = "Copied";
  } catch {
    // Only a safe connection may write to the clipboard: then it is at least selected.
    getSelection().selectAllChildren(shown);
  }
});
