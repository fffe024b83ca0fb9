/* Measures of one partition's rows (VISUAL.md section 2), for each density. */
export interface StripLayout {
  readonly gutter: number;
  readonly cell: number;
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

export const labStrip: StripLayout = {
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

/** Two runs side by side. */
export const compareStrip: StripLayout = { ...labStrip, columns: 19 };

/** One partition, to be read from the last row. */
export const teachStrip: StripLayout = {
  gutter: 92,
  cell: 48,
  columns: 14,
  right: 12,
  offsets: 28,
  epochs: 24,
  told: 26,
  row: 52,
  bookmarks: 34,
  stacked: true,
  small: 16,
  text: 22,
};

export const phoneStrip: StripLayout = {
  gutter: 58,
  cell: 26,
  columns: 12,
  right: 4,
  offsets: 20,
  epochs: 16,
  told: 18,
  row: 44,
  bookmarks: 34,
  stacked: true,
  small: 12,
  text: 14,
};

export const stripWidth = ({ gutter, cell, columns, right }: StripLayout): number =>
  gutter + columns * cell + right;

export const rowsTop = ({ offsets, epochs, told }: StripLayout): number => offsets + epochs + told;

export const stripHeight = (layout: StripLayout, rows: number): number =>
  rowsTop(layout) + rows * layout.row + layout.bookmarks;

/** Left edge of an offset's column. */
export const columnX = (layout: StripLayout, first: number, offset: number): number =>
  layout.gutter + (offset - first) * layout.cell;
