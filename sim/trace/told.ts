/*
 * Calls and outcomes as a trace tells them: keys and values as text, a value by its first word, which is unique, or by the
 * name that stands in a header, where the value is somebody's own.
 */
import {
  type ClientCall,
  type ClientOutcome,
  crc32c,
  partitionName,
  readUtf8,
  type RecordHeader,
} from "#core";
import { nameHeader } from "../workload/own-records.ts";
import type { TraceCall, TraceOutcome } from "./events.ts";
import { mixData, mixInteger, mixText, mixWord } from "./hash.ts";

const space = 0x20;

interface Named {
  readonly value: Uint8Array | null;
  readonly headers?: readonly RecordHeader[];
}

/** A record's unique name. */
function nameOf({ value, headers = [] }: Named): string {
  const header = headers.find(({ key }) => key === nameHeader);
  return header === undefined || header.value === null ? firstWord(value) : readUtf8(header.value);
}

/** The first word of a value: all before its first space. */
function firstWord(value: Uint8Array | null): string {
  if (value === null) return "";
  const end = value.indexOf(space);
  return readUtf8(value, 0, end < 0 ? value.length : end);
}

const text = (bytes: Uint8Array | null): string | null => (bytes === null ? null : readUtf8(bytes));

/** A call as a trace tells it. */
export function traceCall(request: ClientCall): TraceCall {
  switch (request.type) {
    case "send": {
      const { record } = request;
      return {
        type: "send",
        topic: record.topic,
        partition: record.partition ?? null,
        key: text(record.key),
        value: nameOf(record),
        bytes: (record.key?.length ?? 0) + (record.value?.length ?? 0),
      };
    }
    case "poll":
      return { type: "poll" };
    case "createTopics":
      return { type: "createTopics", topics: request.topics.map((topic) => topic.name) };
    case "deleteTopics":
    case "createPartitions":
    case "alterConfigs":
      return request;
    case "electLeaders": {
      const { type, election } = request;
      const partitions = request.partitions.map((each) =>
        partitionName(each.topic, each.partition),
      );
      return { type, election, partitions };
    }
    case "deleteRecords": {
      const { type, topic, partition, before } = request;
      return { type, partition: partitionName(topic, partition), before: before ?? null };
    }
    case "assign":
      return {
        type: "assign",
        topic: request.partitions
          .map((each) => partitionName(each.topic, each.partition))
          .join(","),
      };
    case "assignTopic":
      return { type: "assign", topic: request.topic };
    case "seek": {
      const { topic, partition, to } = request;
      return { type: "seek", topic, partition, to };
    }
    default:
      return { type: request.type };
  }
}

/** An outcome as a trace tells it. */
export function traceOutcome(outcome: ClientOutcome): TraceOutcome {
  switch (outcome.type) {
    case "acknowledged": {
      const { topic, partition, offset } = outcome;
      return { type: "acknowledged", partition: partitionName(topic, partition), offset };
    }
    case "sent":
      return { type: "sent", partition: partitionName(outcome.topic, outcome.partition) };
    case "polled":
      return {
        type: "polled",
        records: outcome.records.map((record) => ({
          partition: partitionName(record.topic, record.partition),
          offset: record.offset,
          epoch: record.leaderEpoch,
          key: text(record.key),
          value: nameOf(record),
          crc: record.value === null ? 0 : crc32c(record.value),
        })),
        positions: outcome.positions.map(place),
      };
    case "endOffsets":
      return { type: "endOffsets", offsets: outcome.offsets.map(place) };
    default:
      return outcome;
  }
}

const place = (position: { topic: string; partition: number; offset: number }) => ({
  partition: partitionName(position.topic, position.partition),
  offset: position.offset,
});

function mixBytes(lanes: Int32Array, bytes: Uint8Array | null): void {
  if (bytes === null) return mixWord(lanes, -1);
  mixWord(lanes, bytes.length);
  mixWord(lanes, crc32c(bytes));
}

/** Moves the hash by a call, without building what a trace would say. */
export function mixCall(lanes: Int32Array, request: ClientCall): void {
  mixText(lanes, request.type);
  if (request.type !== "send") return mixData(lanes, request);
  const { topic, partition, key, value, headers, timestamp } = request.record;
  mixText(lanes, topic);
  mixInteger(lanes, partition ?? -1);
  mixBytes(lanes, key);
  mixBytes(lanes, value);
  mixInteger(lanes, timestamp ?? -1);
  mixHeaders(lanes, headers);
}

function mixHeaders(lanes: Int32Array, headers: readonly RecordHeader[] = []): void {
  mixWord(lanes, headers.length);
  for (const { key, value } of headers) {
    mixText(lanes, key);
    mixBytes(lanes, value);
  }
}

/** Moves the hash by an outcome. */
export function mixOutcome(lanes: Int32Array, outcome: ClientOutcome): void {
  if (outcome.type !== "polled") return mixData(lanes, outcome);
  mixWord(lanes, outcome.records.length);
  for (const record of outcome.records) {
    mixText(lanes, record.topic);
    mixWord(lanes, record.partition);
    mixInteger(lanes, record.offset);
    mixBytes(lanes, record.key);
    mixBytes(lanes, record.value);
    if (record.headers.length > 0) mixHeaders(lanes, record.headers);
  }
  mixData(lanes, outcome.positions);
}
