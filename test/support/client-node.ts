/*
 * A client in a test's hands. The test plays the brokers: handshakes, metadata and producer ids are answered at once,
 * everything else when the test says so.
 */
import {
  adminDefaults,
  advertised,
  type AdminSettings,
  type AnyApi,
  apiVersions,
  type BatchHeader,
  type CallId,
  callId,
  type Client,
  type ClientCall,
  type ClientConfig,
  type ClientOutcome,
  consumerDefaults,
  type ConsumerSettings,
  errorCode,
  type ErrorName,
  fetch,
  type FetchRequest,
  type FrameLabel,
  initProducerId,
  listOffsets,
  metadata,
  newClient,
  produce,
  producerDefaults,
  type ProducerRecord,
  type ProducerSettings,
  readBatchHeader,
  type RequestOf,
  type ResponseInput,
  stepClient,
  type Uuid,
  utf8Bytes,
  uuid,
} from "#core";
import { fresh, type SentFrame, type Talk, TestNode } from "./test-node.ts";

export const topicId: Uuid = uuid("00000000-0000-0000-0000-00000000000a");

/** A request that waits for the test's answer. */
export interface Asked<A extends AnyApi> {
  readonly talk: Talk;
  readonly label: FrameLabel;
  readonly body: RequestOf<A>;
}

/** A client of a cluster with brokers 1 and 2 and the topic `orders`. */
export class ClientNode {
  readonly node: TestNode<Client>;
  /** Who leads each partition of `orders`, under which epoch; -1: nobody. */
  leaders: { leader: number; epoch: number }[] = [{ leader: 1, epoch: 0 }];
  /** Brokers whose connections are refused. */
  readonly dead = new Set<string>();
  /** What InitProducerId is answered. */
  producerIdError: ErrorName = "NONE";
  private readonly answered = new Set<FrameLabel>();
  private calls = 0;

  constructor(config: ClientConfig) {
    this.node = new TestNode(newClient(config), stepClient);
    this.node.onConnect = (talk) => this.open(talk);
    this.node.onRequest = (talk, request) => this.serve(talk, request);
    this.node.feed({ type: "started" });
  }

  /** An application's call. */
  call(request: ClientCall): CallId {
    const call = callId(++this.calls);
    this.node.feed({ type: "call", call, request });
    return call;
  }

  /** What the client answered to a call, each time that it did. */
  outcomes(call: CallId): ClientOutcome[] {
    return this.node.effects.flatMap((effect) =>
      effect.type === "result" && effect.call === call ? [effect.outcome] : [],
    );
  }

  /** What a call came to; undefined while it is open. */
  outcome(call: CallId): ClientOutcome | undefined {
    return this.outcomes(call)[0];
  }

  /** Requests of one API that wait for an answer on a connection that is up, oldest first. */
  waiting<A extends AnyApi>(api: A): Asked<A>[] {
    return this.node.talks
      .filter(({ ended }) => ended === undefined)
      .flatMap((talk) => talk.requests(api).map((one) => ({ talk, ...one })))
      .filter(({ label }) => !this.answered.has(label))
      .toSorted((a, b) => a.label.correlation - b.label.correlation);
  }

  /** The oldest request that waits. */
  first<A extends AnyApi>(api: A): Asked<A> {
    const [first] = this.waiting(api);
    if (first === undefined) throw new Error(`no ${api.name} waits`);
    return first;
  }

  /** Answers a request. */
  reply<A extends AnyApi>(api: A, asked: Asked<A>, body: ResponseInput<A>): void {
    this.answered.add(asked.label);
    asked.talk.reply(api, asked.label, body);
  }

  private open(talk: Talk): void {
    const { connection } = talk;
    if (this.dead.has(talk.to ?? "")) talk.end("refused");
    else this.node.feed({ type: "opened", connection, remote: { host: "x", port: 1 } });
  }

  private serve(talk: Talk, { label }: SentFrame): void {
    if (label.api === apiVersions.key) {
      talk.reply(apiVersions, label, { errorCode: 0, apiKeys: advertised, throttleTimeMs: 0 });
    } else if (label.api === metadata.key) {
      talk.reply(metadata, label, this.metadata(talk.requests(metadata).at(-1)?.body.topics));
    } else if (label.api === initProducerId.key) {
      const code = errorCode(this.producerIdError);
      const ids = { producerId: 7, producerEpoch: 0 };
      talk.reply(initProducerId, label, { throttleTimeMs: 0, errorCode: code, ...ids });
    }
  }

