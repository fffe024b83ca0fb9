/*
 * A broker's start: who it is, whether its last life ended cleanly, and what its logs still hold.
 */
import {
  brokerId,
  leaderEpoch,
  metadataPartition,
  type Offset,
  offset,
} from "../foundation/ids.ts";
import { note, type Turn } from "../foundation/turn.ts";
import { metadataLogConfig } from "../controller/quorum/log.ts";
import { loadSnapshot } from "../controller/quorum/replica.ts";
import { openSnapshots } from "../controller/quorum/snapshots.ts";
import { drawUuid } from "../foundation/uuid.ts";
import { readOffsetCheckpoint } from "../log/checkpoints.ts";
import { takeCleanShutdown } from "../log/clean-shutdown.ts";
import { logConfigOf } from "../log/config.ts";
import { lastEpoch, type Log, openLog } from "../log/log.ts";
import { readMetaProperties, writeMetaProperties } from "../log/meta-properties.ts";
import {
  highWatermarkFile,
  logStartFile,
  recoveryPointFile,
  startBackground,
} from "./background.ts";
import { resumeDeletions } from "./deletion.ts";
import { fetchMetadata, markAllChanged } from "./metadata-follower.ts";
import type { Broker } from "./state.ts";

/** Opens what the disk holds and begins to join the cluster. */
export function startBroker(self: Broker, turn: Turn): void {
  const { files } = turn.ports;
  const { lifecycle, config } = self;
  // Connections of an earlier life must not meet new ones: inputs are numbered across lives.
  self.nextConnection = (turn.input.id * 2) as typeof self.nextConnection;
  lifecycle.incarnation = drawUuid(turn);
  const known = readMetaProperties(files);
  lifecycle.directory = known?.directoryId ?? drawUuid(turn);
  if (known === undefined) {
    const { clusterId, nodeId } = config;
    writeMetaProperties(files, { clusterId, nodeId, directoryId: lifecycle.directory });
  }
  const marker = takeCleanShutdown(files);
  if (marker !== undefined) lifecycle.previousEpoch = marker.brokerEpoch;
  openLogs(self, marker !== undefined, turn);
  resumeDeletions(self, turn);
  startBackground(self, turn);
  if (lifecycle.phase === "starting") lifecycle.phase = "registering";
  markAllChanged(self);
  fetchMetadata(self, turn);
}

function openLogs(self: Broker, clean: boolean, turn: Turn): void {
  const { files } = turn.ports;
  const recoveryPoints = readOffsetCheckpoint(files, recoveryPointFile);
  const highWatermarks = readOffsetCheckpoint(files, highWatermarkFile);
  const logStarts = readOffsetCheckpoint(files, logStartFile);
  const open = (name: string): Log => {
    const recoveryPoint = recoveryPoints.get(name) ?? (0 as Offset);
    const { settings } = self.config;
    const isMetadata = name === metadataPartition;
    const config = isMetadata ? metadataLogConfig(settings) : logConfigOf(settings);
    const opened = openLog(files, name, config, {
      clean,
      recoveryPoint,
      start: logStarts.get(name) ?? (0 as Offset),
    });
    const { log, cutBytes, mended } = opened;
    const mark = highWatermarks.get(name) ?? (0 as Offset);
    const within = mark < log.end ? mark : log.end;
    const highWatermark = within < log.start ? log.start : within;
    const found = { clean, start: log.start, end: log.end, highWatermark, cutBytes };
    const how = mended ? { mended } : {};
    note(turn, { type: "logOpened", partition: name, ...found, ...how });
    if (!isMetadata) self.orphans.set(name, { log, highWatermark });
    return log;
  };
  for (const name of files.list("")) {
    if (isLogFolder(name) && name !== metadataPartition) open(name);
  }
  const log = open(metadataPartition);
  const snapshots = openSnapshots(turn);
  const loaded = loadSnapshot(snapshots, log, turn);
  if (loaded !== undefined) self.image = loaded.image;
  const written = lastEpoch(log);
  self.metadata = {
    log,
    snapshots,
    committed: loaded?.end ?? offset(0),
    applied: loaded?.end ?? offset(0),
    epoch: written === -1 ? leaderEpoch(0) : written,
    leader: brokerId(-1),
    turned: false,
    failures: 0,
  };
}

/** `orders-0`: a folder whose name ends in a partition number. The topic's own name may have dots. */
const isLogFolder = (name: string): boolean => /^.+-\d+$/.test(name);
