/* Which topic settings may be set, and to what. */
const isNumber = (value: string, least: number): boolean =>
  /^\d{1,16}$/.test(value) && Number(value) >= least;

const known: ReadonlyMap<string, (value: string) => boolean> = new Map([
  ["min.insync.replicas", (value: string) => isNumber(value, 1)],
  ["unclean.leader.election.enable", (value: string) => value === "true" || value === "false"],
  ["flush.messages", (value: string) => isNumber(value, 1)],
  // Kafka's own least is 1 MB since 4.0 (KIP-1030); lessons roll sooner.
  ["segment.bytes", (value: string) => isNumber(value, 14)],
]);

/** What is wrong with a topic's settings; undefined if nothing is. */
export function configProblem(
  configs: readonly { readonly name: string; readonly value: string | null }[],
): string | undefined {
  for (const { name, value } of configs) {
    const isValid = known.get(name);
    if (isValid === undefined) return `Unknown topic config name: ${name}`;
    if (value === null) return `Null value not supported for topic configs: ${name}`;
    if (!isValid(value)) return `Invalid value ${value} for configuration ${name}`;
  }
  return undefined;
}
