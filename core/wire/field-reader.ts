import { must } from "../foundation/assert.ts";
import type { Reader } from "./reader.ts";

/** What gives a field its value: reads it, or makes the default of one that this version does not have. */
export type FieldRead = (from: FieldReader) => unknown;

/**
 * Hands a struct's fields to the function that declared it, one for each call, in order. Its methods are
 * named like the declaring ones and are all the same: what they do was compiled before. Made per message.
 */
export class FieldReader {
  readonly reader: Reader;
  /** The reads of the struct in hand. */
  reads: readonly FieldRead[] = [];
  /** How many of them were done. */
  step = 0;

  constructor(reader: Reader) {
    this.reader = reader;
  }

  next(): unknown {
    return must(this.reads[this.step++], "a field to read")(this);
  }

  bool(): unknown {
    return this.next();
  }
  int8(): unknown {
    return this.next();
  }
  int16(): unknown {
    return this.next();
  }
  uint16(): unknown {
    return this.next();
  }
  int32(): unknown {
    return this.next();
  }
  int64(): unknown {
    return this.next();
  }
  uuid(): unknown {
    return this.next();
  }
  string(): unknown {
    return this.next();
  }
  nullableString(): unknown {
    return this.next();
  }
  bytes(): unknown {
    return this.next();
  }
  nullableBytes(): unknown {
    return this.next();
  }
  array(): unknown {
    return this.next();
  }
  nullableArray(): unknown {
    return this.next();
  }
  struct(): unknown {
    return this.next();
  }
}
