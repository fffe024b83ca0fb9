/*
 * The asking side of a fetch session (KIP-227; Kafka's FetchSessionHandler and FetchMetadata): the one who fetches
 * names all partitions once, and after that only those that changed. Which answer belongs to which question is told by
 * the session's id and its epoch, which rises with every request.
 */
import { partitionName, type Uuid } from "../foundation/ids.ts";
import type { FetchResponse } from "./api/fetch.ts";
import { errorName } from "./errors.ts";

/** No session. */
export const noSession = 0;
/** The epoch of a full fetch that asks for a session. */
export const initialEpoch = 0;
/** The epoch of a full fetch that wants none, and ends the one that it names. */
export const finalEpoch = -1;

/** Whether a fetch of this epoch names all its partitions. */
export const isFull = (epoch: number): boolean => epoch === initialEpoch || epoch === finalEpoch;

/** The epoch that must come next: after the largest it begins at 1, for 0 begins a session. */
export const epochAfter = (epoch: number): number => {
  if (epoch < 0) return finalEpoch;
  return epoch === 0x7fffffff ? 1 : epoch + 1;
};

/** What a fetch asks of one partition. */
export interface PartitionQuestion {
  readonly topic: string;
  readonly topicId: Uuid;
  readonly partition: number;
  readonly currentLeaderEpoch: number;
  readonly fetchOffset: number;
  readonly lastFetchedEpoch: number;
  readonly logStartOffset: number;
  readonly partitionMaxBytes: number;
}

/** The sessions of one who fetches, with one broker. Plain data. */
export interface FetchSessionHandler {
  sessionId: number;
  /** Of the next request. */
  epoch: number;
  /** By partition name: what the broker's session holds once the request that is out has been answered. */
  readonly partitions: Map<string, PartitionQuestion>;
  readonly topicNames: Map<Uuid, string>;
}

export const newFetchSessionHandler = (): FetchSessionHandler => ({
  sessionId: noSession,
  epoch: initialEpoch,
  partitions: new Map(),
  topicNames: new Map(),
});

/** The parts of a Fetch request that a session decides. */
export interface FetchSessionRequest {
  readonly sessionId: number;
  readonly sessionEpoch: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly topicId: Uuid;
    readonly partitions: PartitionQuestion[];
  }[];
  readonly forgottenTopicsData: readonly {
    readonly topic: string;
    readonly topicId: Uuid;
    readonly partitions: number[];
  }[];
}

/**
 * The next request, from what is to be asked of each partition by its name; undefined: nothing any more. A full fetch
 * (`isFull(handler.epoch)`) needs the names of all, an incremental one at least of those that may have changed.
 */
export function buildFetch(
  handler: FetchSessionHandler,
  names: Iterable<string>,
  questionOf: (name: string) => PartitionQuestion | undefined,
): FetchSessionRequest {
  const { partitions, topicNames } = handler;
  const toSend: PartitionQuestion[] = [];
  const toForget: PartitionQuestion[] = [];
  if (isFull(handler.epoch)) {
    partitions.clear();
    topicNames.clear();
  }
  for (const name of names) {
    const before = partitions.get(name);
    const question = questionOf(name);
    if (question === undefined) {
      if (before === undefined) continue;
      partitions.delete(name);
      toForget.push(before);
      continue;
    }
    if (before !== undefined && asksTheSame(before, question)) continue;
    // A topic that was made again under the name is another one: the broker must forget the old.
    if (before !== undefined && before.topicId !== question.topicId) toForget.push(before);
    partitions.set(name, question);
    if (before?.topicId !== question.topicId) topicNames.set(question.topicId, question.topic);
    toSend.push(question);
  }
  return {
    sessionId: handler.sessionId,
    sessionEpoch: handler.epoch,
    topics: byTopic(toSend, (question) => question),
    forgottenTopicsData: byTopic(toForget, ({ partition }) => partition),
  };
}

const asksTheSame = (a: PartitionQuestion, b: PartitionQuestion): boolean =>
  a.fetchOffset === b.fetchOffset &&
  a.currentLeaderEpoch === b.currentLeaderEpoch &&
  a.lastFetchedEpoch === b.lastFetchedEpoch &&
  a.logStartOffset === b.logStartOffset &&
  a.partitionMaxBytes === b.partitionMaxBytes &&
  a.topicId === b.topicId;

function byTopic<T>(
  questions: readonly PartitionQuestion[],
  take: (question: PartitionQuestion) => T,
): { topic: string; topicId: Uuid; partitions: T[] }[] {
  const topics: { topic: string; topicId: Uuid; partitions: T[] }[] = [];
  for (const question of questions) {
    const { topic, topicId } = question;
    const same = topics.find((one) => one.topicId === topicId);
    if (same !== undefined) same.partitions.push(take(question));
    else topics.push({ topic, topicId, partitions: [take(question)] });
  }
  return topics;
}

/**
 * Takes in the answer to the request that `buildFetch` made last.
 * @returns what is wrong with it, if its partitions say nothing: the next fetch is a full one.
 */
export function takeFetchAnswer(
  handler: FetchSessionHandler,
  response: FetchResponse,
): string | undefined {
  const full = isFull(handler.epoch);
  const error = errorName(response.errorCode);
  if (error !== "NONE") {
    if (error === "FETCH_SESSION_ID_NOT_FOUND") reset(handler);
    else beginAnew(handler);
    return error;
  }
  const problem = problemWith(handler, response, full);
  if (problem !== undefined) {
    if (full) reset(handler);
    else beginAnew(handler);
    return problem;
  }
  // Session id 0 refuses a session, or says that the broker has ended it.
  if (response.sessionId === noSession) reset(handler);
  else if (full) {
    handler.sessionId = response.sessionId;
    handler.epoch = epochAfter(initialEpoch);
  } else handler.epoch = epochAfter(handler.epoch);
  return undefined;
}

/** No answer came: the broker may have moved on or not, so that the session is begun anew. */
export function beginAnew(handler: FetchSessionHandler): void {
  handler.epoch = initialEpoch;
}

function reset(handler: FetchSessionHandler): void {
  handler.sessionId = noSession;
  handler.epoch = initialEpoch;
}

/** A full answer tells of all partitions, an incremental one of none but the session's. */
function problemWith(
  { partitions: known, topicNames }: FetchSessionHandler,
  { responses }: FetchResponse,
  full: boolean,
): string | undefined {
  let told = 0;
  for (const { topic, topicId, partitions } of responses) {
    const name = topicNames.get(topicId) ?? topic;
    for (const { partitionIndex } of partitions) {
      if (!known.has(partitionName(name, partitionIndex))) return "a partition that was not asked";
      told += 1;
    }
  }
  return full && told < known.size ? "a partition without an answer" : undefined;
}
