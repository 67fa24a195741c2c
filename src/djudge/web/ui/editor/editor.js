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
const ending = document.querySelector("form.editor").elements.path.value.split(".").pop();
const before = document.getElementById("start");
const comparing = new Compartment();

const view = new EditorView({
  parent: (() => {
    const place = document.createElement("div");
    area.after(place);
    return place;
  })(),
  state: EditorState.create({
    doc: area.value,
    extensions: [
      lineNumbers(), foldGutter(), highlightActiveLine(), highlightActiveLineGutter(), history(), drawSelection(),
      indentOnInput(), bracketMatching(), closeBrackets(), highlightSelectionMatches(), indentUnit.of("    "),
      EditorState.tabSize.of(4), autocompletion({ override: [completeAnyWord] }),
      syntaxHighlighting(colours), syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
      // Escape, then Tab, leaves the editor: nobody is caught in it.
      keymap.of([{ key: "Escape", run: temporarilySetTabFocusMode }, ...searchKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
      EditorState.readOnly.of(area.readOnly), EditorView.editable.of(true),
      EditorView.contentAttributes.of({ "aria-label": area.labels[0].innerText.trim(), "aria-describedby": "escape" }),
      EditorView.cspNonce.of(document.querySelector("form.editor").dataset.nonce), look, comparing.of([]), LANGUAGES[ending] ? LANGUAGES[ending]() : [],
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        area.value = update.state.doc.toString();
        area.dispatchEvent(new Event("input"));
      }),
    ],
  }),
});
area.hidden = true;
area.labels[0].addEventListener("click", () => view.focus());

// What was changed since the start, in the same place.
const toggle = document.querySelector("[data-compares]");
if (toggle && before) {
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    const on = toggle.getAttribute("aria-pressed") !== "true";
    toggle.setAttribute("aria-pressed", on);
    view.dispatch({
      effects: comparing.reconfigure(on ? unifiedMergeView({ original: JSON.parse(before.textContent), mergeControls: false }) : []),
    });
  });
}
