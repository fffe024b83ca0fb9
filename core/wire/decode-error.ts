/**
 * Bytes from outside do not follow the protocol: cut, corrupt, oversized, or in a version that we do not
 * speak. Whoever reads from a connection or a disk catches it; nothing else may come out of a decoder.
 */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
  /** Path of the field that could not be read, such as `topics.partitions.fetchOffset`. */
  readonly field: string;
  /** Position, in the bytes handed to the decoder, of what could not be read. */
  readonly byte: number;
  readonly problem: string;

  constructor(field: string, byte: number, problem: string) {
    super(`${field} at byte ${byte}: ${problem}`);
    this.field = field;
    this.byte = byte;
    this.problem = problem;
  }

  /** The same failure, seen from the field that holds the one that failed. */
  within(outer: string): DecodeError {
    const field = this.field === "" ? outer : `${outer}.${this.field}`;
    return new DecodeError(field, this.byte, this.problem);
  }
}
