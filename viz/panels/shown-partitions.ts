/* Which partitions the logs show: all of them or one at a time, and only those to which somebody has narrowed them. */
import { sum } from "d3";
import type { StripKind } from "../marks/strip-layout.ts";
import type { PartitionPicture } from "../model/picture.ts";
import { byTopicAndNumber } from "../model/sizes.ts";
import type { LabView } from "./view.ts";

export interface ShownPartitions {
  /** In the order in which they stand. */
  readonly partitions: readonly PartitionPicture[];
  /** The one that is shown where there is room for one; undefined: there is none yet. */
  readonly chosen: PartitionPicture | undefined;
  /** There is room for all of them. */
  readonly isFew: boolean;
}

/** `teach` and `phone` show one partition at a time, the others all. */
export const isWhole = (kind: StripKind): boolean => kind === "lab" || kind === "debug";

export function shownIn({ seen, only, partition }: LabView, kind: StripKind): ShownPartitions {
  const all = [...seen.partitions.values()].sort(byTopicAndNumber);
  const isFew = isWhole(kind) || (kind === "teach" && rowsOf(all) <= fewRows);
  const inTopic = all.filter(({ topic }) => topic === only);
  const narrow = inTopic.length > 0 ? inTopic : all.filter(({ name }) => name === only);
  // One at a time, the others are what one turns to.
  const isNarrowed = inTopic.length > 0 || (isFew && narrow.length > 0);
  const partitions = isNarrowed ? narrow : all;
  const chosen = partitions.find(({ name }) => name === partition) ?? partitions[0];
  return { partitions, chosen, isFew };
}

/** Several short strips take no more room than a tall one. */
const fewRows = 3;

const rowsOf = (partitions: readonly PartitionPicture[]): number =>
  partitions.length < 2 ? Infinity : sum(partitions, ({ replicas }) => replicas.length);
