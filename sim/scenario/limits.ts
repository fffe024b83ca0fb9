/* How much a scenario may hold, and what its faults may wait for. */

/** Upper limits: a scenario that keeps them runs in bounded memory. */
export const limits = {
  durationMs: 600_000,
  brokers: 100,
  controllers: 7,
  topics: 8,
  partitions: 1000,
  clients: 16,
  records: 100_000,
  valueBytes: 65_536,
  /** Of a producer's own records: how many, and how long a key is. */
  ownRecords: 10_000,
  keyLength: 1024,
  /** Bytes of all own records of a scenario. */
  ownBytes: 500_000,
  faults: 64,
  /** Characters of a key or a value that somebody types in. */
  handText: 200,
} as const;

/** What a conditional fault can wait for. */
export const conditionEvents = [
  "elected",
  "isrShrank",
  "isrGrew",
  "appended",
  "parked",
  "truncated",
  "controllerElected",
  "brokerRegistered",
  "diskWrite",
] as const;
