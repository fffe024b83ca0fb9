/*
 * A metadata image in memory: its fingerprint, and in what it differs from what the log says.
 */
import type { MetadataImage } from "#core";
import { mixData, mixInteger, mixText } from "../trace/hash.ts";
import type { DiskView } from "../world/disk/view.ts";
import type { ImageDigest } from "./audit.ts";
import { imageOnDisk, type ImageModel } from "./image-model.ts";

/** The entries of a part of an image, each hashed by itself, and the sum of these hashes. */
interface Tally {
  readonly lanes: Int32Array;
  sum: number;
}

function begin({ lanes }: Tally, name: string): void {
  lanes[0] = 0x243f6a88;
  lanes[1] = 0x13198a2e;
  mixText(lanes, name);
}

function end(tally: Tally): void {
  for (const lane of tally.lanes) tally.sum = (tally.sum + lane) | 0;
}

function take(tally: Tally): number {
  const { sum } = tally;
  tally.sum = 0;
  return sum;
}

/**
 * The fingerprint of an image. Hashes of entries are added, because an image that grew from a snapshot may hold them in
 * another order; a resource without settings is the same as none.
 */
export function imageDigest(image: MetadataImage): ImageDigest {
  const tally: Tally = { lanes: new Int32Array(2), sum: 0 };
  const { lanes } = tally;
  for (const broker of image.brokers.values()) {
    begin(tally, "broker");
    mixData(lanes, broker);
    end(tally);
  }
  const brokers = take(tally);
  for (const { name, id, partitions } of image.topics.values()) {
    begin(tally, name);
    mixText(lanes, id);
    mixText(lanes, image.topicNames.get(id) ?? "");
    for (const partition of partitions) mixData(lanes, partition);
    end(tally);
  }
  const topics = take(tally);
  for (const [resource, configs] of image.configs) {
    for (const [key, value] of configs) {
      begin(tally, resource);
      mixText(lanes, key);
      mixText(lanes, value);
      end(tally);
    }
  }
  const configs = take(tally);
  for (const [name, level] of image.features) {
    begin(tally, name);
    mixInteger(lanes, level);
    end(tally);
  }
  begin(tally, "producer ids");
  mixInteger(lanes, image.nextProducerId);
  end(tally);
  return { brokers, topics, configs, rest: take(tally) };
}

/** The image as the model's table. */
function tableOf(image: MetadataImage): ImageModel {
  const table: ImageModel = new Map();
  for (const { id, epoch, incarnation, endpoint, rack, ...rest } of image.brokers.values()) {
    const address = `${endpoint.host}:${endpoint.port}`;
    const { fenced, inControlledShutdown } = rest;
    const fields = { epoch, incarnationId: incarnation, address, rack };
    table.set(`broker ${id}`, { ...fields, fenced, inControlledShutdown });
  }
  for (const { name, id, partitions } of image.topics.values()) {
    table.set(`topic ${name}`, { id });
    for (const [index, partition] of partitions.entries())
      table.set(`partition ${name}-${index}`, { ...partition });
  }
  for (const [resource, configs] of image.configs) {
    const at = resource.replace("/", " ");
    for (const [key, value] of configs) table.set(`config ${key} of ${at}`, { value });
  }
  for (const [name, level] of image.features) table.set(`feature ${name}`, { level });
  if (image.nextProducerId > 0) table.set("producer ids", { next: image.nextProducerId });
  return table;
}

const textOf = (fields: Readonly<Record<string, unknown>> | undefined): string =>
  fields === undefined
    ? "nothing"
    : Object.keys(fields)
        .sort()
        .map((key) => `${key} ${JSON.stringify(fields[key])}`)
        .join(", ");

/** In what an image of the log up to `next` differs from what a disk's snapshot and log say; empty: in nothing. */
export function imageDifferences(image: MetadataImage, next: number, disk: DiskView): string[] {
  const said = imageOnDisk(disk, next);
  if (typeof said === "string") return [said];
  const known = tableOf(image);
  const differences: string[] = [];
  for (const name of [...new Set([...said.keys(), ...known.keys()])].sort()) {
    const [here, there] = [textOf(known.get(name)), textOf(said.get(name))];
    if (here !== there) differences.push(`${name} is ${here}, by the log ${there}`);
  }
  return differences;
}
