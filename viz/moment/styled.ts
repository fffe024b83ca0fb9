/* Copies of drawn SVG that look the same without their style sheet. */

/** What a picture's looks are made of, with what each is unless something is said. */
const looks: Readonly<Record<string, string>> = {
  fill: "rgb(0, 0, 0)",
  "fill-opacity": "1",
  stroke: "none",
  "stroke-width": "1px",
  "stroke-dasharray": "none",
  "stroke-linecap": "butt",
  "stroke-linejoin": "miter",
  "stroke-opacity": "1",
  "paint-order": "normal",
  opacity: "1",
  "font-size": "",
  "font-weight": "400",
  "text-anchor": "start",
  "text-decoration-line": "none",
  "dominant-baseline": "auto",
};
const inherited = new Set(["font-size"]);
/** What says something to a page, and nothing to a picture. */
const kept =
  /^(d|x|y|x[12]|y[12]|cx|cy|r|rx|ry|dx|dy|width|height|points|transform|viewBox|preserveAspectRatio|id|patternUnits|href)$/;
const refused = new Set(["script", "foreignObject", "style", "animate", "set"]);

/** A copy with its looks as attributes; undefined where nothing is to be seen. */
export function styled(element: SVGElement): SVGElement | undefined {
  if (refused.has(element.tagName)) return undefined;
  const style = getComputedStyle(element);
  if (style.display === "none" || style.visibility === "hidden") return undefined;
  const copy = document.createElementNS("http://www.w3.org/2000/svg", element.tagName);
  for (const { name, value } of element.attributes)
    if (kept.test(name)) copy.setAttribute(name, value);
  if (!(element instanceof SVGDefsElement || element instanceof SVGTitleElement))
    applyLooks(copy, style, element instanceof SVGTextElement);
  for (const child of element.childNodes) {
    if (child instanceof SVGElement) {
      const part = styled(child);
      if (part !== undefined) copy.append(part);
    } else if (child.nodeType === Node.TEXT_NODE) copy.append(child.textContent ?? "");
  }
  return copy;
}

function applyLooks(copy: SVGElement, style: CSSStyleDeclaration, isText: boolean): void {
  for (const [name, usual] of Object.entries(looks)) {
    // What only texts have is said of texts alone.
    if (inherited.has(name) && !isText) continue;
    const value = style.getPropertyValue(name);
    if (value === usual || value === "") continue;
    const attribute = name === "text-decoration-line" ? "text-decoration" : name;
    copy.setAttribute(attribute, value.replace(/url\("(#[^"]+)"\)/, "url($1)"));
  }
}
