// Cards can be dragged to where their own menu leads; the menu does the same without a mouse and without this.
"use strict";

let dragged = null;
const columns = document.querySelectorAll("[data-stage]");
const stepTo = (column) => dragged?.querySelector(`[data-step="${column.dataset.stage}"]`);

for (const card of document.querySelectorAll("[data-card]")) {
  card.draggable = true;
  card.addEventListener("dragstart", (event) => {
    dragged = card;
    event.dataTransfer.effectAllowed = "move";
    for (const column of columns) column.classList.toggle("takes", Boolean(stepTo(column)));
  });
  card.addEventListener("dragend", () => {
    dragged = null;
    for (const column of columns) column.classList.remove("takes", "over");
  });
}

for (const column of columns) {
  column.addEventListener("dragover", (event) => {
    if (!stepTo(column)) return;
    event.preventDefault();
    column.classList.add("over");
  });
  column.addEventListener("dragleave", (event) => {
    if (!column.contains(event.relatedTarget)) column.classList.remove("over");
  });
  column.addEventListener("drop", (event) => {
    event.preventDefault();
    stepTo(column)?.click();
  });
}
