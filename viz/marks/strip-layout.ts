/* Measures of one partition's rows, for each density. */
export interface StripLayout {
  readonly gutter: number;
  readonly cell: number;
  /** At most so many; see `fitted`. */
  readonly columns: number;
  readonly right: number;
  /** Heights, from above. */
  readonly offsets: number;
  readonly epochs: number;
  readonly told: number;
  readonly row: number;
  readonly bookmarks: number;
  /** Name above, word below: for tall rows and narrow gutters. */
  readonly stacked: boolean;
  /** Font sizes: lane text and the text of a cell. */
  readonly small: number;
  readonly text: number;
}

const lab: StripLayout = {
  gutter: 92,
  cell: 28,
  columns: 24,
  right: 8,
  offsets: 16,
  epochs: 14,
  told: 14,
  row: 26,
  bookmarks: 20,
  stacked: false,
  small: 12,
  text: 14,
};

/** As much as possible at once. */
const debug: StripLayout = {
  gutter: 84,
  cell: 22,
  columns: 40,
  right: 8,
  offsets: 14,
  epochs: 13,
  told: 12,
  row: 20,
  bookmarks: 16,
  stacked: false,
  small: 12,
  text: 12,
};

/** One partition, to be read from the last row. */
const teach: StripLayout = {
  gutter: 92,
  cell: 48,
  columns: 14,
  right: 8,
  offsets: 28,
  epochs: 24,
  told: 26,
  row: 52,
  bookmarks: 34,
  stacked: true,
  small: 18,
  text: 22,
};

/** One partition; rows are as high as a fingertip. */
const phone: StripLayout = {
  gutter: 58,
  cell: 26,
  columns: 30,
  right: 4,
  offsets: 20,
  epochs: 16,
  told: 18,
  row: 44,
  bookmarks: 42,
  stacked: true,
  small: 12,
  text: 14,
};

export type StripKind = "lab" | "debug" | "teach" | "phone";
export const strips: Readonly<Record<StripKind, StripLayout>> = { lab, debug, teach, phone };

const fewestColumns = 6;

/** A narrow place holds fewer records, so that text keeps its size; in a wide one all of it grows. */
export function fitted(layout: StripLayout, width: number): StripLayout {
  const room = Math.floor((width - layout.gutter - layout.right) / layout.cell);
  return { ...layout, columns: Math.max(fewestColumns, Math.min(layout.columns, room)) };
}

export const stripWidth = ({ gutter, cell, columns, right }: StripLayout): number =>
  gutter + columns * cell + right;

export const rowsTop = ({ offsets, epochs, told }: StripLayout): number => offsets + epochs + told;

export const stripHeight = (layout: StripLayout, rows: number): number =>
  rowsTop(layout) + rows * layout.row + layout.bookmarks;

/** Left edge of an offset's column. */
export const columnX = (layout: StripLayout, first: number, offset: number): number =>
  layout.gutter + (offset - first) * layout.cell;
