/* Bytes in rows of eight, or twelve where they have the whole width, and what they are as ASCII. What has the pointer, or the cursor that arrows move, is told; what is lit is marked. */
import type { ByteRange } from "../../look/questions.ts";
import { h, setAttribute, textButton } from "../dom.ts";

export interface HexView {
  readonly element: HTMLElement;
  /** `kept`: what is fsynced; absent where that is no question. */
  show(bytes: Uint8Array, kept?: readonly ByteRange[]): void;
  /** Marks bytes [from, to) and brings them into view. */
  light(range: ByteRange | undefined): void;
}

const [fewPerRow, manyPerRow] = [8, 12];
/** Widths (px) of what is around, between which the bytes stand below the fields and have room for more. */
const [leastWide, mostWide] = [400, 460];
/** Bytes that are written out at a time. */
const page = 2048;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

/** `pointed`: a byte has the pointer or the cursor. */
export function hexView(
  pointed: (at: number | undefined, by: "cursor" | "pointer" | "press") => void,
): HexView {
  const rows = h("div", { class: "hex-rows", tabindex: 0, role: "group" });
  const earlier = textButton("Earlier bytes", "The bytes before these", () => turn(-1));
  const later = textButton("Later bytes", "The bytes after these", () => turn(1));
  const element = h("div", { class: "hex" }, earlier, rows, later);
  let bytes = new Uint8Array(0);
  let kept: readonly ByteRange[] | undefined;
  let start = 0;
  let cursor = 0;
  let perRow = fewPerRow;
  let lit: ByteRange | undefined;

  const turn = (pages: number): void => {
    start = Math.max(0, Math.min(start + pages * page, bytes.length - 1));
    draw();
  };
  const draw = (): void => {
    const end = Math.min(bytes.length, start + page);
    const width = element.parentElement?.clientWidth ?? 0;
    perRow = width >= leastWide && width <= mostWide ? manyPerRow : fewPerRow;
    const lines: HTMLElement[] = [];
    for (let at = start; at < end; at += perRow) {
      lines.push(rowOf(bytes, at, Math.min(end, at + perRow), kept));
    }
    rows.replaceChildren(...lines);
    rows.setAttribute("aria-label", `Bytes ${start} to ${Math.max(start, end - 1)}`);
    earlier.hidden = start === 0;
    later.hidden = end >= bytes.length;
    mark();
  };
  const mark = (): void => {
    const [from, to] = lit ?? [0, 0];
    for (const byte of rows.querySelectorAll<HTMLElement>("[data-at]")) {
      const at = Number(byte.dataset["at"]);
      setAttribute(byte, "data-lit", at >= from && at < to ? "true" : undefined);
    }
  };
  const light = (range: ByteRange | undefined): void => {
    lit = range;
    if (range === undefined || range[0] >= range[1]) return mark();
    const [from] = range;
    cursor = from;
    if (from < start || from >= start + page) {
      start = Math.floor(from / page) * page;
      draw();
    } else mark();
    rows.querySelector(`[data-at="${from}"]`)?.scrollIntoView({ block: "nearest" });
  };
  listen(rows, {
    pointed,
    move: (columns, lines) => {
      const to = cursor + columns + lines * perRow;
      cursor = Math.max(0, Math.min(bytes.length - 1, to));
      pointed(cursor, "cursor");
    },
  });
  return {
    element,
    show: (next, ranges) => {
      bytes = next as Uint8Array<ArrayBuffer>;
      kept = ranges;
      start = Math.min(start, Math.floor(Math.max(0, bytes.length - 1) / page) * page);
      lit = undefined;
      draw();
    },
    light,
  };
}

function rowOf(
  bytes: Uint8Array,
  at: number,
  end: number,
  kept: readonly ByteRange[] | undefined,
): HTMLElement {
  const row = h("div", { class: "hex-row" }, h("span", { class: "hex-at" }, hex(at, 4)));
  // Said of each byte already by its field; a reader who does not see it hears it once.
  const signs = h("span", { class: "hex-signs", "aria-hidden": "true" });
  for (let i = at; i < end; i += 1) {
    const isKept = kept?.some(([from, to]) => i >= from && i < to);
    const state = isKept === undefined ? "" : isKept ? " is-kept" : " is-cached";
    const byte = bytes[i] ?? 0;
    row.append(h("span", { class: `byte${state}`, "data-at": i }, hex(byte, 2)));
    signs.append(h("span", { class: "sign", "data-at": i }, signOf(byte)));
  }
  row.append(signs);
  return row;
}

/** What ASCII prints for a byte; a dot for what it prints nothing for. */
const signOf = (byte: number): string =>
  byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·";

interface Hands {
  readonly pointed: (at: number | undefined, by: "cursor" | "pointer" | "press") => void;
  readonly move: (columns: number, lines: number) => void;
}

function listen(rows: HTMLElement, { pointed, move }: Hands): void {
  const byteAt = (event: Event): number | undefined => {
    const at = (event.target as Element).closest<HTMLElement>("[data-at]")?.dataset["at"];
    return at === undefined ? undefined : Number(at);
  };
  rows.addEventListener("pointerover", (event) => pointed(byteAt(event), "pointer"));
  rows.addEventListener("pointerleave", () => pointed(undefined, "pointer"));
  rows.addEventListener("click", (event) => pointed(byteAt(event), "press"));
  const steps: Readonly<Record<string, readonly [columns: number, lines: number]>> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
    Home: [-Infinity, 0],
    End: [Infinity, 0],
  };
  rows.addEventListener("keydown", (event) => {
    const by = steps[event.key];
    if (by === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    move(...by);
    event.preventDefault();
    event.stopPropagation();
  });
}
