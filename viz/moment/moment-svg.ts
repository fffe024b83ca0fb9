/*
 * The moment that a lab shows, as one SVG that needs nothing around it: what is drawn, what is written, the legend, and
 * above it scenario, seed and time. No scripts, no style sheets, nothing from elsewhere.
 */
import { styled } from "./styled.ts";

export interface MomentTitle {
  readonly scenario: string;
  readonly seed: string;
  /** As the lab writes it. */
  readonly time: string;
}

/** Regions that say something about the run; buttons and fields say nothing in a picture. */
const regions = ".stage, .space-time, .logs, .narration, .lanes, .guarantees, .inspector";
const skipped =
  "dialog, canvas[width='0'], .said, .transport, .tabs, .narration button, .more-guarantees";
const space = "http://www.w3.org/2000/svg";

/** The text of an SVG file. `lab` is the element that holds all panels. */
export function momentSvg(lab: HTMLElement, title: MomentTitle): string {
  const frame = lab.getBoundingClientRect();
  const { ink, ground, font } = inkOf(lab);
  const head = headOf(title, frame.width, ink);
  const outer = [...lab.querySelectorAll(regions)].filter(
    (region) =>
      region.getClientRects().length > 0 && region.parentElement?.closest(regions) === null,
  );
  const { shifts, height } = closeRanks(outer, frame.top, head.height);
  const svg = make("svg", { width: frame.width, height });
  svg.setAttribute("viewBox", `0 0 ${round(frame.width)} ${round(height)}`);
  svg.setAttribute("font-family", font);
  svg.append(make("title", {}, `${title.scenario}, seed ${title.seed}, ${title.time}`));
  svg.append(make("rect", { width: frame.width, height, fill: ground }), ...head.lines);
  for (const [i, region] of outer.entries()) {
    const group = make("g", { transform: `translate(0 ${round(shifts[i] ?? 0)})` });
    draw(group, region, frame);
    svg.append(group);
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}\n`;
}

/** What stands above the picture: in one line, or where that is too narrow in two. */
function headOf({ scenario, seed, time }: MomentTitle, width: number, ink: string) {
  const text = { x: 16, y: 26, fill: ink, "font-size": 16 };
  const isNarrow = width < 600;
  const run = `${scenario}, seed ${seed}, t = ${time}`;
  const lines = [
    make("text", { ...text, "font-weight": 700 }, "Highwater"),
    make("text", isNarrow ? { ...text, y: 50 } : { ...text, x: 116 }, run),
  ];
  return { lines, height: isNarrow ? 64 : 40 };
}

/** How far apart regions stand at most, where buttons were between them. */
const gap = 8;

/** Moves regions up to where buttons and fields were that the picture leaves out; those side by side stay so. */
function closeRanks(
  elements: readonly Element[],
  origin: number,
  head: number,
): { readonly shifts: readonly number[]; readonly height: number } {
  const boxes = elements.map((element) => element.getBoundingClientRect());
  const shifts = boxes.map(() => 0);
  const order = [...boxes.entries()].sort(([, a], [, b]) => a.top - b.top);
  let covered = 0;
  let shift = head;
  for (const [i, box] of order) {
    const top = box.top - origin;
    if (top > covered) shift -= Math.max(0, top - covered - (covered === 0 ? 0 : gap));
    shifts[i] = shift;
    covered = Math.max(covered, box.bottom - origin);
  }
  return { shifts, height: covered + shift + gap };
}

function inkOf(lab: HTMLElement) {
  const style = getComputedStyle(lab);
  return { ink: style.color, ground: style.backgroundColor, font: style.fontFamily };
}

/** Draws an element where it stands, and what is in it. */
function draw(into: SVGElement, element: Element, frame: DOMRect): void {
  if (element.matches(skipped) || element.getClientRects().length === 0) return;
  const box = element.getBoundingClientRect();
  const x = box.left - frame.left;
  const y = box.top - frame.top;
  if (element instanceof SVGElement) return drawSvg(into, element, { ...sizeOf(box), x, y });
  if (element instanceof HTMLCanvasElement) {
    const place = { ...sizeOf(box), x, y, href: element.toDataURL() };
    into.append(make("image", place));
    return;
  }
  const style = getComputedStyle(element);
  drawBox(into, style, { ...sizeOf(box), x, y });
  let inner = into;
  // What does not fit is cut off here as it is there.
  if (style.overflow === "hidden" || style.overflowX === "hidden" || style.overflowY === "auto") {
    inner = make("svg", { ...sizeOf(box), x, y });
    inner.setAttribute("viewBox", [x, y, box.width, box.height].map(round).join(" "));
    into.append(inner);
  }
  for (const child of element.childNodes) {
    if (child instanceof Element) draw(inner, child, frame);
    else if (child instanceof Text) drawText(inner, child, style, frame);
  }
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const sizeOf = ({ width, height }: DOMRect) => ({ width, height });

function drawSvg(into: SVGElement, element: SVGElement, place: Place): void {
  const copy = styled(element);
  if (copy === undefined) return;
  for (const name of ["x", "y", "width", "height"] as const)
    copy.setAttribute(name, String(round(place[name])));
  into.append(copy);
}

/** A ground and a border, where an element has them. */
function drawBox(into: SVGElement, style: CSSStyleDeclaration, place: Place): void {
  const line = Number.parseFloat(style.borderTopWidth);
  const hasLine = line > 0 && style.borderTopStyle !== "none" && style.borderLeftStyle !== "none";
  const isClear = style.backgroundColor === "rgba(0, 0, 0, 0)";
  if (isClear && !hasLine) return;
  const inset = hasLine ? line / 2 : 0;
  into.append(
    make("rect", {
      x: place.x + inset,
      y: place.y + inset,
      width: Math.max(0, place.width - 2 * inset),
      height: Math.max(0, place.height - 2 * inset),
      rx: Number.parseFloat(style.borderTopLeftRadius) || 0,
      fill: isClear ? "none" : style.backgroundColor,
      ...(hasLine ? { stroke: style.borderTopColor, "stroke-width": line } : {}),
      ...(hasLine && style.borderTopStyle === "dashed" ? { "stroke-dasharray": "6 4" } : {}),
    }),
  );
}

/** Text as its lines stand. */
function drawText(into: SVGElement, text: Text, style: CSSStyleDeclaration, frame: DOMRect): void {
  for (const { words, box } of linesOf(text)) {
    const size = Number.parseFloat(style.fontSize);
    into.append(
      make(
        "text",
        {
          x: box.left - frame.left,
          // The line of letters, from the middle of the line's box.
          y: box.top - frame.top + box.height / 2 + size * 0.35,
          fill: style.color,
          "font-size": size,
          "font-weight": style.fontWeight,
          "font-family": style.fontFamily,
        },
        words,
      ),
    );
  }
}

function linesOf(text: Text): { words: string; readonly box: DOMRect }[] {
  const lines: { words: string; readonly box: DOMRect }[] = [];
  const range = document.createRange();
  // A line may end after a word or a hyphen.
  for (const { index, 0: word } of text.data.matchAll(/[^\s-]+[\s-]*|[\s-]+/g)) {
    range.setStart(text, index);
    range.setEnd(text, index + word.trimEnd().length);
    const box = range.getBoundingClientRect();
    if (box.width === 0) continue;
    const line = lines.at(-1);
    if (line === undefined || Math.abs(line.box.top - box.top) > 4)
      lines.push({ words: word, box });
    else line.words += word;
  }
  return lines.map(({ words, box }) => ({ words: words.trimEnd(), box }));
}

function make(
  tag: string,
  attributes: Readonly<Record<string, string | number>>,
  text?: string,
): SVGElement {
  const element = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes))
    element.setAttribute(name, typeof value === "number" ? String(round(value)) : value);
  if (text !== undefined) element.textContent = text;
  return element;
}

const round = (value: number): number => Math.round(value * 100) / 100;
