/* What is drawn, as text that does not depend on the order in which attributes were written. */

/** One line for every element, indented: its name, its attributes by name, its own text. */
export function serialise(element: Element, depth = 0): string {
  const attributes = [...element.attributes]
    .map(({ name, value }) => `${name}=${JSON.stringify(value)}`)
    .sort();
  const own = [...element.childNodes]
    .filter((node) => node.nodeType === Node.TEXT_NODE)
    .map(({ textContent }) => textContent ?? "")
    .join("");
  const head = `${" ".repeat(depth)}${element.tagName} ${attributes.join(" ")} ${own}`.trimEnd();
  const inner = [...element.children].map((child) => serialise(child, depth + 1));
  return [head, ...inner].join("\n");
}
