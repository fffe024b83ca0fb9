/*
 * One process (broker, controller or client) with a test all around it: the test moves its clock, opens connections to
 * it, answers those that it opens, and reads every frame that it sends.
 */
import {
  type AnyApi,
  type CloseReason,
  type ConnectionId,
  type CoreEvent,
  decodeRequest,
  decodeResponse,
  type Effect,
  encodeRequest,
  encodeResponse,
  type Endpoint,
  endpointName,
  type Files,
  type FrameLabel,
  type Input,
  inputId,
  type Millis,
  type Now,
  type Ports,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  uint32,
} from "#core";
import { memoryFiles } from "./memory-files.ts";

type Unnumbered<T> = T extends { readonly id: unknown } ? Omit<T, "id"> : never;
/** An input without its number. */
export type InputBody = Unnumbered<Input>;

export type Step<S> = (self: S, now: Now, input: Input, ports: Ports, outbox: Effect[]) => void;

export const fresh = (length: number): Uint8Array => new Uint8Array(length);

/** One frame that the process sent, without the size before it. */
export interface SentFrame {
  readonly label: FrameLabel;
  readonly frame: Uint8Array;
}

/** One connection of the process, seen from its other end. */
export class Talk {
  readonly sent: SentFrame[] = [];
  /** By whom the connection was ended. */
  ended: "here" | "there" | undefined;
  readonly connection: ConnectionId;
  /** Where the process connected to; undefined if the test connected to it. */
  readonly to: string | undefined;
  private readonly node: { feed(input: InputBody): void };
  private correlation = 100;

  constructor(
    node: { feed(input: InputBody): void },
    connection: ConnectionId,
    to: string | undefined,
  ) {
    this.node = node;
    this.connection = connection;
    this.to = to;
  }

  /** Bytes arrive at the process. */
  write(bytes: Uint8Array): void {
    this.node.feed({ type: "received", connection: this.connection, bytes });
  }

  /** Sends a request; returns its correlation id. */
  ask<A extends AnyApi>(api: A, body: RequestInput<A>, version: number = api.maxVersion): number {
    const correlationId = this.correlation++;
    this.write(encodeRequest(api, version, { correlationId, clientId: "test" }, body, fresh));
    return correlationId;
  }

  /** The answer to a request, if there is one. */
  answer<A extends AnyApi>(api: A, correlation: number): ResponseOf<A> | undefined {
    const found = this.sent.find(
      ({ label }) => label.response && label.correlation === correlation,
    );
    if (found === undefined) return undefined;
    return decodeResponse(api, found.label.version, found.frame).body;
  }

  /** Sends a request that is answered at once. */
  call<A extends AnyApi>(api: A, body: RequestInput<A>, version?: number): ResponseOf<A> {
    const answer = this.answer(api, this.ask(api, body, version));
    if (answer === undefined) throw new Error(`${api.name} is not answered`);
    return answer;
  }

  /** Requests of one API that the process sent, oldest first. */
  requests<A extends AnyApi>(api: A): { label: FrameLabel; body: RequestOf<A> }[] {
    return this.sent.flatMap(({ label, frame }) =>
      label.response || label.api !== api.key
        ? []
        : [{ label, body: decodeRequest(api, frame).body }],
    );
  }

  /** Answers a request of the process. */
  reply<A extends AnyApi>(api: A, to: FrameLabel, body: ResponseInput<A>): void {
    this.write(encodeResponse(api, to.version, to.correlation, body, fresh));
  }

  /** Ends the connection from this side. */
  end(reason: CloseReason = "closed"): void {
    this.ended = "here";
    this.node.feed({ type: "closed", connection: this.connection, reason });
  }
}

/** A process in a test's hands. */
export class TestNode<S> {
  now = 1000;
  /** Everything that it did, in order. */
  readonly effects: Effect[] = [];
  readonly timers = new Map<string, number>();
  readonly talks: Talk[] = [];
  /** Called for each connection that the process opens and each frame that it sends on one. */
  onConnect: (talk: Talk) => void = () => undefined;
  onRequest: (talk: Talk, request: SentFrame) => void = () => undefined;
  readonly state: S;
  readonly files: Files;
  private readonly step: Step<S>;
  private inputs = 1;
  private accepted = 1;
  private random = 12_345;
  private readonly queue: InputBody[] = [];
  private stepping = false;

  constructor(state: S, step: Step<S>, files: Files = memoryFiles()) {
    this.state = state;
    this.step = step;
    this.files = files;
  }

  /** Hands it an input and carries out what comes of it. What a reaction hands in comes after. */
  feed(input: InputBody): void {
    this.queue.push(input);
    if (this.stepping) return;
    this.stepping = true;
    try {
      for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
        this.stepOnce(next);
      }
    } finally {
      this.stepping = false;
    }
  }

  private stepOnce(body: InputBody): void {
    const outbox: Effect[] = [];
    const now = { monotonic: this.now as Millis, wall: (1_000_000 + this.now) as Millis };
    const ports: Ports = { files: this.files, random: () => this.draw(), bytes: fresh };
    const input = { ...body, id: inputId(this.inputs++) } as Input;
    this.step(this.state, now, input, ports, outbox);
    this.effects.push(...outbox);
    for (const effect of outbox) this.carryOut(effect);
  }

  private draw() {
    this.random = (Math.imul(this.random, 1_664_525) + 1_013_904_223) >>> 0;
    return uint32(this.random >>> 8);
  }

  private carryOut(effect: Effect): void {
    switch (effect.type) {
      case "setTimer":
        this.timers.set(effect.timer, effect.at);
        return;
      case "cancelTimer":
        this.timers.delete(effect.timer);
        return;
      case "connect": {
        const talk = new Talk(this, effect.connection, endpointName(effect.to));
        this.talks.push(talk);
        return this.onConnect(talk);
      }
      case "send": {
        const talk = this.talks.find(({ connection }) => connection === effect.connection);
        if (talk === undefined) throw new Error(`no connection ${effect.connection}`);
        const one = { label: effect.frame, frame: effect.bytes.subarray(4) };
        talk.sent.push(one);
        if (!effect.frame.response) this.onRequest(talk, one);
        return;
      }
      case "close": {
        const talk = this.talks.find(({ connection }) => connection === effect.connection);
        if (talk !== undefined) talk.ended = "there";
        return;
      }
      default:
    }
  }

  /** Lets time pass: every timer that comes due fires, in order. */
  advance(by: number): void {
    const until = this.now + by;
    for (;;) {
      let due: [string, number] | undefined;
      for (const timer of this.timers) {
        if (timer[1] <= until && (due === undefined || timer[1] < due[1])) due = timer;
      }
      if (due === undefined) break;
      this.now = Math.max(this.now, due[1]);
      this.timers.delete(due[0]);
      this.feed({ type: "timer", timer: due[0] });
    }
    this.now = until;
  }

  /** Opens a connection to the process. */
  connect(remote: Endpoint = { host: "test", port: 1 }): Talk {
    const connection = this.accepted as ConnectionId;
    this.accepted += 2;
    const talk = new Talk(this, connection, undefined);
    this.talks.push(talk);
    this.feed({ type: "opened", connection, listener: "PLAINTEXT", remote });
    return talk;
  }

  /** What it told the trace, of one type. */
  notes<T extends CoreEvent["type"]>(type: T): Extract<CoreEvent, { type: T }>[] {
    return this.effects.flatMap((effect) =>
      effect.type === "note" && effect.event.type === type
        ? [effect.event as Extract<CoreEvent, { type: T }>]
        : [],
    );
  }
}
