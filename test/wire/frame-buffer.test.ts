import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DecodeError, type FrameBuffer, newFrameBuffer, nextFrame, pushBytes } from "#core";

const withSize = (frame: Uint8Array): number[] => [
  0,
  0,
  frame.length >> 8,
  frame.length & 255,
  ...frame,
];

function takeAll(buffer: FrameBuffer, maxBytes = 1000): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (;;) {
    const frame = nextFrame(buffer, maxBytes);
    if (frame === undefined) return frames;
    frames.push(frame);
  }
}

describe("a frame buffer", () => {
  test("gives the frames that were sent, however the stream was cut", () => {
    const sent = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 });
    fc.assert(
      fc.property(sent, fc.array(fc.integer({ min: 0, max: 40 })), (frames, cuts) => {
        const stream = Uint8Array.from(frames.flatMap(withSize));
        const buffer = newFrameBuffer();
        const got: Uint8Array[] = [];
        let at = 0;
        for (const cut of [...cuts, stream.length]) {
          pushBytes(buffer, stream.subarray(at, Math.min(stream.length, at + cut)));
          at = Math.min(stream.length, at + cut);
          got.push(...takeAll(buffer));
        }
        expect(got.map((frame) => Array.from(frame))).toEqual(
          frames.map((frame) => Array.from(frame)),
        );
        expect(buffer).toEqual(newFrameBuffer());
      }),
    );
  });

  test("hands out a view of a frame that lies in one chunk", () => {
    const chunk = Uint8Array.of(0, 0, 0, 2, 7, 8);
    const buffer = newFrameBuffer();
    pushBytes(buffer, chunk);
    expect(nextFrame(buffer, 10)?.buffer).toBe(chunk.buffer);
  });

  test("refuses a size below zero or above the limit as soon as it is there", () => {
    for (const size of [
      [0, 0, 0, 11],
      [255, 255, 255, 255],
      [127, 255, 255, 255],
    ]) {
      const buffer = newFrameBuffer();
      for (const byte of size.slice(0, 3)) pushBytes(buffer, Uint8Array.of(byte));
      expect(nextFrame(buffer, 10)).toBeUndefined();
      pushBytes(buffer, Uint8Array.of(size[3] ?? 0));
      expect(() => nextFrame(buffer, 10)).toThrow(DecodeError);
    }
  });

  test("takes a frame of exactly the limit", () => {
    const buffer = newFrameBuffer();
    pushBytes(buffer, Uint8Array.of(0, 0, 0, 3, 1, 2, 3, 0));
    expect(nextFrame(buffer, 3)).toEqual(Uint8Array.of(1, 2, 3));
    expect(nextFrame(buffer, 3)).toBeUndefined();
    expect(buffer.length).toBe(1);
  });
});
