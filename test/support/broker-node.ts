/*
 * A broker in a test's hands. The test plays the controller: it holds the metadata log and says what is committed; it
 * plays the other brokers and the clients over connections of their own.
 */
import {
  type Broker,
  brokerHeartbeat,
  brokerId,
  brokerRegistration,
  type BrokerSettings,
  encodeBatch,
  encodeMetadataRecord,
  errorCode,
  fetch,
  type Files,
  type FrameLabel,
  metadataTopicId,
  type MetadataRecordInput,
  newBroker,
  produce,
  stepBroker,
  type Uuid,
  uuid,
} from "#core";
import { clusterId, settings } from "./controller-node.ts";
import { memoryFiles } from "./memory-files.ts";
import { batchOf } from "./replicas.ts";
import { fresh, type SentFrame, type Talk, TestNode } from "./test-node.ts";

export const ordersId: Uuid = uuid("00000000-0000-0000-0000-00000000000a");
/** The broker epoch of brokers 2 and 3. */
export const peerEpoch = 1;

/** How a partition is to stand; what is left out stays as it was. */
export interface Standing {
  readonly leader?: number;
  readonly isr?: readonly number[];
}

/** Broker 1 and the controller that the test plays for it. */
export class BrokerNode {
  readonly node: TestNode<Broker>;
  /** Whether questions to the controller that a broker asks by itself are answered. */
  controllerAnswers = true;
  /** Whether it is told who leads the controllers; without that it asks for no decision. */
  leaderIsTold = true;
  private wasTold = false;
  private readonly log: Uint8Array[] = [];
  private next = 0;
  private waiting: { talk: Talk; label: FrameLabel; at: number } | undefined;

  constructor(more: Partial<BrokerSettings> = {}, files: Files = memoryFiles()) {
    const config = {
      nodeId: brokerId(1),
      rack: null,
      clusterId,
      endpoint: { host: "b1", port: 9092 },
      controllers: [
        { id: brokerId(100), directory: ordersId, endpoint: { host: "c1", port: 9093 } },
      ],
      settings: settings(more),
    };
    this.node = new TestNode(newBroker(config), stepBroker, files);
    this.node.onConnect = ({ connection }) =>
      this.node.feed({ type: "opened", connection, remote: { host: "x", port: 1 } });
    this.node.onRequest = (talk, request) => this.serve(talk, request);
    for (const id of [2, 3]) this.commit([registration(id, peerEpoch, false)]);
  }

  /** Commits records; the broker is told if it waits for them. */
  commit(records: readonly MetadataRecordInput[]): number {
    const values = records.map((record) => ({
      timestamp: 0,
      key: null,
      value: encodeMetadataRecord(record),
      headers: [],
    }));
    const ids = { leaderEpoch: 1, producerId: -1, producerEpoch: -1, baseSequence: -1 };
    this.log.push(encodeBatch({ baseOffset: this.next, ...ids, records: values }, fresh));
    const base = this.next;
    this.next += records.length;
    this.tell();
    return base;
  }

  /** Makes `orders` with partitions on brokers 1, 2, 3 in this order. */
  makeOrders(
    standings: readonly Standing[] = [{}],
    configs: Readonly<Record<string, string>> = { "min.insync.replicas": "2" },
    replicas: readonly number[] = [1, 2, 3],
    name = "orders",
  ): void {
    const partitions = standings.map(({ leader, isr }, partitionId): MetadataRecordInput => ({
      type: "partition",
      partitionId,
      topicId: ordersId,
      replicas,
      isr: isr ?? replicas,
      removingReplicas: [],
      addingReplicas: [],
      leader: leader ?? 1,
      leaderEpoch: 0,
      partitionEpoch: 0,
      directories: [],
    }));
    const settingRecords = Object.entries(configs).map(([name, value]): MetadataRecordInput => ({
      type: "config",
      resourceType: 2,
      resourceName: "orders",
      name,
      value,
    }));
    this.commit([{ type: "topic", name, topicId: ordersId }, ...settingRecords, ...partitions]);
  }

