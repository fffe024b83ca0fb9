/* Bytes one after another, for files that other programs read. */

/** Grows as it is written to. */
export interface ByteWriter {
  bytes: Uint8Array;
  length: number;
}

export const newWriter = (): ByteWriter => ({ bytes: new Uint8Array(1 << 16), length: 0 });

/** What was written. */
export const written = ({ bytes, length }: ByteWriter): Uint8Array => bytes.slice(0, length);

function room(writer: ByteWriter, more: number): number {
  const at = writer.length;
  writer.length += more;
  if (writer.length > writer.bytes.length) {
    const grown = new Uint8Array(Math.max(writer.length, writer.bytes.length * 2));
    grown.set(writer.bytes);
    writer.bytes = grown;
  }
  return at;
}

/** Little-endian, as pcapng's blocks are here. */
export function little(writer: ByteWriter, size: 2 | 4, value: number): void {
  const at = room(writer, size);
  for (let i = 0; i < size; i++) writer.bytes[at + i] = (value >>> (8 * i)) & 0xff;
}

/** Big-endian, as the headers of the Internet's protocols are. */
export function big(writer: ByteWriter, size: 1 | 2 | 4, value: number): void {
  const at = room(writer, size);
  for (let i = 0; i < size; i++) writer.bytes[at + i] = (value >>> (8 * (size - 1 - i))) & 0xff;
}

export function raw(writer: ByteWriter, bytes: Uint8Array): void {
  const at = room(writer, bytes.length);
  writer.bytes.set(bytes, at);
}

/** Zeroes until the length is a multiple of four. */
export const pad = (writer: ByteWriter): void => void room(writer, -writer.length & 3);
