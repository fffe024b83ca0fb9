/* What fits on a card; the whole promise is a press away. */
const titles: Readonly<Record<string, string>> = {
  "producer-order": "Order as sent",
  "consumer-order": "Order as stored",
  "acknowledged-survives": "N−1 of N may fail",
  "in-sync-holds-committed": "In sync holds it all",
  "heard-leader-stays": "A heard leader stays",
  "images-converge": "One image for all",
  "memory-follows-log": "Memory is the log's",
  "isr-shrinks-late": "ISR shrinks late",
};

/** A guarantee's short name; others are called by their id, as words. */
export const titleOf = (id: string): string =>
  titles[id] ?? `${id.charAt(0).toUpperCase()}${id.slice(1).replaceAll("-", " ")}`;
