/* How families draw: one seed gives one value of an arbitrary, everywhere. */
import fc from "fast-check";
import { draw as drawFraction, newStream, type Stream } from "../../world/stream.ts";

/** fast-check's draws come from the seed's own stream, so that one seed gives one scenario everywhere. */
class SeedGenerator {
  readonly #stream: Stream;

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  clone(): SeedGenerator {
    return new SeedGenerator({ ...this.#stream });
  }

  next(): number {
    return Math.floor(drawFraction(this.#stream) * 0x1_0000_0000) | 0;
  }

  jump(): void {
    this.next();
  }

  getState(): readonly number[] {
    const { a, b, c, carry } = this.#stream;
    return [a, b, c, carry];
  }
}

/** The value that a seed draws, flat and unbiased, from the stream `scenario` of that seed. */
export function drawnFrom<T>(arbitrary: fc.Arbitrary<T>, seed: string): T {
  const stream = newStream(seed, "scenario");
  const [drawn] = fc.sample(arbitrary, {
    numRuns: 1,
    unbiased: true,
    randomType: () => new SeedGenerator(stream),
  });
  if (drawn === undefined) throw new Error("fast-check drew nothing");
  return drawn;
}

/** Times between two, in steps of 10 ms. */
export const time = (low: number, high: number): fc.Arbitrary<number> =>
  fc.integer({ min: low / 10, max: high / 10 }).map((step) => step * 10);
