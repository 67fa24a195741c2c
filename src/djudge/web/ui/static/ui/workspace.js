// The workspace: saves by itself, counts down, indents with Tab. Without JavaScript the forms do the same by hand.
"use strict";

const form = document.querySelector("form.editor");
const area = document.getElementById("text");
const told = document.querySelector("[data-saved]");
const keepMine = document.querySelector("[data-keep-mine]");
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
let saving = Promise.resolve(true);
let saved = area.value;
let version = form.elements.version.value;

// Every form on the page names the version that it changes.
const knowVersion = (latest) => {
  version = latest;
  for (const field of document.querySelectorAll("input[name=version]")) field.value = latest;
};

const tell = (text, isLate = false) => {
  told.textContent = text;
  told.classList.toggle("late", isLate);
};

const showChanged = (changed) => {
  for (const link of document.querySelectorAll(".files a[data-path]")) {
    link.classList.toggle("changed", changed.includes(link.dataset.path));
  }
};

const send = async () => {
  if (area.readOnly || area.value === saved) return true;
  const text = area.value;
  const fields = new FormData(form);
  fields.set("text", text);
  const answer = await fetch(form.action, { method: "POST", body: fields, headers: { Accept: "application/json" } });
  const facts = await answer.json();
  keepMine.hidden = answer.status !== 409;
  if (!answer.ok) {
    keepMine.dataset.version = facts.version;
    tell(facts.error, true);
    return false;
  }
  knowVersion(facts.version);
  showChanged(facts.changed);
  saved = text;
  tell(`${form.dataset.saidSaved} ${new Date().toLocaleTimeString()}`);
  return true;
};

// One save after another; whether all is saved.
const save = () => {
  clearTimeout(timer);
  saving = saving.then(send).catch(() => {
    tell(form.dataset.saidOffline, true);
    timer = setTimeout(save, 5000);
    return false;
  });
  return saving;
};

area.addEventListener("input", () => {
  tell("…");
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
});
document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
window.addEventListener("beforeunload", (event) => {
  if (!area.readOnly && area.value !== saved && !form.dataset.sent) event.preventDefault();
});
form.addEventListener("submit", () => { form.dataset.sent = "yes"; clearTimeout(timer); });
keepMine.addEventListener("click", () => {
  knowVersion(keepMine.dataset.version);
  keepMine.hidden = true;
  save();
});

// What leads away or changes files waits for what was typed.
document.addEventListener("submit", async (event) => {
  const other = event.target;
  if (!other.matches("[data-after-saving]") || area.value === saved) return;
  event.preventDefault();
  if (await save()) other.requestSubmit(event.submitter);
});
document.addEventListener("click", async (event) => {
  const link = event.target.closest(".work a[href]");
  if (!link || event.defaultPrevented || area.value === saved || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  if (await save()) location.assign(link.href);
});
document.addEventListener("htmx:confirm", async (event) => {
  if (!event.target.matches("[data-run]")) return;
  event.preventDefault();
  if (await save()) event.detail.issueRequest(true);
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey)) return;
  if (event.key === "s") { event.preventDefault(); save(); }
  if (event.key === "Enter") { event.preventDefault(); document.querySelector("[data-run]").click(); }
});

// For the editor, which shows one file after another in the same page.
form.workspace = {
  save,
  get version() { return version; },
  shows(file) {
    saved = file.text;
    knowVersion(file.version);
  },
};

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