  /** Commits changes of one partition together: naming a leader begins a leader epoch. */
  change(standings: Standing | readonly Standing[], partitionId = 0): void {
    const all = "length" in standings ? standings : [standings];
    this.commit(
      all.map(({ leader, isr }) => ({
        type: "partitionChange",
        topicId: ordersId,
        partitionId,
        isr: isr ?? null,
        leader: leader ?? -2,
      })),
    );
  }

  /** Commits that another broker's next life has registered and is in service. */
  registerPeer(id: number, epoch: number, rack: string | null = null): void {
    this.commit([{ ...registration(id, epoch, false), rack } as MetadataRecordInput]);
  }

  /** Requests to the controller that the test answers itself. */
  asked(): Talk {
    const talk = this.node.talks.findLast(
      (one) =>
        one.to === "c1:9093" &&
        one.sent.some(
          ({ label }) =>
            ![fetch.key, brokerHeartbeat.key, brokerRegistration.key].includes(label.api),
        ),
    );
    if (talk === undefined) throw new Error("the controller is not asked anything");
    return talk;
  }

  /** What this broker believes of a partition that it has a replica of. */
  partition(name = "orders-0") {
    const partition = this.node.state.partitions.get(name);
    if (partition === undefined) throw new Error(`no replica of ${name}`);
    return partition;
  }

  private serve(talk: Talk, { label }: SentFrame): void {
    if (talk.to !== "c1:9093") return;
    if (label.api === fetch.key && this.leaderIsTold && !this.wasTold) {
      this.wasTold = true;
      return this.reply({ talk, label, at: -1 });
    }
    if (!this.controllerAnswers) return;
    if (label.api === brokerRegistration.key) {
      const request = talk.requests(brokerRegistration).at(-1);
      const epoch = this.next;
      const body = { throttleTimeMs: 0, errorCode: 0, brokerEpoch: epoch };
      talk.reply(brokerRegistration, label, body);
      const incarnationId = request?.body.incarnationId ?? ordersId;
      this.commit([{ ...registration(1, epoch, false), incarnationId } as MetadataRecordInput]);
    } else if (label.api === brokerHeartbeat.key) {
      const request = talk.requests(brokerHeartbeat).at(-1);
      const shouldShutDown = request?.body.wantShutDown ?? false;
      const body = { throttleTimeMs: 0, errorCode: 0, isCaughtUp: true, isFenced: false };
      talk.reply(brokerHeartbeat, label, { ...body, shouldShutDown });
    } else if (label.api === fetch.key) {
      const asked = talk.requests(fetch).at(-1)?.body.topics[0]?.partitions[0];
      this.waiting = { talk, label, at: asked?.fetchOffset ?? 0 };
      this.tell();
    }
  }

  /** Answers the metadata fetch that waits, if there is something for it. */
  private tell(): void {
    const { waiting } = this;
    if (waiting === undefined || waiting.at >= this.next) return;
    this.waiting = undefined;
    this.reply(waiting);
  }

  /** `at` -1: it only says who leads. */
  private reply({ talk, label, at }: { talk: Talk; label: FrameLabel; at: number }): void {
    const partition = {
      partitionIndex: 0,
      errorCode: errorCode(at === -1 ? "FENCED_LEADER_EPOCH" : "NONE"),
      highWatermark: this.next,
      lastStableOffset: this.next,
      logStartOffset: 0,
      currentLeader: { leaderId: 100, leaderEpoch: 1 },
      abortedTransactions: null,
      records: at === -1 ? fresh(0) : this.bytesFrom(at),
    };
    talk.reply(fetch, label, {
      throttleTimeMs: 0,
      responses: [{ topicId: metadataTopicId, partitions: [partition] }],
    });
  }

  private bytesFrom(at: number): Uint8Array {
    const wanted = this.log.filter((batch) => new DataView(batch.buffer).getInt32(4) >= at);
    const all = fresh(wanted.reduce((sum, batch) => sum + batch.length, 0));
    let to = 0;
    for (const batch of wanted) {
      all.set(batch, to);
      to += batch.length;
    }
    return all;
  }
}

const registration = (id: number, epoch: number, fenced: boolean): MetadataRecordInput => ({
  type: "registerBroker",
  brokerId: id,
  incarnationId: uuid(`00000000-0000-0000-0000-0000000000b${id}`),
  brokerEpoch: epoch,
  endPoints: [{ name: "PLAINTEXT", host: `b${id}`, port: 9092, securityProtocol: 0 }],
  features: [],
  rack: null,
  fenced,
  logDirs: [],
});

