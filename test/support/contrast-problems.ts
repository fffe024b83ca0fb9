// What is too faint on its ground, as a browser paints it.

/** In the page: texts under 4.5 : 1, and marks of events of which no line and no fill has 3 : 1. */
export function contrastProblems(): {
  readonly problems: readonly string[];
  readonly seen: number;
} {
  const lab = document.querySelector("#lab")!.shadowRoot!;
  type Colour = readonly [red: number, green: number, blue: number];
  /** undefined: nothing is painted, or a texture. */
  const colourOf = (text: string): Colour | undefined => {
    const [, inside] = /^rgba?\((.+)\)$/.exec(text) ?? [];
    const [red = 0, green = 0, blue = 0, alpha = 1] = (inside ?? "").split(/[ ,/]+/).map(Number);
    return inside === undefined || alpha < 0.5 ? undefined : [red, green, blue];
  };
  const luminance = (colour: Colour): number => {
    const [red = 0, green = 0, blue = 0] = colour.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ratio = (one: Colour, other: Colour): number => {
    const [a, b] = [luminance(one), luminance(other)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const isSeen = (part: Element): boolean => {
    const { width, height } = part.getBoundingClientRect();
    return width + height > 0 && getComputedStyle(part).visibility === "visible";
  };
  const behind = (part: Element): Colour => {
    for (let one: Element | null = part; one !== null; one = one.parentElement) {
      const painted = colourOf(getComputedStyle(one).backgroundColor);
      if (painted !== undefined) return painted;
    }
    return [255, 255, 255];
  };
  /** The last area that was painted below the middle of a part of a drawing, before it. */
  const groundOf = (part: Element): Colour => {
    const svg = part.closest("svg");
    if (svg === null) return behind(part);
    const { left, right, top, bottom } = part.getBoundingClientRect();
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    let ground = behind(svg);
    for (const rect of svg.querySelectorAll("rect")) {
      if (rect === part) break;
      if (!(rect.compareDocumentPosition(part) & Node.DOCUMENT_POSITION_FOLLOWING)) break;
      const box = rect.getBoundingClientRect();
      if (x < box.left || x > box.right || y < box.top || y > box.bottom) continue;
      if (isSeen(rect)) ground = colourOf(getComputedStyle(rect).fill) ?? ground;
    }
    return ground;
  };
  const problems = new Set<string>();
  const named = (part: Element): string =>
    `${part.closest("[class]")?.getAttribute("class") ?? part.tagName}`;

  let seen = 0;
  const walker = document.createTreeWalker(lab, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const part = node.parentElement;
    const words = node.textContent?.trim() ?? "";
    if (part === null || words === "" || part.matches("style, title, option, .said")) continue;
    if (!isSeen(part) || part.closest(":disabled") !== null) continue;
    const { color, fill } = getComputedStyle(part);
    const colour = colourOf(part instanceof SVGElement ? fill : color);
    const found = colour === undefined ? 1 : ratio(colour, groundOf(part));
    seen += 1;
    if (found < 4.5) problems.add(`text ${named(part)} "${words}": ${found.toFixed(1)}`);
  }

  /** What a texture's lines are drawn with, and a run of colours begins with. */
  const paint = (text: string): string => {
    const [, id] = /^url\("?#([^")]+)"?\)/.exec(text) ?? [];
    const part = id === undefined ? null : lab.querySelector(`#${id} :is(stop, path, rect, line)`);
    if (part === null) return text;
    const { stopColor, stroke, fill } = getComputedStyle(part);
    return part.tagName === "stop" ? stopColor : stroke === "none" ? fill : stroke;
  };
  const best = new Map<Element, number>();
  for (const shape of lab.querySelectorAll("svg :is(rect, path, circle, line)")) {
    const mark = shape.closest("[data-event]");
    // A ground says that nothing is there.
    if (mark === null || !isSeen(shape) || shape.matches(".line-ground, .row-ground")) continue;
    const { fill, stroke } = getComputedStyle(shape);
    const ground = groundOf(shape);
    const ratios = [fill, stroke].map((one) => ratio(colourOf(paint(one)) ?? ground, ground));
    // What is written on a mark tells it as well, and was looked at above.
    const written = [...mark.querySelectorAll("text")].some((text) => text.textContent !== "");
    best.set(mark, Math.max(best.get(mark) ?? 1, ...ratios, written ? 4.5 : 1));
  }
  for (const [mark, found] of best)
    if (found < 3) problems.add(`mark ${named(mark)}: ${found.toFixed(1)}`);
  return { problems: [...problems], seen: seen + best.size };
}
