/* A leader epoch's fill: three hues that stay apart in grey and for every kind of eye, reused in turn. */
export const epochFill = (epoch: number): string => `var(--epoch-${((epoch % 3) + 3) % 3})`;
