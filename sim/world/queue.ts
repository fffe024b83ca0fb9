/*
 * The event queue: one binary heap of plain numbers in a typed array, so that copying a world copies the queue
 * in one go. The order is total: by time, then by the sequence number that an entry got when it was planned.
 */

/** `items` holds entries of `width` numbers: at, order, kind, and three operands that the kind explains. */
export interface Queue {
  items: Float64Array;
  length: number;
}

const width = 6;

/** What an entry is about, and its operands. */
export const kinds = {
  /** node, life that shall begin, cause */
  start: 0,
  /** node, slot of the timer */
  timer: 1,
  /** connection, way (0: from its opener) */
  chunk: 2,
  /** node */
  stepEnd: 3,
  /** node, life, cause */
  wake: 4,
  /** node, life */
  writeBack: 5,
  /** connection, way, bytes */
  credit: 6,
  /** the look at whether the next phase may begin */
  phase: 7,
} as const;

export const newQueue = (): Queue => ({ items: new Float64Array(64 * width), length: 0 });

/** When the first entry is due; Infinity if there is none. */
export const firstAt = (queue: Queue): number =>
  queue.length === 0 ? Infinity : (queue.items[0] as number);

/** Reads a number of the first entry: 1 order, 2 kind, 3 to 5 operands. */
export const firstField = (queue: Queue, field: number): number => queue.items[field] as number;

/** Plans an entry. */
export function pushEntry(
  queue: Queue,
  at: number,
  order: number,
  kind: number,
  a: number,
  b: number,
  c: number,
): void {
  if ((queue.length + 1) * width > queue.items.length) {
    const larger = new Float64Array(queue.items.length * 2);
    larger.set(queue.items);
    queue.items = larger;
  }
  const { items } = queue;
  let hole = queue.length++;
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    if (!isBefore(at, order, items, parent * width)) break;
    move(items, parent * width, hole * width);
    hole = parent;
  }
  const into = hole * width;
  items[into] = at;
  items[into + 1] = order;
  items[into + 2] = kind;
  items[into + 3] = a;
  items[into + 4] = b;
  items[into + 5] = c;
}

/** Takes the first entry away. */
export function dropFirst(queue: Queue): void {
  const { items } = queue;
  const last = --queue.length;
  const from = last * width;
  const at = items[from] as number;
  const order = items[from + 1] as number;
  let hole = 0;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= last) break;
    const right = child + 1;
    if (
      right < last &&
      isBefore(
        items[right * width] as number,
        items[right * width + 1] as number,
        items,
        child * width,
      )
    ) {
      child = right;
    }
    if (isBefore(at, order, items, child * width)) break;
    move(items, child * width, hole * width);
    hole = child;
  }
  if (hole !== last) move(items, from, hole * width);
  items.fill(0, from, from + width);
}

const isBefore = (at: number, order: number, items: Float64Array, other: number): boolean => {
  const otherAt = items[other] as number;
  return at < otherAt || (at === otherAt && order < (items[other + 1] as number));
};

function move(items: Float64Array, from: number, to: number): void {
  for (let i = 0; i < width; i++) items[to + i] = items[from + i] as number;
}
