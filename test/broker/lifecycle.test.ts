import { describe, expect, it } from "vitest";
import {
  brokerHeartbeat,
  brokerRegistration,
  deleteRecords,
  errorCode,
  fetch,
  type Files,
  type FrameLabel,
  metadataTopicId,
} from "#core";
import {
  bothHold,
  BrokerNode,
  leadingBroker,
  produced,
  sendProduce,
} from "../support/broker-node.ts";
import { memoryFiles } from "../support/memory-files.ts";
import type { Talk } from "../support/test-node.ts";

/** The connection on which a broker registers and heartbeats. */
function lifecycleOf({ node }: BrokerNode): Talk {
  const talk = node.talks.findLast((one) => one.requests(brokerRegistration).length > 0);
  if (talk === undefined) throw new Error("the broker does not register");
  return talk;
}

const heartbeatsOf = (broker: BrokerNode) => lifecycleOf(broker).requests(brokerHeartbeat);

function lastLabel(broker: BrokerNode): FrameLabel {
  const label = lifecycleOf(broker).requests(brokerRegistration).at(-1)?.label;
  if (label === undefined) throw new Error("the broker does not register");
  return label;
}

function refuse(broker: BrokerNode): void {
  const body = {
    throttleTimeMs: 0,
    errorCode: errorCode("DUPLICATE_BROKER_REGISTRATION"),
    brokerEpoch: -1,
  };
  lifecycleOf(broker).reply(brokerRegistration, lastLabel(broker), body);
}

const exits = ({ node }: BrokerNode): number =>
  node.effects.filter(({ type }) => type === "exit").length;

describe("a broker that starts", () => {
  it("registers, and tries again while it is refused or not heard", () => {
    const broker = new BrokerNode();
    broker.controllerAnswers = false;
    broker.node.feed({ type: "started" });
    refuse(broker);
    const before = lifecycleOf(broker).requests(brokerRegistration);
    expect(before).toHaveLength(1);
    broker.node.advance(2000);
    const again = lifecycleOf(broker).requests(brokerRegistration);
    expect(again).toHaveLength(2);
    expect(again[1]?.body.incarnationId).toBe(again[0]?.body.incarnationId);
    broker.controllerAnswers = true;
    broker.node.advance(5000);
    expect(broker.node.state.lifecycle.phase).toBe("running");
  });

  it("wants to be fenced until it has applied its own registration, and not with the next heartbeat", () => {
    const broker = new BrokerNode();
    broker.node.feed({ type: "started" });
    broker.node.advance(2000);
    const [first, second] = heartbeatsOf(broker).map(({ body }) => body);
    const { epoch } = broker.node.state.lifecycle;
    expect(first).toMatchObject({ brokerEpoch: epoch, wantFence: true });
    expect(first?.currentMetadataOffset).toBeLessThan(epoch);
    expect(second).toMatchObject({ brokerEpoch: epoch, wantFence: false });
    expect(second?.currentMetadataOffset).toBeGreaterThanOrEqual(epoch);
  });

  it("takes up no role from metadata of earlier days before it has applied its registration", () => {
    const broker = new BrokerNode();
    broker.makeOrders();
    broker.change({ leader: 2 });
    broker.node.feed({ type: "started" });
    expect(broker.node.notes("roleTaken")).toMatchObject([
      { role: "follower", epoch: 1, leader: 2 },
    ]);
  });

  it("takes up none either while it has applied only what came before its registration", () => {
    const broker = new BrokerNode();
    broker.makeOrders();
    broker.controllerAnswers = false;
    broker.node.feed({ type: "started" });
    const body = { throttleTimeMs: 0, errorCode: 0, brokerEpoch: 10 };
    lifecycleOf(broker).reply(brokerRegistration, lastLabel(broker), body);
    broker.controllerAnswers = true;
    broker.node.advance(5000);
    expect(broker.node.notes("metadataApplied")).toHaveLength(1);
    expect(broker.node.notes("roleTaken")).toEqual([]);
    broker.commit(Array.from({ length: 7 }, () => ({ type: "noOp" as const })));
    expect(broker.node.notes("roleTaken")).toMatchObject([{ role: "leader", epoch: 0 }]);
  });

  it("does not unlearn what is committed from a controller that does not know it yet", () => {
    const broker = leadingBroker();
    const { committed } = broker.node.state.metadata ?? {};
    const talk = broker.node.talks.findLast(
      (one) => one.to === "c1:9093" && one.requests(fetch).length > 0,
    );
    const label = talk?.requests(fetch).at(-1)?.label;
    if (talk === undefined || label === undefined) throw new Error("no metadata is fetched");
    const partition = {
      partitionIndex: 0,
      errorCode: 0,
      highWatermark: 0,
      lastStableOffset: 0,
      logStartOffset: 0,
      currentLeader: { leaderId: 100, leaderEpoch: 1 },
      abortedTransactions: null,
      records: null,
    };
    const responses = [{ topicId: metadataTopicId, partitions: [partition] }];
    talk.reply(fetch, label, { throttleTimeMs: 0, responses });
    expect(talk.requests(fetch).at(-1)?.label).not.toEqual(label);
    expect(committed).toBeGreaterThan(0);
    expect(broker.node.state.metadata?.committed).toBe(committed);
  });

  it("heartbeats every broker.heartbeat.interval.ms, one at a time", () => {
    const broker = new BrokerNode();
    broker.node.feed({ type: "started" });
    const before = heartbeatsOf(broker).length;
    broker.node.advance(10_000);
    expect(heartbeatsOf(broker).length - before).toBe(5);
  });

  it("fetches metadata again after a refusal, and after a time without an answer", () => {
    const broker = new BrokerNode();
    broker.controllerAnswers = false;
    broker.leaderIsTold = false;
    broker.node.feed({ type: "started" });
    const first = broker.node.talks.find((talk) => talk.requests(fetch).length > 0);
    const label = first?.requests(fetch)[0]?.label;
    if (first === undefined || label === undefined) throw new Error("no metadata is fetched");
    first.reply(fetch, label, { errorCode: errorCode("NOT_CONTROLLER"), responses: [] });
    broker.node.advance(20);
    expect(first.requests(fetch)).toHaveLength(2);
    broker.node.advance(2500);
    expect(first.ended).toBe("there");
    broker.node.advance(20);
    expect(broker.node.talks.filter((talk) => talk.requests(fetch).length > 0)).toHaveLength(2);
  });
});

