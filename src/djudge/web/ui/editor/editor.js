// The workspace's editor: CodeMirror over the page's textarea. The textarea stays what is sent, so that everything
// else on the page works the same with and without it.
import { autocompletion, closeBrackets, completeAnyWord } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab, temporarilySetTabFocusMode } from "@codemirror/commands";
import { css } from "@codemirror/lang-css";
import { html } from "@codemirror/lang-html";
import { markdown } from "@codemirror/lang-markdown";
import { python } from "@codemirror/lang-python";
import { bracketMatching, defaultHighlightStyle, foldGutter, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { unifiedMergeView } from "@codemirror/merge";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { openFiles } from "./files.js";

const LANGUAGES = { py: python, html, css, md: markdown };

const look = EditorView.theme({
  "&": { height: "60vh", border: "1px solid var(--strong)", borderRadius: "4px", fontSize: "13px", background: "var(--page)", color: "var(--ink)" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { background: "var(--panel)", color: "var(--soft)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { background: "var(--sunk)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--accent-soft)" },
  ".cm-changedLine, .cm-insertedLine": { background: "var(--added) !important" },
  ".cm-deletedChunk": { background: "var(--removed)" },
  ".cm-panels": { background: "var(--panel)", color: "var(--ink)" },
});

// Colours of the page's own properties, so that both themes and their contrast are the page's.
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--ours)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--shown)" },
  { tag: [tags.comment, tags.docString], color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--partly)" },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.className, tags.tagName], fontWeight: "600" },
]);

const area = document.getElementById("text");
const form = document.querySelector("form.editor");
const comparing = new Compartment();
const toggle = document.querySelector("[data-compares]");

const ending = (path) => path.split(".").pop();

// A file as the editor holds it: undo, selection and place stay with it while others are looked at.
const stateOf = (file) =>
  EditorState.create({
    doc: file.text,
    extensions: [
      lineNumbers(), foldGutter(), highlightActiveLine(), highlightActiveLineGutter(), history(), drawSelection(),
      indentOnInput(), bracketMatching(), closeBrackets(), highlightSelectionMatches(), indentUnit.of("    "),
      EditorState.tabSize.of(4), autocompletion({ override: [completeAnyWord] }),
      syntaxHighlighting(colours), syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
      // Escape, then Tab, leaves the editor: nobody is caught in it.
      keymap.of([{ key: "Escape", run: temporarilySetTabFocusMode }, { key: "Mod-Enter", run: () => true }, ...searchKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
      EditorState.readOnly.of(!file.can_edit), EditorView.editable.of(true),
      EditorView.contentAttributes.of({ "aria-label": file.path, "aria-describedby": "escape" }),
      EditorView.cspNonce.of(form.dataset.nonce), look, comparing.of([]),
      LANGUAGES[ending(file.path)] ? LANGUAGES[ending(file.path)]() : [],
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        area.value = update.state.doc.toString();
        area.dispatchEvent(new Event("input"));
      }),
    ],
  });

const compares = () => toggle.getAttribute("aria-pressed") === "true";
const compare = (file) =>
  view.dispatch({
    effects: comparing.reconfigure(compares() ? unifiedMergeView({ original: file.start, mergeControls: false }) : []),
  });

const place = document.createElement("div");
area.after(place);
let shown = {
  path: form.elements.path.value, text: area.value, can_edit: !area.readOnly,
  start: JSON.parse(document.getElementById("start").textContent),
};
const view = new EditorView({ parent: place, state: stateOf(shown) });
area.hidden = true;
area.labels[0].addEventListener("click", () => view.focus());

toggle.hidden = false;
toggle.addEventListener("click", () => {
  toggle.setAttribute("aria-pressed", !compares());
  compare(shown);
});

const show = (file, state) => {
  shown = file;
  view.setState(state);
  compare(file);
  area.value = view.state.doc.toString();
  area.readOnly = !file.can_edit;
  for (const field of document.querySelectorAll("input[name=path]:not(.deleted *)")) field.value = file.path;
  document.getElementById("name").value = file.path;
  document.querySelector("code[data-path]").textContent = file.path;
  document.querySelector("[data-to-read]").hidden = file.can_edit;
  for (const part of document.querySelectorAll("[data-needs-edit]")) part.hidden = !file.can_edit;
  document.querySelector("[data-plain]").href = `?file=${encodeURIComponent(file.path)}&plain`;
  form.workspace.shows({ text: area.value, version: file.version ?? form.workspace.version });
};

openFiles({ form, view, show, stateOf, current: () => shown });
