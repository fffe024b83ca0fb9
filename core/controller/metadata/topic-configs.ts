/* Which settings may be set for topics and brokers at run time, and to what. */
const isNumber = (value: string, least: number): boolean =>
  /^-?\d{1,16}$/.test(value) && Number(value) >= least;

interface Setting {
  /** Under which key brokers have it, as a default of their topics. */
  readonly ofBroker: string;
  readonly isValid: (value: string) => boolean;
}

const known: ReadonlyMap<string, Setting> = new Map<string, Setting>([
  [
    "min.insync.replicas",
    { ofBroker: "min.insync.replicas", isValid: (value: string) => isNumber(value, 1) },
  ],
  [
    "unclean.leader.election.enable",
    {
      ofBroker: "unclean.leader.election.enable",
      isValid: (value: string) => value === "true" || value === "false",
    },
  ],
  [
    "flush.messages",
    { ofBroker: "log.flush.interval.messages", isValid: (value: string) => isNumber(value, 1) },
  ],
  ["retention.ms", { ofBroker: "log.retention.ms", isValid: (value) => isNumber(value, -1) }],
  ["retention.bytes", { ofBroker: "log.retention.bytes", isValid: (value) => isNumber(value, -1) }],
  // Kafka's own least is 1 MB since 4.0 (KIP-1030); lessons roll sooner.
  [
    "segment.bytes",
    { ofBroker: "log.segment.bytes", isValid: (value: string) => isNumber(value, 14) },
  ],
]);

const byBrokerKey: ReadonlyMap<string, Setting> = new Map(
  [...known.values()].map((setting) => [setting.ofBroker, setting]),
);

/** Kafka's key of a broker for a topic's setting, such as `log.segment.bytes` for `segment.bytes`. */
export const brokerKeyOf = (topicKey: string): string => known.get(topicKey)?.ofBroker ?? topicKey;

/** What is wrong with one setting of a topic; undefined if nothing is. A value of null: it is to be deleted. */
export function topicConfigProblem(name: string, value: string | null): string | undefined {
  const setting = known.get(name);
  return setting === undefined
    ? `Unknown topic config name: ${name}`
    : problem(setting, name, value);
}

/** What is wrong with one setting of a broker, as `topicConfigProblem`. */
export function brokerConfigProblem(name: string, value: string | null): string | undefined {
  const setting = byBrokerKey.get(name);
  return setting === undefined
    ? `Unknown broker config name: ${name}`
    : problem(setting, name, value);
}

const problem = ({ isValid }: Setting, name: string, value: string | null): string | undefined =>
  value === null || isValid(value) ? undefined : `Invalid value ${value} for configuration ${name}`;

/** What is wrong with the settings of a topic that is to be made; undefined if nothing is. */
export function configProblem(
  configs: readonly { readonly name: string; readonly value: string | null }[],
): string | undefined {
  for (const { name, value } of configs) {
    const wrong = topicConfigProblem(name, value);
    if (wrong !== undefined) return wrong;
    if (value === null) return `Null value not supported for topic configs: ${name}`;
  }
  return undefined;
}
