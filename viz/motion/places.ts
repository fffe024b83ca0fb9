/* Where what can move stands: read off the drawing before it is drawn anew, so that motion can begin there. */

/** Who leads, by where it is told ("row orders-0"), and where marks stand along the offsets. */
export interface Places {
  readonly leaders: ReadonlyMap<string, Element>;
  /** Offsets are what a place is told by: the window may have moved meanwhile. */
  readonly marks: ReadonlyMap<string, number>;
  readonly ghosts: ReadonlySet<string>;
}

/** One mark that stands at an offset, and what one offset is wide. */
export interface Mark {
  readonly key: string;
  readonly element: SVGElement;
  readonly offset: number;
  readonly pitch: number;
}

export function placesIn(roots: readonly Element[]): Places {
  return {
    leaders: new Map(leadersIn(roots)),
    marks: new Map(marksIn(roots).map(({ key, offset }) => [key, offset])),
    ghosts: new Set(ghostsIn(roots).map(({ key }) => key)),
  };
}

/** The stars of leaders, in rows and on cards. */
export function leadersIn(
  roots: readonly Element[],
): readonly (readonly [string, SVGPathElement])[] {
  const found: [string, SVGPathElement][] = [];
  for (const badge of all(roots, ".badge.is-leader")) {
    const name = badge.querySelector(".badge-name")?.textContent ?? "";
    const star = badge.querySelector<SVGPathElement>("path");
    if (star !== null) found.push([`card ${name}`, star]);
  }
  for (const star of all(roots, ".row-star[visibility=visible]"))
    found.push([`row ${partitionOf(star)}`, star as SVGPathElement]);
  return found;
}

/** High watermarks and bookmarks. */
export function marksIn(roots: readonly Element[]): readonly Mark[] {
  return all(roots, ".partition").flatMap((strip) => {
    const scale = offsetScale(strip);
    if (scale === undefined) return [];
    const name = partitionOf(strip);
    const shown = [...strip.querySelectorAll<SVGElement>(".glides:not([visibility=hidden])")];
    return shown.map((element) => {
      const x = Number(/translate\(([-\d.]+)/.exec(element.getAttribute("transform") ?? "")?.[1]);
      // The number of a high watermark is what changes; a bookmark bears its reader's name.
      const isLine = element.classList.contains("high-watermark");
      const key = `${name} ${isLine ? "" : (element.textContent ?? "")}`;
      return { key, element, offset: (x - scale.zero) / scale.pitch, pitch: scale.pitch };
    });
  });
}

/** Records that were struck off. */
export function ghostsIn(
  roots: readonly Element[],
): readonly { readonly key: string; readonly element: SVGElement }[] {
  return all(roots, ".ghosts > .cell").map((element) => {
    const node = element.closest("[data-node]")?.getAttribute("data-node");
    const key = `${partitionOf(element)} ${node} ${element.getAttribute("data-offset")}`;
    return { key, element };
  });
}

/** Where offset 0 would stand, and how wide one is: as the numbers above the strip say. */
function offsetScale(
  strip: Element,
): { readonly zero: number; readonly pitch: number } | undefined {
  const [first, second] = [...strip.querySelectorAll(".offsets text")].map((text) => ({
    offset: Number(text.textContent),
    x: Number(text.getAttribute("x")),
  }));
  if (first === undefined || second === undefined) return undefined;
  const pitch = (second.x - first.x) / (second.offset - first.offset);
  return { zero: first.x - first.offset * pitch, pitch };
}

const partitionOf = (element: Element): string =>
  element.closest("[data-partition]")?.getAttribute("data-partition") ?? "";

const all = (roots: readonly Element[], marks: string): readonly SVGElement[] =>
  roots.flatMap((root) => [...root.querySelectorAll<SVGElement>(marks)]);
