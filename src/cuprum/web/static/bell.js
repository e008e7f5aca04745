// The bell: asks now and then how much is unread, and notes what is opened from the list of notifications as read.

const EVERY_MS = 15_000;
const place = document.getElementById("bell-count");

async function look() {
  const known = place.querySelector("[data-unread]")?.dataset.unread ?? "";
  try {
    const answer = await fetch(`/notifications/bell?seen=${known}`, { headers: { "HX-Request": "true" } });
    // Only the number is put in place: whoever stands on the bell stays there.
    if (answer.status === 200 && !answer.headers.has("HX-Redirect")) place.innerHTML = await answer.text();
  } catch {
    // Offline; the next look may find more.
  }
}

setInterval(() => document.visibilityState === "visible" && look(), EVERY_MS);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-told]");
  const token = link?.closest("li").querySelector("form input");
  if (token) navigator.sendBeacon("/notifications/read", new URLSearchParams({ [token.name]: token.value, id: link.dataset.told }));
});
