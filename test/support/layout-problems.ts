// What is wrong with how the lab is laid out, as a browser measures it.

/** In the page: text that does not have the room it needs, and what sticks out of its panel. */
export function layoutProblems(): string[] {
  const lab = document.querySelector("#lab")?.shadowRoot;
  if (!lab) return ["there is no lab"];
  const problems: string[] = [];
  const named = (part: Element): string =>
    `${part.getAttribute("class") ?? part.tagName} "${part.textContent.trim().slice(0, 40)}"`;
  for (const part of lab.querySelectorAll<HTMLElement>(".lab *:not(svg *, dialog *)")) {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = part;
    if (clientWidth === 0 || part.matches(".said, select, input, svg, canvas")) continue;
    const { overflowX, overflowY } = getComputedStyle(part);
    const scrolls = (how: string): boolean => how === "auto" || how === "scroll";
    if (scrollWidth > clientWidth + 1 && !scrolls(overflowX))
      problems.push(`${named(part)} is too wide`);
    if (scrollHeight > clientHeight + 1 && overflowY === "hidden")
      problems.push(`${named(part)} is too high`);
  }
  const isDrawn = (text: Element): boolean =>
    text.getBoundingClientRect().width > 0 && getComputedStyle(text).visibility === "visible";
  const sides = (part: Element): DOMRect => part.getBoundingClientRect();
  for (const text of lab.querySelectorAll("svg text")) {
    const svg = text.closest("svg");
    const frame = text.closest(".card")?.querySelector(".frame") ?? svg;
    if (frame === null || svg === null || !isDrawn(text)) continue;
    const [inner, outer] = [sides(text), sides(frame)];
    if (inner.left < outer.left - 1 || inner.right > outer.right + 1) {
      problems.push(`${named(text)} sticks out`);
    }
  }
  for (const card of lab.querySelectorAll(".guarantee")) {
    const [promise, evidence] = [".promise", ".evidence"].map((part) => card.querySelector(part));
    if (!promise || !evidence) continue;
    const [above, below] = [sides(promise), sides(evidence)];
    const isBeside = below.left >= above.right;
    if (below.width > 0 && above.width > 0 && !isBeside && above.bottom > below.top + 2)
      problems.push(`${named(card)} overlaps`);
  }
  for (const strip of lab.querySelectorAll(".strip")) {
    const below = ".stub, .high-watermark text, .bookmarks text";
    const texts = [...strip.querySelectorAll(below)].filter(isDrawn);
    for (const [index, text] of texts.entries()) {
      const own = sides(text);
      const clash = texts.slice(index + 1).find((other) => {
        const { left, right, top, bottom } = sides(other);
        const across = Math.min(own.right, right) - Math.max(own.left, left);
        return across > 1 && Math.min(own.bottom, bottom) - Math.max(own.top, top) > 4;
      });
      if (clash !== undefined) problems.push(`${named(text)} lies over ${named(clash)}`);
    }
  }
  if (document.documentElement.scrollWidth > innerWidth) problems.push("the page scrolls sideways");
  return problems;
}

/** In the page: texts of one region that lie over another, however they came there. A bead covers what lies below it. */
export function overlappingTexts(): string[] {
  const lab = document.querySelector("#lab")?.shadowRoot;
  if (!lab) return ["there is no lab"];
  const problems = new Set<string>();
  /** What a list or a grid does not show lies over nothing. */
  const isScrolledOut = (part: Element, region: Element, box: DOMRect): boolean => {
    for (let one: Element | null = part; one !== null && one !== region; one = one.parentElement) {
      if (one instanceof SVGElement || getComputedStyle(one).overflowY === "visible") continue;
      const { left, right, top, bottom } = one.getBoundingClientRect();
      if (box.top < top - 1 || box.bottom > bottom + 1) return true;
      if (box.left < left - 1 || box.right > right + 1) return true;
    }
    return false;
  };
  /** Of what was drawn in SVG and is not drawn any more the browser still tells boxes. */
  const isUndrawn = (part: Element, region: Element): boolean => {
    for (let one: Element | null = part; one !== null && one !== region; one = one.parentElement)
      if (getComputedStyle(one).display === "none") return true;
    return false;
  };
  for (const region of lab.querySelectorAll(".lab > *")) {
    const boxes: { words: string; box: DOMRect }[] = [];
    const walker = document.createTreeWalker(region, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const part = node.parentElement;
      const words = node.textContent?.trim() ?? "";
      if (
        part === null ||
        words === "" ||
        part.matches("style, title, option, .said, .st-line text")
      )
        continue;
      if (getComputedStyle(part).visibility !== "visible" || isUndrawn(part, region)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        if (box.width > 1 && !isScrolledOut(part, region, box)) boxes.push({ words, box });
      }
    }
    for (const [index, { words, box }] of boxes.entries()) {
      for (const { words: others, box: other } of boxes.slice(index + 1)) {
        const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
        const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
        // Boxes are as high as a line, letters are not.
        if (across > 2 && down > 0.4 * Math.min(box.height, other.height))
          problems.add(`${region.className}: "${words}" lies over "${others}"`);
      }
    }
  }
  return [...problems];
}

/** In the page: every shown text that is smaller than `least` pixels, as it is drawn. */
export function smallTexts(least: number): string[] {
  const lab = document.querySelector("#lab")?.shadowRoot;
  if (!lab) return ["there is no lab"];
  const small = new Set<string>();
  const isDrawn = (element: Element): boolean =>
    element.getBoundingClientRect().width > 0 && getComputedStyle(element).visibility === "visible";
  const walker = document.createTreeWalker(lab, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const words = node.textContent?.trim() ?? "";
    if (element === null || words === "" || element.matches("style, title, option, .said"))
      continue;
    if (!isDrawn(element)) continue;
    const drawn = element instanceof SVGGraphicsElement ? (element.getScreenCTM()?.a ?? 1) : 1;
    const size = Number.parseFloat(getComputedStyle(element).fontSize) * drawn;
    if (size < least - 0.3)
      small.add(`${element.getAttribute("class") ?? element.tagName} "${words}": ${size} px`);
  }
  return [...small];
}
