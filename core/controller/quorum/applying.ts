/*
 * What a replica of the metadata log (a controller or a broker) does with what is committed: it replays it from its own
 * copy, batch by batch, and writes a snapshot of it when it is time.
 */
import { assert } from "../../foundation/assert.ts";
import { type Offset, offset } from "../../foundation/ids.ts";
import type { BrokerSettings } from "../../foundation/settings.ts";
import { note, type Turn } from "../../foundation/turn.ts";
import { type Log, readLog } from "../../log/log.ts";
import { isControl, nextOffset, readBatchHeader, splitBatches } from "../../wire/batch.ts";
import type { MetadataImage } from "../metadata/image.ts";
import { countApplied, type Snapshots, snapshotIfDue } from "./snapshots.ts";
import type { VoterConfig } from "./state.ts";

/** How far a replica has come. */
export interface Applying {
  readonly snapshots: Snapshots;
  /** The high watermark, as far as it is known here. */
  readonly committed: Offset;
  /** Everything below is in the image. */
  applied: Offset;
}

/** Whose replica it is. */
export interface Replaying {
  readonly log: Log;
  readonly image: MetadataImage;
  readonly voters: readonly VoterConfig[];
  readonly settings: BrokerSettings;
  /** Brings the records of a batch into the image; `applied` is behind them by then. */
  readonly replayBatch: (batch: Uint8Array) => void;
}

/** Replays what is committed and on this disk. */
export function applyUpToCommitted(self: Applying, by: Replaying, turn: Turn): void {
  const { log, image, voters, settings, replayBatch } = by;
  const to = self.committed < log.end ? self.committed : log.end;
  const from = self.applied;
  if (from < to) assert(from >= log.start, "what lies before the log's start is in the image");
  while (self.applied < to) {
    const wanted = { maxBytes: 1_048_576, upTo: to, minOneBatch: true };
    const batches = splitBatches(readLog(log, turn.ports.files, self.applied, wanted));
    assert(batches.length > 0, "the log holds every offset from its start to its end");
    for (const batch of batches) {
      const header = readBatchHeader(batch);
      self.applied = offset(nextOffset(header));
      countApplied(self.snapshots, header);
      if (!isControl(header)) replayBatch(batch);
    }
  }
  if (self.applied === from) return;
  note(turn, { type: "metadataApplied", next: self.applied });
  snapshotIfDue(self.snapshots, log, image, self.applied, voters, settings, turn);
}
