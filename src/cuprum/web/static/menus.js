// Menus close by a click elsewhere and by Escape, which gives the keyboard back to what opened them.

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest("details:is([data-menu], .adder)[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
