// Before the first paint: without a choice of their own, people get the colours of their system, also when it changes.
const dark = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;
root.classList.add("has-script");
if (!root.dataset.theme) {
  const follow = () => root.classList.toggle("dark", dark.matches);
  dark.addEventListener("change", follow);
  follow();
}
