// The editor of the SPARQL page: CodeMirror 6 in a shadow root, whose styles the policy of the page allows.
import { autocompletion } from "@codemirror/autocomplete";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, keymap, WidgetType } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";
import { sparql } from "codemirror-lang-sparql";

// Colours are those of page.css, which custom properties carry into the shadow root.
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: "var(--link)", fontWeight: "600" },
  { tag: [tags.variableName, tags.special(tags.variableName)], fontStyle: "italic" },
  { tag: [tags.string, tags.number, tags.literal], color: "inherit" },
  { tag: tags.comment, color: "var(--quiet)" },
]);
const look = EditorView.theme({
  "&": { color: "inherit", backgroundColor: "var(--panel)", border: "1px solid var(--line)", borderRadius: ".3rem", maxHeight: "70vh" },
  "&.cm-focused": { outline: "3px solid var(--link)", outlineOffset: "2px" },
  ".cm-scroller": { overflow: "auto", fontFamily: "var(--mono)", fontSize: ".9rem", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--ink)", minHeight: "10rem" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--panel)", color: "var(--quiet)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--line)" },
  ".cm-problem": { textDecoration: "underline wavy var(--link)", textUnderlineOffset: ".2em" },
  ".cm-message": { padding: "0 .6rem", color: "var(--ink)", backgroundColor: "var(--paper)", borderLeft: "3px solid var(--link)", whiteSpace: "normal" },
  ".cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--paper)", border: "1px solid var(--line)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { color: "var(--act-ink)", backgroundColor: "var(--act)" },
});

/** Return a source of completions: `terms` are pairs of a prefixed name and its label. */
function names(terms) {
  const options = terms.map(([label, detail]) => ({ label, detail, type: "class" }));
  return (context) => {
    const word = context.matchBefore(/[A-Za-z][\w-]*:?[\w-]*$/);
    return word && (context.explicit || word.text.length > 1) ? { from: word.from, options, validFor: /^[\w:-]*$/ } : null;
  };
}

/** What is wrong with a line, or odd, said below it. */
class Message extends WidgetType {
  constructor(text) {
    super();
    this.text = text;
  }
  eq(other) {
    return other.text === this.text;
  }
  toDOM() {
    return Object.assign(document.createElement("div"), { className: "cm-message", textContent: this.text });
  }
}

/** Return the decorations of the lines that have `problems`: each is marked, and what is said of it stands below. */
function marked({ doc }, problems) {
  const lines = new Map();
  for (const { line, message } of problems) if (line <= doc.lines) lines.set(line, [...(lines.get(line) ?? []), message]);
  return Decoration.set([...lines].sort(([one], [other]) => one - other).flatMap(([line, messages]) => [
    Decoration.line({ class: "cm-problem" }).range(doc.line(line).from),
    Decoration.widget({ widget: new Message(messages.join(" ")), block: true, side: 1 }).range(doc.line(line).to),
  ]));
}

/** Put an editor in the place of `area`, a textarea, which keeps its text for the form; `ask` sends it. */
export function mount(area, { terms, ask, problems }) {
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const completed = new Compartment();
  // What is said of a line moves with it, and goes when another text is shown.
  const forget = StateEffect.define();
  const said = StateField.define({
    create: (state) => marked(state, problems),
    update: (found, change) => change.effects.some((one) => one.is(forget)) ? Decoration.none : found.map(change.changes),
    provide: (field) => EditorView.decorations.from(field),
  });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: area.value.replace(/^\n/, ""),
      extensions: [
        Prec.highest(keymap.of([{ key: "Ctrl-Enter", mac: "Cmd-Enter", run: () => (ask(), true) }])),
        basicSetup, sparql(), look, syntaxHighlighting(colours), EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": "Query, in SPARQL" }),
        completed.of([]),
        said,
        EditorView.updateListener.of((update) => { if (update.docChanged) area.value = update.state.doc.toString(); }),
      ],
    }),
  });
  area.before(host);
  area.hidden = true;
  area.required = false;  // nobody could see what the browser asks for
  for (const label of area.labels) label.addEventListener("click", () => view.focus());
  terms().then((found) => view.dispatch({ effects: completed.reconfigure(autocompletion({ override: [names(found)] })) }));
  return {
    get text() { return view.state.doc.toString(); },
    set text(text) { view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, effects: forget.of(null) }); },
    focus: () => view.focus(),
    go: (number) => {
      const line = view.state.doc.line(Math.min(number, view.state.doc.lines));
      view.dispatch({ selection: { anchor: line.from, head: line.to }, scrollIntoView: true });
      view.focus();
    },
  };
}
