// A pad looks every two seconds for what the other side did, while somebody looks at the page. Without JavaScript there
// is a link to look again.
"use strict";

// In a block, because the candidate's page has the workspace's script beside this one.
{
  const PAUSE = 2000;

  const look = () => {
    const watch = document.querySelector("[data-watches]");
    if (watch && !document.hidden) htmx.trigger(watch, "look");
  };
  setInterval(look, PAUSE);
  document.addEventListener("visibilitychange", look);

  // What is drawn anew stays where it was scrolled to, and open where it was open.
  const SCROLLED = ".source[id], .diff .scroll[id]";
  const FOLDED = "section.measured details";
  const places = new Map();
  const keyOf = (details) => `${details.closest("article")?.id} ${details.querySelector("summary").textContent}`;
  document.addEventListener("htmx:oobBeforeSwap", () => {
    for (const each of document.querySelectorAll(SCROLLED)) places.set(each.id, [each.scrollTop, each.scrollLeft]);
    for (const each of document.querySelectorAll(`${FOLDED}[open]`)) places.set(keyOf(each), true);
  });
  document.addEventListener("htmx:oobAfterSwap", () => {
    for (const each of document.querySelectorAll(SCROLLED)) {
      if (places.has(each.id)) [each.scrollTop, each.scrollLeft] = places.get(each.id);
    }
    for (const each of document.querySelectorAll(FOLDED)) if (places.has(keyOf(each))) each.open = true;
    places.clear();
  });
}
