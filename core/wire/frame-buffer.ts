/*
 * Puts frames together again: a stream arrives in chunks that may be cut anywhere.
 */
import { must } from "../foundation/assert.ts";
import { readInt32 } from "./bytes.ts";
import { DecodeError } from "./decode-error.ts";

/** What has arrived on a connection and is not handed out yet: plain data. */
export interface FrameBuffer {
  /** Oldest first, none of them empty. */
  readonly chunks: Uint8Array[];
  /** Bytes of the first chunk that were handed out already. */
  used: number;
  /** Bytes that wait, over all chunks. */
  length: number;
}

export const newFrameBuffer = (): FrameBuffer => ({ chunks: [], used: 0, length: 0 });

/** Takes the next bytes of the stream. They are kept, not copied: they must be sealed. */
export function pushBytes(buffer: FrameBuffer, bytes: Uint8Array): void {
  if (bytes.length === 0) return;
  buffer.chunks.push(bytes);
  buffer.length += bytes.length;
}

/**
 * Takes the next whole frame, without the size before it; undefined as long as it is not whole. A view where
 * the frame lies in one chunk, else a copy.
 * @throws DecodeError as soon as a size is negative or larger than `maxBytes`; the stream is lost then.
 */
export function nextFrame(buffer: FrameBuffer, maxBytes: number): Uint8Array | undefined {
  if (buffer.length < 4) return undefined;
  const size = peekSize(buffer);
  if (size < 0 || size > maxBytes) {
    throw new DecodeError("size", 0, `a frame of ${size} bytes, at most ${maxBytes} are allowed`);
  }
  if (buffer.length < 4 + size) return undefined;
  skipSize(buffer);
  return take(buffer, size);
}

function peekSize({ chunks, used }: FrameBuffer): number {
  const first = must(chunks[0], "a chunk");
  if (first.length - used >= 4) return readInt32(first, used);
  let size = 0;
  let chunk = 0;
  let at = used;
  for (let i = 0; i < 4; i++) {
    while (at === must(chunks[chunk], "a chunk").length) {
      chunk++;
      at = 0;
    }
    size = (size << 8) | must(chunks[chunk]?.[at++], "a byte");
  }
  return size;
}

/** Passes the size, without a view of it where it lies in one chunk. */
function skipSize(buffer: FrameBuffer): void {
  if (must(buffer.chunks[0], "a chunk").length - buffer.used < 4) {
    take(buffer, 4);
    return;
  }
  buffer.length -= 4;
  advance(buffer, 4);
}

/** Takes bytes that are there. */
function take(buffer: FrameBuffer, length: number): Uint8Array {
  const { chunks } = buffer;
  buffer.length -= length;
  const first = chunks[0];
  if (first !== undefined && first.length - buffer.used >= length) {
    const from = buffer.used;
    const taken = first.subarray(from, from + length);
    advance(buffer, length);
    return taken;
  }
  const taken = new Uint8Array(length);
  let done = 0;
  let usedUp = 0;
  while (done < length) {
    const chunk = must(chunks[usedUp], "a chunk");
    const part = chunk.subarray(buffer.used, buffer.used + length - done);
    taken.set(part, done);
    done += part.length;
    buffer.used += part.length;
    if (buffer.used < chunk.length) break;
    buffer.used = 0;
    usedUp++;
  }
  // All at once: a large frame may lie in very many chunks, and each shift would move all that are left.
  chunks.splice(0, usedUp);
  return taken;
}

/** Passes bytes of the first chunk and drops it when it is used up. */
function advance(buffer: FrameBuffer, length: number): void {
  buffer.used += length;
  if (buffer.used < must(buffer.chunks[0], "a chunk").length) return;
  buffer.chunks.shift();
  buffer.used = 0;
}
