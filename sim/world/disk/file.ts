/*
 * One file in the page cache: sealed content and one open chunk behind it that appends fill.
 */
import {
  addChunk,
  copyContent,
  joined,
  newContent,
  overlay,
  piecesOf,
  resizeContent,
  sizeOf,
} from "./content.ts";
import type { Content, VirtualFile } from "./state.ts";

/** Bytes in a page: the unit of write-back. */
export const pageBytes = 4096;
const openBytes = 16_384;
const leastOpen = 512;

export const newFile = (): VirtualFile => ({
  cache: newContent(),
  open: new Int8Array(0),
  openLength: 0,
  platter: newContent(),
  dirty: new Set(),
  cut: -1,
  owed: new Set(),
  links: 0,
  keptLinks: 0,
});

export const fileSize = (file: VirtualFile): number => sizeOf(file.cache) + file.openLength;

/** The written part of the open chunk, as bytes that nobody writes again. */
const openView = ({ open, openLength }: VirtualFile): Uint8Array =>
  new Uint8Array(open.buffer, open.byteOffset, openLength);

/** Closes the open chunk: from now on it is one of the sealed ones. */
export function seal(file: VirtualFile): void {
  if (file.openLength > 0) addChunk(file.cache, openView(file));
  file.open = new Int8Array(0);
  file.openLength = 0;
}

/** Adds bytes at the end (they are copied). Where chunks end depends on the lengths appended alone. */
export function appendFile(file: VirtualFile, bytes: Uint8Array): void {
  const size = fileSize(file);
  const { length } = bytes;
  if (file.openLength + length > openBytes) seal(file);
  if (length > openBytes) addChunk(file.cache, bytes.slice());
  else {
    makeRoom(file, file.openLength + length);
    file.open.set(bytes, file.openLength);
    file.openLength += length;
  }
  markDirty(file, size, size + length);
}

function makeRoom(file: VirtualFile, needed: number): void {
  if (needed <= file.open.length) return;
  let room = Math.max(leastOpen, file.open.length);
  while (room < needed) room *= 2;
  const larger = new Int8Array(room);
  larger.set(file.open);
  file.open = larger;
}

/** Puts bytes (copied) over what is there from `position` on. */
export function overwriteFile(file: VirtualFile, position: number, bytes: Uint8Array): void {
  seal(file);
  const size = sizeOf(file.cache);
  overlay(file.cache, position, [bytes.slice()]);
  markDirty(file, Math.min(position, size), position + bytes.length);
}

/** Cuts the file, or extends it with zeroes. */
export function resizeFile(file: VirtualFile, size: number): void {
  seal(file);
  const before = sizeOf(file.cache);
  resizeContent(file.cache, size);
  if (size > before) markDirty(file, before, size);
  else if (size < sizeOf(file.platter)) {
    file.cut = file.cut < 0 ? size : Math.min(file.cut, size);
  }
}

/** Bytes [from, to), inside the file: a view where they lie in one piece, else a copy. */
export function readFile(
  file: VirtualFile,
  from: number,
  to: number,
  bytes: (length: number) => Uint8Array,
): Uint8Array {
  const sealed = sizeOf(file.cache);
  if (from >= sealed) {
    const { open } = file;
    return new Uint8Array(open.buffer, open.byteOffset + from - sealed, to - from);
  }
  return joined(filePieces(file, from, to), bytes);
}

/** Sealed pieces of [from, to), inside the file. */
export function filePieces(file: VirtualFile, from: number, to: number): Uint8Array[] {
  const sealed = sizeOf(file.cache);
  const pieces = piecesOf(file.cache, from, Math.min(to, sealed));
  if (to > sealed) pieces.push(openView(file).subarray(Math.max(0, from - sealed), to - sealed));
  return pieces;
}

/** Everything in the file as sealed content, in lists of its own. */
export function snapshot(file: VirtualFile): Content {
  const content = copyContent(file.cache);
  if (file.openLength > 0) addChunk(content, openView(file));
  return content;
}

/** The file becomes what `content` says; its open chunk is new. */
export function restore(file: VirtualFile, content: Content): void {
  file.cache.chunks = content.chunks.slice();
  file.cache.ends = content.ends.slice();
  file.open = new Int8Array(0);
  file.openLength = 0;
}

/** All of the file is on the platter now. */
export function syncFile(file: VirtualFile): void {
  file.platter = snapshot(file);
  file.dirty = new Set();
  file.owed = new Set();
  file.cut = -1;
}

/** What stands for the cut among the pages that are owed. */
export const owedCut = -1;

/** An fsync says that all of the file is on the platter, and it is not. */
export function oweFile(file: VirtualFile): void {
  for (const page of file.dirty) file.owed.add(page);
  if (file.cut >= 0) file.owed.add(owedCut);
}

/** Changes bits of one byte, wherever it lies: what processes see, and what a power loss leaves. */
export function flipBits(file: VirtualFile, position: number, mask: number): void {
  seal(file);
  flipIn(file.cache, position, mask);
  if (position >= sizeOf(file.platter)) return;
  file.platter = copyContent(file.platter);
  flipIn(file.platter, position, mask);
}

function flipIn(content: Content, position: number, mask: number): void {
  const [piece] = piecesOf(content, position, position + 1);
  if (piece !== undefined) overlay(content, position, [piece.map((byte) => byte ^ mask)]);
}

function markDirty(file: VirtualFile, from: number, to: number): void {
  const last = Math.floor((to - 1) / pageBytes);
  for (let page = Math.floor(from / pageBytes); page <= last; page++) file.dirty.add(page);
}
