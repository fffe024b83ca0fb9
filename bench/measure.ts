/*
 * Rates of two things that do the same work, taken in turns so that neither has the quieter machine. The median
 * of the turns counts.
 */
const turns = 7;
const turnMs = 250;

type Work = () => void | Promise<void>;

export interface Rates {
  readonly a: number;
  readonly b: number;
}

/** How often each runs per second of wall clock. */
export async function perSecond(a: Work, b: Work): Promise<Rates> {
  await rate(a);
  await rate(b);
  const rates: { a: number; b: number }[] = [];
  for (let i = 0; i < turns; i++) rates.push({ a: await rate(a), b: await rate(b) });
  return { a: median(rates.map((one) => one.a)), b: median(rates.map((one) => one.b)) };
}

async function rate(work: Work): Promise<number> {
  const started = performance.now();
  let count = 0;
  let elapsed = 0;
  while (elapsed < turnMs) {
    const result = work();
    if (result !== undefined) await result;
    count += 1;
    elapsed = performance.now() - started;
  }
  return (count * 1000) / elapsed;
}

/** The middle one; of an even number the upper of the two in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)] ?? NaN;
}

/** `3.2 times`. */
export const ratio = (a: number, b: number): string => `${(a / b).toFixed(2)} times`;
