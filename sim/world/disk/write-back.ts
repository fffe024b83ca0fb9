/*
 * What the operating system does by itself: from time to time some dirty pages of some files, and some names,
 * reach the platter. Any subset may, so an index page can be there and not the log page that it points to.
 */
import { recordEvent } from "../../trace/recorder.ts";
import { kinds, pushEntry } from "../queue.ts";
import type { Run } from "../runtime.ts";
import type { Node, World } from "../state.ts";
import { between, type Stream } from "../stream.ts";
import { copyContent, overlay, resizeContent, sizeOf } from "./content.ts";
import { dropOrphans, fileAt, folderOf, syncFolder } from "./disk.ts";
import { filePieces, fileSize, owedCut, pageBytes } from "./file.ts";
import type { JournalEntry, VirtualFile } from "./state.ts";

/** Plans a machine's next write-back, if none is planned. Clients have no disk to speak of. */
export function planWriteBack(world: World, node: Node): void {
  const { disk, spec } = node;
  if (spec.port === 0 || disk.writeBackAt >= 0) return;
  const [low, high] = world.scenario.disk.writeBackMs;
  disk.writeBackAt = world.now + 1000 * between(disk.writeBackChance, low, high);
  const order = world.nextOrder++;
  pushEntry(world.queue, disk.writeBackAt, order, kinds.writeBack, node.index, node.life, 0);
}

/** It is time to write back. Files of the step in hand are left alone until it ends. */
export function writeBack(run: Run, node: Node): void {
  const { disk } = node;
  const { world } = run;
  if (disk.writeBackAt !== world.now) return;
  disk.writeBackAt = -1;
  const inHand = new Set(disk.journal.map(({ path }) => path));
  for (const entry of disk.journal) if (entry.op === "rename") inHand.add(entry.to);
  for (const [path, id] of disk.names) {
    const file = fileAt(disk, id);
    if ((file.dirty.size === 0 && file.cut < 0) || inHand.has(path)) continue;
    const ranges = writeDirty(file, disk.writeBackChance, 1, 2);
    if (ranges.length > 0) recordEvent(run, node, -1, { type: "writeBack", file: path, ranges });
  }
  writeNames(run, node, disk.journal);
  planWriteBack(world, node);
}

/** Names of each folder reach the platter together, or not at all. */
function writeNames(run: Run, node: Node, journal: readonly JournalEntry[]): void {
  const { disk } = node;
  if (journal.length > 0) return;
  const folders = new Set([...disk.renamed].map(folderOf));
  for (const folder of folders) {
    if (between(disk.writeBackChance, 0, 1) === 0) continue;
    const names = syncFolder(disk, folder);
    if (names.length > 0)
      recordEvent(run, node, -1, { type: "writeBack", file: folder, ranges: [] });
  }
  dropOrphans(disk);
}

/**
 * Each dirty page reaches the platter with a chance of `favourable` in `total`; so does the cut of a file that was
 * truncated. Returns the byte ranges written.
 */
export function writeDirty(
  file: VirtualFile,
  chance: Stream,
  favourable: number,
  total: number,
): [number, number][] {
  const size = fileSize(file);
  const ranges: [number, number][] = [];
  if (file.dirty.size === 0 && file.cut < 0) return ranges;
  const platter = copyContent(file.platter);
  if (file.cut >= 0) {
    // No page gets down before the cut did: else the cut would take it away again.
    if (between(chance, 1, total) > favourable) return ranges;
    resizeContent(platter, Math.min(file.cut, sizeOf(platter)));
    file.cut = -1;
    file.owed.delete(owedCut);
  }
  for (const page of [...file.dirty].sort((a, b) => a - b)) {
    if (between(chance, 1, total) > favourable) continue;
    file.dirty.delete(page);
    file.owed.delete(page);
    const from = page * pageBytes;
    const to = Math.min(from + pageBytes, size);
    if (from >= to) continue;
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === from) last[1] = to;
    else ranges.push([from, to]);
  }
  for (const [from, to] of ranges) overlay(platter, from, filePieces(file, from, to));
  file.platter = platter;
  return ranges;
}
