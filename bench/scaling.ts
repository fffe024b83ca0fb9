/* What an input costs as the cluster grows, beside the smallest one in the same run. */
import { median, ratio } from "./measure.ts";
import { inputsPerTurn, settledCluster, type Shape } from "./timed.ts";

const turns = 7;
const warmUps = 2;

/** Prints µs per input for 3 to 100 brokers, and for 1 to 1,000 partitions. */
export function benchScaling(): void {
  compare(
    "3 partitions a broker, a record every 10 ms a broker",
    "1.5 times from 3 to 100 brokers",
    "brokers",
    [3, 10, 30, 100].map((brokers) => ({
      size: brokers,
      shape: { brokers, partitions: 3 * brokers, intervalMs: thousandths(10 / brokers) },
    })),
  );
  compare(
    "3 brokers, a record every 2 ms",
    "2 times from 1 to 1,000 partitions",
    "partitions",
    [1, 10, 100, 1000].map((partitions) => ({
      size: partitions,
      shape: { brokers: 3, partitions, intervalMs: 2 },
    })),
  );
}

const thousandths = (value: number): number => Math.floor(value * 1000 + 0.5) / 1000;

/** In turns, so that no size has the quieter machine. */
function compare(
  what: string,
  aim: string,
  unit: string,
  sizes: readonly { readonly size: number; readonly shape: Shape }[],
): void {
  console.log(`Cost of an input: ${what}, ${inputsPerTurn} inputs a turn; aim: within ${aim}`);
  const clusters = sizes.map(({ size, shape }) => ({
    size,
    turn: settledCluster(shape),
    costs: [] as number[],
  }));
  for (let i = 0; i < warmUps + turns; i++) {
    for (const { turn, costs } of clusters) {
      const cost = turn();
      if (i >= warmUps) costs.push(cost);
    }
  }
  const least = median(clusters[0]?.costs ?? []);
  for (const { size, costs } of clusters) {
    const cost = median(costs);
    console.log(
      `  ${String(size).padStart(5)} ${unit.padEnd(10)}  ${cost.toFixed(1)} µs an input: ${ratio(cost, least)} the smallest`,
    );
  }
}
