/*
 * UTF-8 in plain arithmetic: TextEncoder is no part of the ES library, and core may depend on nothing else.
 * Lone surrogates become U+FFFD when encoded; malformed sequences become U+FFFD when decoded.
 */

const replacement = 0xfffd;

/** How many bytes `text` takes in UTF-8. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) length += 1;
    else if (unit < 0x800) length += 2;
    else if (isHighSurrogate(unit) && isLowSurrogate(text.charCodeAt(i + 1))) {
      length += 4;
      i++;
    } else length += 3;
  }
  return length;
}

/** Writes `text` at `at` and returns the position after it. The caller has made room: `utf8Length(text)` bytes. */
export function writeUtf8(text: string, into: Uint8Array, at: number): number {
  let next = at;
  for (let i = 0; i < text.length; i++) {
    let point = text.charCodeAt(i);
    if (point < 0x80) {
      into[next++] = point;
      continue;
    }
    if (isHighSurrogate(point) && isLowSurrogate(text.charCodeAt(i + 1))) {
      point = 0x10000 + ((point - 0xd800) << 10) + (text.charCodeAt(++i) - 0xdc00);
    } else if (point >= 0xd800 && point < 0xe000) point = replacement;
    if (point < 0x800) into[next++] = 0xc0 | (point >> 6);
    else if (point < 0x10000) {
      into[next++] = 0xe0 | (point >> 12);
      into[next++] = 0x80 | ((point >> 6) & 0x3f);
    } else {
      into[next++] = 0xf0 | (point >> 18);
      into[next++] = 0x80 | ((point >> 12) & 0x3f);
      into[next++] = 0x80 | ((point >> 6) & 0x3f);
    }
    into[next++] = 0x80 | (point & 0x3f);
  }
  return next;
}

/** The bytes of `text`, in memory of their own. */
export function utf8Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  writeUtf8(text, bytes, 0);
  return bytes;
}

/** Reads the text in bytes[start, end). */
export function readUtf8(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = "";
  let at = start;
  while (at < end) {
    const first = bytes[at] ?? 0;
    if (first < 0x80) {
      text += String.fromCharCode(first);
      at += 1;
      continue;
    }
    const width = sequenceWidth(first);
    const point = width === 0 ? -1 : sequencePoint(bytes, at, end, width);
    text += String.fromCodePoint(point < 0 ? replacement : point);
    at += point < 0 ? 1 : width;
  }
  return text;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;

/** Width of the sequence that `first` opens, or 0 if no sequence opens with it. */
function sequenceWidth(first: number): number {
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  if (first >= 0xf0 && first < 0xf5) return 4;
  return 0;
}

/** The code point of a sequence, or -1 if it is cut, overlong, a surrogate or beyond Unicode. */
function sequencePoint(bytes: Uint8Array, at: number, end: number, width: number): number {
  if (at + width > end) return -1;
  let point = (bytes[at] ?? 0) & (0x7f >> width);
  for (let i = 1; i < width; i++) {
    const byte = bytes[at + i] ?? 0;
    if ((byte & 0xc0) !== 0x80) return -1;
    point = (point << 6) | (byte & 0x3f);
  }
  const least = width === 2 ? 0x80 : width === 3 ? 0x800 : 0x10000;
  if (point < least || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return -1;
  return point;
}
