// The browser knows its own time zone; the server can only guess.
const zone = document.querySelector("#zone[data-guess]");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && [...zone.options].some((one) => one.value === here)) zone.value = here;
