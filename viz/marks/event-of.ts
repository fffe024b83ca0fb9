/** The value of `data-event`: the event that put a mark there; none while nothing has. */
export const eventOf = (seq: number): number | null => (seq < 0 ? null : seq);
