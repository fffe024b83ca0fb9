/*
 * Sealed bytes in pieces. Nothing here writes into a piece: what changes is which pieces there are.
 */
import type { Content } from "./state.ts";

export const newContent = (): Content => ({ chunks: [], ends: [] });

export const sizeOf = ({ ends }: Content): number => ends.at(-1) ?? 0;

/** The same pieces in lists of their own. */
export const copyContent = ({ chunks, ends }: Content): Content => ({
  chunks: chunks.slice(),
  ends: ends.slice(),
});

/** Adds sealed bytes at the end. */
export function addChunk(content: Content, bytes: Uint8Array): void {
  if (bytes.length === 0) return;
  content.ends.push(sizeOf(content) + bytes.length);
  content.chunks.push(bytes);
}

/** Index of the piece that holds the byte at `position`, which must be inside. */
function chunkAt({ ends }: Content, position: number): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] as number) > position) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The pieces (whole or cut) of [from, to), which must be inside. */
export function piecesOf(content: Content, from: number, to: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  if (from >= to) return pieces;
  for (let i = chunkAt(content, from); i < content.chunks.length; i++) {
    const chunk = content.chunks[i] as Uint8Array;
    const end = content.ends[i] as number;
    const start = end - chunk.length;
    if (start >= to) break;
    const whole = from <= start && end <= to;
    pieces.push(
      whole ? chunk : chunk.subarray(Math.max(0, from - start), Math.min(chunk.length, to - start)),
    );
  }
  return pieces;
}

/** Cuts the content to `size` bytes, or extends it with zeroes. */
export function resizeContent(content: Content, size: number): void {
  const before = sizeOf(content);
  if (size > before) return addChunk(content, new Uint8Array(size - before));
  while (content.chunks.length > 0 && (content.ends.at(-1) as number) > size) {
    const chunk = content.chunks.pop() as Uint8Array;
    const start = (content.ends.pop() as number) - chunk.length;
    if (start < size) addChunk(content, chunk.subarray(0, size - start));
  }
}

/** Puts pieces over the bytes from `position` on; what lies between the end and `position` becomes zeroes. */
export function overlay(content: Content, position: number, pieces: readonly Uint8Array[]): void {
  const size = sizeOf(content);
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (length === 0) return;
  const tail = position + length < size ? piecesOf(content, position + length, size) : [];
  resizeContent(content, position);
  for (const piece of pieces) addChunk(content, piece);
  for (const piece of tail) addChunk(content, piece);
}

/** Pieces in one: itself if it is one, else a copy in memory from `bytes`. */
export function joined(
  pieces: readonly Uint8Array[],
  bytes: (length: number) => Uint8Array,
): Uint8Array {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  const whole = bytes(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
