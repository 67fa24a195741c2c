// The workspace: saves by itself, counts down, indents with Tab. Without JavaScript the form does the same by hand.
"use strict";

const form = document.querySelector("form.editor");
const area = document.getElementById("text");
const told = document.querySelector("[data-saved]");
const PAUSE = 800;

// Tab indents; after Escape it moves on, so that nobody is caught in the editor.
let leaving = false;
area.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { leaving = true; return; }
  if (event.key !== "Tab" || area.readOnly || leaving || event.shiftKey) { leaving = false; return; }
  event.preventDefault();
  area.setRangeText("    ", area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input"));
});

let timer = 0;
let saving = Promise.resolve();
let saved = area.value;

const save = () => {
  saving = saving.then(async () => {
    if (area.value === saved) return;
    const text = area.value;
    const fields = new FormData(form);
    fields.set("text", text);
    const answer = await fetch(form.action, { method: "POST", body: fields, headers: { Accept: "application/json" } });
    const facts = await answer.json();
    if (!answer.ok) { told.textContent = facts.error; told.classList.add("late"); return; }
    form.elements.version.value = facts.version;
    document.querySelector('.files a[aria-current]')?.classList.toggle("changed", facts.changed.includes(form.elements.path.value));
    saved = text;
    told.classList.remove("late");
    told.textContent = `saved ${new Date().toLocaleTimeString()}`;
  }).catch(() => {
    told.textContent = "not saved: no connection; it is tried again";
    told.classList.add("late");
    timer = setTimeout(save, 5000);
  });
  return saving;
};

if (form.dataset.autosave) {
  area.addEventListener("input", () => {
    told.textContent = "…";
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  window.addEventListener("beforeunload", (event) => {
    if (area.value !== saved && !form.dataset.sent) event.preventDefault();
  });
  form.addEventListener("submit", () => { form.dataset.sent = "yes"; clearTimeout(timer); });
}

const clock = document.querySelector("[data-left]");
if (clock) {
  const end = Date.now() + Number(clock.dataset.left) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.round((end - Date.now()) / 1000));
    clock.classList.toggle("short", left < 600);
    clock.textContent = left < 600 ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} left` : `${Math.ceil(left / 60)} minutes left`;
  };
  tick();
  setInterval(tick, 1000);
}