describe("a clean stop", () => {
  it("asks the controller to let it go, serves on meanwhile, and exits when it may", () => {
    const broker = leadingBroker();
    const client = broker.node.connect();
    broker.controllerAnswers = false;
    broker.node.feed({ type: "stop" });
    const asked = heartbeatsOf(broker).at(-1);
    expect(asked?.body.wantShutDown).toBe(true);
    expect(produced(client, sendProduce(client, ["x"], { acks: 1 }))?.errorCode).toBe(0);
    const body = { throttleTimeMs: 0, errorCode: 0, isCaughtUp: true, isFenced: false };
    const reply = (label: FrameLabel | undefined, shouldShutDown: boolean): void => {
      if (label === undefined) throw new Error("no heartbeat");
      lifecycleOf(broker).reply(brokerHeartbeat, label, { ...body, shouldShutDown });
    };
    reply(asked?.label, false);
    expect(exits(broker)).toBe(0);
    broker.node.advance(1999);
    broker.node.advance(1);
    reply(heartbeatsOf(broker).at(-1)?.label, true);
    expect(exits(broker)).toBe(1);
  });

  it("does not wait for ever: without an answer it exits after two sessions", () => {
    const broker = leadingBroker();
    broker.controllerAnswers = false;
    broker.node.feed({ type: "stop" });
    broker.node.advance(17_000);
    expect(exits(broker)).toBe(0);
    broker.node.advance(3000);
    expect(exits(broker)).toBe(1);
  });

  it("leaves a marker with its broker epoch, which the next life tells and takes away", () => {
    const files = memoryFiles();
    const first = new BrokerNode({}, files);
    first.node.feed({ type: "started" });
    const { epoch } = first.node.state.lifecycle;
    first.node.feed({ type: "stop" });
    expect(exits(first)).toBe(1);
    const registrations = [1, 2].map(() => {
      const next = new BrokerNode({}, files);
      next.node.feed({ type: "started" });
      return lifecycleOf(next).requests(brokerRegistration)[0]?.body;
    });
    expect(registrations.map((one) => one?.previousBrokerEpoch)).toEqual([epoch, -1]);
    expect(registrations[0]?.logDirs).toEqual(registrations[1]?.logDirs);
    expect(registrations[0]?.incarnationId).toBeDefined();
  });
});

