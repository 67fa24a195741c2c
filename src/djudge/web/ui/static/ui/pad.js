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

  // The text follows what is typed: to the first line that is another one now, or the first new one of another file.
  const follows = document.querySelector("[data-follows]");
  for (const each of document.querySelectorAll("[data-needs-script]")) each.hidden = false;
  const nameOf = () => document.getElementById("live-title")?.textContent;
  const lines = () => [...document.querySelectorAll("#source li")];
  let before = { name: nameOf(), texts: lines().map((each) => each.textContent) };
  const follow = () => {
    const after = { name: nameOf(), texts: lines().map((each) => each.textContent) };
    const isSame = after.name === before.name;
    const place = isSame
      ? after.texts.findIndex((text, at) => text !== before.texts[at])
      : lines().findIndex((each) => each.className === "added");
    before = after;
    const source = document.getElementById("source");
    if (!source || !follows?.checked || (isSame && place < 0)) return;
    source.scrollTop = Math.max(0, (lines()[place]?.offsetTop ?? 0) - source.clientHeight / 2);
  };

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
    follow();
  });
}
