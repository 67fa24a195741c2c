// A pad looks every two seconds for what the other side did, while somebody looks at the page. Without JavaScript there
// is a link to look again.
"use strict";

const PAUSE = 2000;

const look = () => {
  const watch = document.querySelector("[data-watches]");
  if (watch && !document.hidden) htmx.trigger(watch, "look");
};
setInterval(look, PAUSE);
document.addEventListener("visibilitychange", look);

// What is drawn anew stays where it was scrolled to, and open where it was open.
const places = new Map();
document.addEventListener("htmx:oobBeforeSwap", () => {
  for (const each of document.querySelectorAll(".source[id], .scroll[id]")) places.set(each.id, [each.scrollTop, each.scrollLeft]);
  for (const each of document.querySelectorAll(".measured details[open]")) places.set(keyOf(each), "open");
});
document.addEventListener("htmx:oobAfterSwap", () => {
  for (const [key, place] of places) {
    if (place === "open") continue;
    const each = document.getElementById(key);
    if (each) [each.scrollTop, each.scrollLeft] = place;
  }
  for (const each of document.querySelectorAll(".measured details")) if (places.has(keyOf(each))) each.open = true;
  places.clear();
});

const keyOf = (details) => `${details.closest("article")?.id} ${details.querySelector("summary").textContent}`;
