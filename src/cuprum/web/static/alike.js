// While a new record is typed: says who is there already with the same name, e-mail, phone number or domain.

const place = document.querySelector("[data-alike]");
const ASKED = ["name", "emails.email", "email.email", "phone_numbers.number", "email_domain"];
let asked = null;

place?.closest("form").addEventListener("change", async (event) => {
  if (!ASKED.includes(event.target.name)) return;
  const typed = [...new FormData(event.currentTarget)].filter(([name, value]) => ASKED.includes(name) && value.trim());
  asked?.abort();
  asked = new AbortController();
  try {
    const query = new URLSearchParams(typed);
    const answer = await fetch(`${place.dataset.alike}?${query}`, { headers: { "HX-Request": "true" }, signal: asked.signal });
    if (answer.ok && !answer.headers.has("HX-Redirect")) place.innerHTML = await answer.text();
  } catch {
    // Asked anew, or offline: it is only a hint.
  }
});
