// Where replicas go: Kafka's StripedReplicaPlacer, as properties over drawn clusters.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { brokerId, type BrokerId } from "#core";
import { drawUint32, newStream } from "../../sim/world/stream.ts";
import { placeReplicas, type UsableBroker } from "../../core/controller/metadata/placement.ts";

/** Brokers in racks, the first of them not fenced; partitions; replicas of each; what is drawn. */
const plans = fc
  .array(
    fc.record({
      rack: fc.constantFrom(null, "r1", "r2", "r3"),
      fenced: fc.oneof({ arbitrary: fc.constant(false), weight: 3 }, fc.boolean()),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .chain((places) =>
    fc.record({
      brokers: fc.constant(
        places.map(({ rack, fenced }, i): UsableBroker => ({
          id: brokerId(i + 1),
          rack,
          fenced: i > 0 && fenced,
        })),
      ),
      partitions: fc.integer({ min: 1, max: 12 }),
      factor: fc.integer({ min: 1, max: places.length }),
      draws: fc.array(fc.nat(), { minLength: 1, maxLength: 40 }),
    }),
  );

const drawing = (draws: readonly number[]) => {
  let i = 0;
  return (): number => draws[i++ % draws.length] ?? 0;
};

const rackOf = (brokers: readonly UsableBroker[], id: BrokerId | undefined) =>
  brokers.find((broker) => broker.id === id)?.rack;

const countBy = <T>(items: readonly T[]): Map<T, number> => {
  const counts = new Map<T, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
};

describe("replicas of a new topic", () => {
  it("are as many as asked for, all different, and led by a broker in service", () => {
    fc.assert(
      fc.property(plans, ({ brokers, partitions, factor, draws }) => {
        const placed = placeReplicas(brokers, partitions, factor, drawing(draws));
        expect(placed).toHaveLength(partitions);
        for (const replicas of placed) {
          expect(new Set(replicas).size).toBe(factor);
          expect(brokers.find(({ id }) => id === replicas[0])?.fenced).toBe(false);
        }
      }),
    );
  });

  it("stand in different racks as far as there are any, and no rack has two more than another with room", () => {
    fc.assert(
      fc.property(plans, ({ brokers, partitions, factor, draws }) => {
        const sizes = countBy(brokers.map(({ rack }) => rack));
        for (const replicas of placeReplicas(brokers, partitions, factor, drawing(draws))) {
          const counts = countBy(replicas.map((id) => rackOf(brokers, id)));
          expect(counts.size).toBe(Math.min(factor, sizes.size));
          const most = Math.max(...counts.values());
          for (const [rack, size] of sizes) {
            const count = counts.get(rack) ?? 0;
            expect(count >= most - 1 || count === size).toBe(true);
          }
        }
      }),
    );
  });

  it("do not hang on the order in which brokers are listed", () => {
    fc.assert(
      fc.property(plans, ({ brokers, partitions, factor, draws }) => {
        const placed = placeReplicas(brokers, partitions, factor, drawing(draws));
        const back = brokers.toReversed();
        expect(placeReplicas(back, partitions, factor, drawing(draws))).toEqual(placed);
      }),
    );
  });

  it("take a fenced broker of a rack only when the rack has no other left", () => {
    fc.assert(
      fc.property(plans, ({ brokers, partitions, factor, draws }) => {
        for (const replicas of placeReplicas(brokers, partitions, factor, drawing(draws))) {
          const fenced = brokers.filter((one) => one.fenced && replicas.includes(one.id));
          for (const { rack } of fenced) {
            const inService = brokers.filter((one) => one.rack === rack && !one.fenced);
            expect(inService.every(({ id }) => replicas.includes(id))).toBe(true);
          }
        }
      }),
    );
  });

  it("are led in turn by every rack, and without racks by every broker", () => {
    fc.assert(
      fc.property(plans, fc.boolean(), ({ brokers, factor, draws }, hasRacks) => {
        const usable = brokers.map((one) => ({
          ...one,
          fenced: false,
          rack: hasRacks ? one.rack : null,
        }));
        const racks = new Set(usable.map(({ rack }) => rack)).size;
        const placed = placeReplicas(usable, usable.length, factor, drawing(draws));
        const leaders = placed.map(([leader]) => leader);
        if (!hasRacks) expect(new Set(leaders).size).toBe(usable.length);
        for (let i = 0; i + racks <= leaders.length; i++) {
          const led = leaders.slice(i, i + racks).map((leader) => rackOf(usable, leader));
          expect(new Set(led).size).toBe(racks);
        }
      }),
    );
  });
});

/** Rack and state of brokers 1, 2, ... */
const usable = (places: readonly (readonly [string | null, boolean])[]): UsableBroker[] =>
  places.map(([rack, fenced], i) => ({ id: brokerId(i + 1), rack, fenced }));

it.each([
  ["of one rack", [null, null, null]],
  ["of three racks", ["a", "b", "c"]],
])(
  "every broker %s leads some topic's first partition: where a topic begins is drawn",
  (_, racks) => {
    const stream = newStream("1", "placement");
    const brokers = usable(racks.map((rack) => [rack, false]));
    const draw = (): number => drawUint32(stream);
    const leaders = Array.from({ length: 20 }, () => placeReplicas(brokers, 1, 1, draw)[0]?.[0]);
    expect(new Set(leaders).size).toBe(3);
  },
);

it.each([
  { what: "of one rack", places: [1, 2, 3].map(() => [null, false] as const), at: 0 },
  { what: "of three racks", places: ["a", "b", "c"].map((rack) => [rack, false] as const), at: 0 },
  { what: "that are fenced", places: [0, 0, 1, 1, 1].map((is) => [null, is > 0] as const), at: 2 },
])(
  "of three brokers $what each stands next to each other in time: the order is drawn anew",
  (row) => {
    const stream = newStream("1", "placement");
    const brokers = usable(row.places);
    const draw = (): number => drawUint32(stream);
    const placed = placeReplicas(brokers, 60, row.at + 2, draw);
    const pairs = new Set(placed.map((replicas) => replicas.slice(row.at, row.at + 2).join()));
    expect(pairs.size).toBe(6);
  },
);

it("where there is no choice nothing is drawn", () => {
  const nothing = (): number => {
    throw new Error("drawn");
  };
  expect(placeReplicas(usable([[null, false]]), 3, 1, nothing)).toEqual([[1], [1], [1]]);
});

it("replicas of partitions that are added go on where the last one ended", () => {
  const brokers = [1, 2, 3].map((id) => ({ id: brokerId(id), rack: null, fenced: false }));
  const existing = [[brokerId(2), brokerId(3), brokerId(1)]];
  // These draws would bring another order if brokers were shuffled.
  const placed = placeReplicas(brokers, 2, 2, drawing([0]), existing);
  expect(placed).toEqual([
    [3, 1],
    [1, 2],
  ]);
});
