// What scripts add to the SPARQL page: Ctrl+Enter, history on this machine, indentation, declared prefixes,
// and the editor, where it was built. The form works without any of it.
import { declared, indented } from "./sparql-text.js";
import { History } from "./history.js";

const form = document.querySelector("form[data-terms]");
const area = form.querySelector("textarea");
const data = form.dataset;
let editor = { get text() { return area.value; }, set text(text) { area.value = text; }, focus: () => area.focus(), go: goInArea };
let names;

/** Select the line `number`, from 1, in the textarea. */
function goInArea(number) {
  const lines = area.value.split("\n");
  const start = lines.slice(0, number - 1).join("\n").length + (number > 1);
  area.focus();
  area.setSelectionRange(start, start + (lines[number - 1] ?? "").length);
}

/** Return the names to complete and the prefixes; they are fetched once. */
function terms() {
  names ??= fetch(data.terms).then((response) => response.ok ? response.json() : { terms: [], prefixes: [] })
    .catch(() => ({ terms: [], prefixes: [] }));
  return names;
}

function ask() {
  form.requestSubmit();
}

/** Append a button to `place` that does `act`. */
function button(place, label, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: label, className: "plain" });
  made.addEventListener("click", act);
  place.append(made);
  return made;
}

function show(text) {
  editor.text = text;
  editor.focus();
}

area.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) ask();
});

for (const link of document.querySelectorAll("a[data-line]")) {
  link.addEventListener("click", (event) => { event.preventDefault(); editor.go(Number(link.dataset.line)); });
}

const share = document.querySelector("[data-share]");
if (share && navigator.clipboard) {
  const place = document.createElement("p");
  share.after("\n", place);
  const copy = button(place, "Copy it", async () => {
    await navigator.clipboard.writeText(share.querySelector("a").href);
    copy.textContent = "Copied";
  });
  copy.setAttribute("aria-live", "polite");
}

// A saved question comes into the form without leaving the answer; if that fails, by its address.
const examples = document.querySelector("form[data-texts]");
examples?.addEventListener("submit", async (event) => {
  const { value } = examples.querySelector("select");
  event.preventDefault();
  const response = value && await fetch(examples.dataset.texts.replace("NAME", encodeURIComponent(value))).catch(() => null);
  if (response?.ok) show((await response.text()).replace(/^#\+.*\n/gm, ""));
  else examples.submit();
});

const kept = new History(window.localStorage);
form.addEventListener("submit", () => kept.add(area.value));

const tools = form.querySelector("[data-tools]");
button(tools, "Indent", () => show(indented(editor.text)));
button(tools, "Declare prefixes", async () => show(declared(editor.text, (await terms()).prefixes)));
kept.list(form, show);

if (data.editor) {
  const { mount } = await import(data.editor);
  editor = mount(area, { ask, terms: async () => (await terms()).terms, problems: JSON.parse(data.problems) });
}
