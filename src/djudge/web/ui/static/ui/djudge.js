// Small things that pages do better with JavaScript. Everything works without it.
"use strict";

// A menu shuts when somebody clicks beside it or presses Escape.
const menus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A form that was sent is not sent twice by a second click.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button && !event.defaultPrevented && !event.target.matches("[data-stays]")) setTimeout(() => { button.disabled = true; }, 0);
});
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button:disabled:not([data-kept])")) button.disabled = false;
});

// What is marked so copies a text to the clipboard.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).innerText);
  button.textContent = button.dataset.done;
});

// A time zone that nobody has chosen yet is the one in which they sit.
const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const select of document.querySelectorAll("select[data-guesses=zone]")) {
  if ([...select.options].some((option) => option.value === ownZone)) select.value = ownZone;
}
