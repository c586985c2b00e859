// Texts of SPARQL queries: indentation, and declarations of prefixes. Strings, IRIs and comments stay as they are.

const PARTS = /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>"{}|^`\\\s]*>|#[^\n]*|[{}]/g;

/** Return the braces of `text` that are none of a string, an IRI or a comment: how many open, less those that close. */
function braces(text) {
  let depth = 0;
  let least = 0;
  for (const [part] of text.matchAll(PARTS)) {
    depth += part === "{" ? 1 : part === "}" ? -1 : 0;
    least = Math.min(least, depth);
  }
  return { depth, least };
}

/** Return `query` with two spaces before a line for each brace that is open there; long strings are left alone. */
export function indented(query) {
  if (/"""|'''/.test(query)) return query;
  let open = 0;
  return query.split("\n").map((line) => {
    const text = line.trim();
    const { depth, least } = braces(text);
    const closing = /^[}]+/.exec(text)?.[0].length ?? 0;
    const before = Math.max(0, open - Math.min(closing, -least));
    open = Math.max(0, open + depth);
    return text && "  ".repeat(before) + text;
  }).join("\n");
}

/** Return `query` with a line for each of `prefixes`, pairs of name and namespace, that it uses and does not declare. */
export function declared(query, prefixes) {
  const code = query.replace(PARTS, (part) => part === "{" || part === "}" ? part : " ");
  const missing = prefixes.filter(([name]) =>
    new RegExp(`(^|[^\\w:?$-])${name}:`).test(code) && !new RegExp(`PREFIX\\s+${name}:`, "i").test(code));
  return missing.map(([name, namespace]) => `PREFIX ${name}: <${namespace}>\n`).join("") + query;
}
