// The queries that were asked on this machine; they are kept by the browser and sent nowhere.

const KEY = "sparql-history";
const MOST = 30;

export class History {
  /** `storage` is that of the browser; what it refuses is not kept. */
  constructor(storage) {
    this.storage = storage;
  }

  /** Return the queries, the latest first. */
  get texts() {
    try {
      return JSON.parse(this.storage.getItem(KEY) ?? "[]");
    } catch {
      return [];
    }
  }

  /** Keep `text` as the latest. */
  add(text) {
    this.save([text, ...this.texts.filter((other) => other !== text)].slice(0, MOST));
  }

  save(texts) {
    try {
      this.storage.setItem(KEY, JSON.stringify(texts));
    } catch {
      // The browser is full, or keeps nothing for this site.
    }
  }

  /** Put a list of the queries after `form`; a click on one calls `show` with its text. */
  list(form, show) {
    const texts = this.texts;
    if (!texts.length) return;
    const fold = document.createElement("details");
    fold.append(Object.assign(document.createElement("summary"), { textContent: "Asked on this machine" }));
    const list = fold.appendChild(document.createElement("ol"));
    list.className = "asked";
    for (const text of texts) {
      const line = text.split("\n").find((one) => one.trim() && !/^\s*(prefix|base)\b/i.test(one)) ?? text;
      const button = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: line.slice(0, 90), title: text });
      button.addEventListener("click", () => show(text));
      list.appendChild(document.createElement("li")).append(button);
    }
    const clear = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: "Forget them" });
    clear.addEventListener("click", () => { this.save([]); fold.remove(); });
    fold.append(clear);
    form.after(fold);
  }
}
