// Lists that are put in order by dragging; their buttons do the same without it.

const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

function makeMovable() {
  for (const list of document.querySelectorAll("[data-order]")) {
    if (Sortable.get(list)) continue;
    new Sortable(list, {
      handle: ".grip",
      draggable: "[data-id]",
      forceFallback: true,
      fallbackTolerance: 4,
      animation: still ? 0 : 140,
      ghostClass: "is-lifted",
      onEnd: ({ oldIndex, newIndex }) => oldIndex === newIndex || dropped(list),
    });
  }
}

function dropped(list) {
  const form = document.getElementById(list.dataset.order);
  form.elements.ids.value = [...list.querySelectorAll(":scope > [data-id]")].map((one) => one.dataset.id).join(",");
  form.requestSubmit();
}

document.addEventListener("htmx:after:swap", makeMovable);
makeMovable();