  private metadata(asked: RequestOf<typeof metadata>["topics"] | undefined) {
    const partitions = this.leaders.map(({ leader, epoch }, partitionIndex) => ({
      errorCode: errorCode(leader === -1 ? "LEADER_NOT_AVAILABLE" : "NONE"),
      partitionIndex,
      leaderId: leader,
      leaderEpoch: epoch,
      replicaNodes: [1, 2],
      isrNodes: [1, 2],
      offlineReplicas: [],
    }));
    const topics = (asked ?? []).map(({ name }) =>
      name === "orders"
        ? { errorCode: 0, name, topicId, isInternal: false, partitions }
        : { errorCode: errorCode("UNKNOWN_TOPIC_OR_PARTITION"), name, partitions: [] },
    );
    const brokers = [1, 2].map((nodeId) => ({
      nodeId,
      host: `b${nodeId}`,
      port: 9092,
      rack: null,
    }));
    return { brokers, clusterId: "highwater", controllerId: 1, topics };
  }
}

const common = { name: "test", bootstrap: [{ host: "b1", port: 9092 }] };

export const producerNode = (more: Partial<ProducerSettings> = {}): ClientNode =>
  new ClientNode({
    ...common,
    role: "producer",
    settings: { ...producerDefaults, ...more },
  });

export const consumerNode = (more: Partial<ConsumerSettings> = {}): ClientNode =>
  new ClientNode({ ...common, role: "consumer", settings: { ...consumerDefaults, ...more } });

export const adminNode = (more: Partial<AdminSettings> = {}): ClientNode =>
  new ClientNode({ ...common, role: "admin", settings: { ...adminDefaults, ...more } });

/** Hands a record to a producer. */
export const send = (
  client: ClientNode,
  value: string,
  more: Partial<ProducerRecord> = {},
): CallId => {
  const record = { topic: "orders", key: null, value: utf8Bytes(value), ...more };
  return client.call({ type: "send", record });
};

/** One batch of a produce request: its partition and header. */
export interface SentBatch {
  readonly partition: number;
  readonly header: BatchHeader;
  readonly records: Uint8Array;
}

export const batchesOf = ({ body }: Asked<typeof produce>): SentBatch[] =>
  body.topicData.flatMap(({ partitionData }) =>
    partitionData.map(({ index, records }) => {
      const bytes = records ?? fresh(0);
      return { partition: index, header: readBatchHeader(bytes), records: bytes };
    }),
  );

/** First sequence of the (only) batch of each produce that waits. */
export const sequencesOf = (client: ClientNode): number[] =>
  client.waiting(produce).flatMap((one) => batchesOf(one).map(({ header }) => header.baseSequence));

/** Answers a produce, all its partitions alike. */
export function answerProduce(
  client: ClientNode,
  asked: Asked<typeof produce>,
  { error = "NONE", base = 0 }: { readonly error?: ErrorName; readonly base?: number } = {},
): void {
  const responses = asked.body.topicData.map(({ name, partitionData }) => ({
    name,
    partitionResponses: partitionData.map(({ index }) => ({
      index,
      errorCode: errorCode(error),
      baseOffset: error === "NONE" ? base : -1,
    })),
  }));
  client.reply(produce, asked, { responses, throttleTimeMs: 0 });
}

/** A producer's first batch in a partition is acknowledged: until then no other is sent. */
export function begun(client: ClientNode, partition = 0): ClientNode {
  send(client, "first", { partition });
  client.node.advance(1);
  answerProduce(client, client.first(produce));
  return client;
}

/** The one partition that a fetch asks for. */
export const wantOf = ({ body }: { readonly body: FetchRequest }) => {
  const want = body.topics[0]?.partitions[0];
  if (want === undefined) throw new Error("a fetch asks for something");
  return want;
};

/** Answers a fetch of one partition. */
export function answerFetch(
  client: ClientNode,
  asked: Asked<typeof fetch>,
  answer: {
    readonly error?: ErrorName;
    readonly records?: readonly Uint8Array[];
    readonly diverging?: { readonly epoch: number; readonly endOffset: number };
    /** A broker to read from instead (KIP-392). */
    readonly preferred?: number;
  } = {},
): void {
  const bytes = new Uint8Array((answer.records ?? []).flatMap((one) => [...one]));
  const partition = {
    partitionIndex: wantOf(asked).partition,
    errorCode: errorCode(answer.error ?? "NONE"),
    preferredReadReplica: answer.preferred ?? -1,
    highWatermark: 1000,
    abortedTransactions: null,
    records: bytes,
    ...(answer.diverging === undefined ? {} : { divergingEpoch: answer.diverging }),
  };
  client.reply(fetch, asked, { responses: [{ topicId, partitions: [partition] }] });
}

/** Answers a question for offsets of one partition. */
export function answerOffset(
  client: ClientNode,
  asked: Asked<typeof listOffsets>,
  offset: number,
  error: ErrorName = "NONE",
): void {
  const partitions = (asked.body.topics[0]?.partitions ?? []).map(({ partitionIndex }) => ({
    partitionIndex,
    errorCode: errorCode(error),
    offset,
    leaderEpoch: 0,
  }));
  client.reply(listOffsets, asked, { topics: [{ name: "orders", partitions }] });
}