describe("a clean stop of a broker that is being registered", () => {
  /** It is asked to stop while the controller has not answered; its last life left a marker with an epoch. */
  function stopping() {
    const files = memoryFiles();
    const before = new BrokerNode({}, files);
    before.node.feed({ type: "started" });
    before.node.feed({ type: "stop" });
    const broker = new BrokerNode({}, files);
    broker.controllerAnswers = false;
    broker.node.feed({ type: "started" });
    broker.node.feed({ type: "stop" });
    return { broker, files, earlier: before.node.state.lifecycle.epoch };
  }

  /** The epoch that its next life says that it had. */
  function marked(files: Files): number | undefined {
    const next = new BrokerNode({}, files);
    next.controllerAnswers = false;
    next.node.feed({ type: "started" });
    return lifecycleOf(next).requests(brokerRegistration)[0]?.body.previousBrokerEpoch;
  }

  it("waits for its epoch, asks to leave under it, and names it in its marker", () => {
    const { broker, files } = stopping();
    expect(exits(broker)).toBe(0);
    const body = { throttleTimeMs: 0, errorCode: 0, brokerEpoch: 77 };
    lifecycleOf(broker).reply(brokerRegistration, lastLabel(broker), body);
    expect(exits(broker)).toBe(0);
    const asked = heartbeatsOf(broker).at(-1);
    expect(asked?.body).toMatchObject({ brokerEpoch: 77, wantShutDown: true, wantFence: false });
    if (asked === undefined) throw new Error("no heartbeat");
    const leave = { errorCode: 0, isCaughtUp: false, isFenced: true, shouldShutDown: true };
    lifecycleOf(broker).reply(brokerHeartbeat, asked.label, { throttleTimeMs: 0, ...leave });
    expect(exits(broker)).toBe(1);
    expect(marked(files)).toBe(77);
  });

  it("exits at once when it is refused: its earlier epoch is still its last one", () => {
    const { broker, files, earlier } = stopping();
    refuse(broker);
    expect(exits(broker)).toBe(1);
    expect(earlier).toBeGreaterThan(0);
    expect(marked(files)).toBe(earlier);
  });

  it("asks again when it is not heard, or whoever it asked has lost its office, and exits after two sessions", () => {
    const { broker, files, earlier } = stopping();
    const code = errorCode("NOT_CONTROLLER");
    const body = { throttleTimeMs: 0, errorCode: code, brokerEpoch: -1 };
    lifecycleOf(broker).reply(brokerRegistration, lastLabel(broker), body);
    expect(exits(broker)).toBe(0);
    broker.node.advance(200);
    expect(lifecycleOf(broker).requests(brokerRegistration).length).toBeGreaterThan(1);
    broker.node.advance(17_000);
    expect(exits(broker)).toBe(0);
    broker.node.advance(6000);
    expect(exits(broker)).toBe(1);
    expect(marked(files)).toBe(earlier);
  });

  it("exits at once if no controller was asked yet", () => {
    const broker = new BrokerNode();
    broker.leaderIsTold = false;
    broker.controllerAnswers = false;
    broker.node.feed({ type: "started" });
    broker.node.feed({ type: "stop" });
    expect(exits(broker)).toBe(1);
  });
});

it("a log begins after a restart where the checkpoint says, though its files hold more", () => {
  const files = memoryFiles();
  const broker = new BrokerNode({}, files);
  broker.node.feed({ type: "started" });
  broker.makeOrders();
  const client = broker.node.connect();
  for (const value of ["a", "b", "c"]) sendProduce(client, [value], { acks: 1 });
  bothHold(broker, 3);
  client.ask(deleteRecords, {
    topics: [{ name: "orders", partitions: [{ partitionIndex: 0, offset: 2 }] }],
    timeoutMs: 2000,
  });
  broker.node.feed({ type: "stop" });
  broker.node.advance(120_000);
  const next = new BrokerNode({}, files);
  next.node.feed({ type: "started" });
  expect(
    next.node.notes("logOpened").filter(({ partition }) => partition === "orders-0"),
  ).toMatchObject([{ start: 2, end: 3 }]);
});

describe("the logs of a broker that was killed", () => {
  const stop = (topic: string) => {
    const files = memoryFiles();
    const broker = new BrokerNode({}, files);
    broker.node.feed({ type: "started" });
    broker.makeOrders([{}], {}, [1, 2, 3], topic);
    const talk = broker.node.connect();
    sendProduce(talk, ["x"], { acks: 1, topic });
    bothHold(broker, 1);
    sendProduce(talk, ["y"], { acks: 1, topic });
    broker.node.advance(5000);
    const path = files.list(`${topic}-0`).find((name) => name.endsWith(".log")) ?? "";
    // A batch that was being written: half of it is there.
    files.append(`${topic}-0/${path}`, new Uint8Array(20));
    return files;
  };

  it.each(["orders", "orders.v1"])(
    "are recovered at the start, and keep their high watermark: %s",
    (topic) => {
      const next = new BrokerNode({}, stop(topic));
      next.node.feed({ type: "started" });
      expect(
        next.node.notes("logOpened").filter(({ partition }) => partition === `${topic}-0`),
      ).toEqual([
        expect.objectContaining({ clean: false, end: 2, highWatermark: 1, cutBytes: 20 }),
      ]);
    },
  );
});