/** A broker that serves and leads `orders-0` with followers 2 and 3 in sync. */
export function leadingBroker(
  standings?: readonly Standing[],
  configs?: Readonly<Record<string, string>>,
  more: Partial<BrokerSettings> = {},
): BrokerNode {
  const broker = new BrokerNode(more);
  broker.node.feed({ type: "started" });
  broker.makeOrders(standings, configs);
  return broker;
}

export interface ProduceMore {
  readonly acks?: number;
  readonly timeoutMs?: number;
  readonly index?: number;
  readonly topic?: string;
  readonly producer?: number;
  readonly sequence?: number;
  readonly epoch?: number;
  readonly records?: Uint8Array | null;
  readonly version?: number;
}

/** Sends a produce of one batch to `orders-0`; returns its correlation id. */
export function sendProduce(talk: Talk, values: readonly string[], more: ProduceMore = {}): number {
  const records = more.records === undefined ? batchOf(values, more) : more.records;
  return talk.ask(
    produce,
    {
      transactionalId: null,
      acks: more.acks ?? -1,
      timeoutMs: more.timeoutMs ?? 1500,
      topicData: [
        { name: more.topic ?? "orders", partitionData: [{ index: more.index ?? 0, records }] },
      ],
    },
    more.version,
  );
}

/** What a produce was answered for its one partition; undefined while it waits. */
export function produced(talk: Talk, correlation: number) {
  return talk.answer(produce, correlation)?.responses[0]?.partitionResponses[0];
}

export interface FetchMore {
  readonly replica?: number;
  readonly replicaEpoch?: number;
  readonly epoch?: number;
  readonly lastEpoch?: number;
  readonly maxWaitMs?: number;
  readonly minBytes?: number;
  readonly maxBytes?: number;
  readonly index?: number;
  readonly topicId?: Uuid;
  readonly logStart?: number;
  /** Where a consumer runs. */
  readonly rack?: string;
}

/** Sends a fetch of `orders-0`, by default as a consumer that waits; returns its correlation id. */
export const sendFetch = (talk: Talk, offset: number, more: FetchMore = {}): number =>
  talk.ask(fetch, {
    ...(more.replica === undefined
      ? {}
      : {
          replicaState: {
            replicaId: more.replica,
            replicaEpoch: more.replicaEpoch ?? peerEpoch,
          },
        }),
    maxWaitMs: more.maxWaitMs ?? 500,
    minBytes: more.minBytes ?? 1,
    maxBytes: more.maxBytes ?? 1 << 20,
    topics: [
      {
        topicId: more.topicId ?? ordersId,
        partitions: [
          {
            partition: more.index ?? 0,
            currentLeaderEpoch: more.epoch ?? -1,
            fetchOffset: offset,
            lastFetchedEpoch: more.lastEpoch ?? -1,
            logStartOffset: more.logStart ?? (more.replica === undefined ? -1 : 0),
            partitionMaxBytes: 1 << 20,
          },
        ],
      },
    ],
    forgottenTopicsData: [],
    rackId: more.rack ?? "",
  });

/** What a fetch was answered for its one partition; undefined while it waits. */
export function fetched(talk: Talk, correlation: number) {
  return talk.answer(fetch, correlation)?.responses[0]?.partitions[0];
}

/** A follower of `orders-0` that the test plays: each call says how far it holds the leader's log. */
export function follower(broker: BrokerNode, replica: number) {
  let talk = broker.node.connect();
  return (offset: number, more: FetchMore = {}) => {
    const [partition] = broker.node.state.partitions.values();
    const epoch = partition?.leaderEpoch ?? -1;
    // What waits would hold up the next question: a new connection does not wait for it.
    talk.end();
    talk = broker.node.connect();
    const on = talk;
    const correlation = sendFetch(on, offset, { replica, epoch, ...more });
    return { answer: () => fetched(on, correlation) };
  };
}

/** Followers 2 and 3 hold the leader's log up to `offset`. */
export function bothHold(broker: BrokerNode, offset: number): void {
  for (const replica of [2, 3]) follower(broker, replica)(offset);
}
