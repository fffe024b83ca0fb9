/* Makes elements. Text is always text; nothing is ever parsed as HTML. */
import { type Icon, icons, isLine } from "../marks/icons.ts";

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children);
  return element;
}

const svgSpace = "http://www.w3.org/2000/svg";

export function s<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Node[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS(svgSpace, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

export function icon(name: Icon): SVGSVGElement {
  const path = s("path", { d: icons[name] });
  return s(
    "svg",
    { viewBox: "0 0 16 16", class: isLine(name) ? "icon is-line" : "icon", "aria-hidden": "true" },
    path,
  );
}

/** A button with an icon, whose name is read out and shown on hover. */
export function iconButton(
  name: Icon,
  label: string,
  key: string | undefined,
  press: () => void,
): HTMLButtonElement {
  const title = key === undefined ? label : `${label} (${key})`;
  const button = h("button", { type: "button", "aria-label": label, title, class: "icon-button" });
  button.append(icon(name));
  button.addEventListener("click", press);
  return button;
}

export function textButton(label: string, title: string, press: () => void): HTMLButtonElement {
  const button = h("button", { type: "button", title }, label);
  button.addEventListener("click", press);
  return button;
}

/** Writes only what differs, so that an untouched page stays untouched. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function setAttribute(element: Element, name: string, value: string | undefined): void {
  if (value === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
