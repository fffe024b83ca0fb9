/* What the marks of messages mean, for the help: the canvas that they are on has no room for words. */
import { h, s } from "./dom.ts";

type Example = readonly [name: string, meaning: string, drawn: () => Node];

const square = (fill: string): Node =>
  s("rect", { x: 3, y: 2, width: 10, height: 10, fill, class: "body" });
const circle = (fill: string, r = 5): Node => s("circle", { cx: 8, cy: 7, r, fill, class: "body" });
const diamond = (fill: string): Node =>
  s("path", { d: "M8,1L14,7L8,13L2,7Z", fill, class: "body" });

const examples: readonly Example[] = [
  ["square", "a request, as large as its bytes are many", () => square("var(--ink)")],
  ["hollow", "an answer; a circle, if it answers a square", () => circle("var(--bg)")],
  ["diamond", "between controllers, or for their metadata log", () => diamond("var(--ink)")],
  ["dot", "a heartbeat: shown when its count is pressed", () => circle("var(--ink)", 2.5)],
  [
    "colour",
    "the leader epoch that it carries; ink: it carries none",
    () => square("var(--epoch-0)"),
  ],
];

const glyph = (drawn: Node): Node =>
  s("svg", { viewBox: "0 0 16 15", "aria-hidden": "true" }, drawn);

/** Every shape of a message, each with what it means. */
export const messagesInFull = (): HTMLElement =>
  h(
    "ul",
    { class: "marks-in-full", "aria-label": "Marks of messages" },
    ...examples.map(([name, meaning, drawn]) =>
      h("li", {}, glyph(drawn()), h("span", {}, h("b", {}, name), `: ${meaning}`)),
    ),
    h(
      "li",
      {},
      glyph(s("path", { d: "M1,7H15", class: "flow" })),
      h(
        "span",
        {},
        h("b", {}, "312/s"),
        ": a thicker link: too many in so little time to be seen one by one",
      ),
    ),
  );
