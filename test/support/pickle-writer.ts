/** Writes pickles for tests, one instruction a method, in the order of the file. It checks nothing. */
export class PickleWriter {
  readonly #bytes: number[] = [];
  #memos = 0;

  raw(...bytes: number[]): this {
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }

  /** The letters of an instruction's code, and text that follows it. */
  code(text: string): this {
    return this.raw(...new TextEncoder().encode(text));
  }

  protocol(version = 2): this {
    return this.raw(0x80, version);
  }

  global(module: string, name: string): this {
    return this.code(`c${module}\n${name}\n`);
  }

  text(value: string): this {
    const raw = new TextEncoder().encode(value);
    return this.code('X')
      .u32(raw.length)
      .raw(...raw);
  }

  int(value: number): this {
    if (value >= 0 && value < 256) return this.code('K').raw(value);
    if (value >= -(2 ** 31) && value < 2 ** 31) return this.code('J').u32(value);
    return this.raw(0x8a, 8).raw(...new Uint8Array(BigInt64Array.of(BigInt(value)).buffer));
  }

  ints(values: readonly number[]): this {
    this.code('(');
    for (const value of values) this.int(value);
    return this.code('t');
  }

  u32(value: number): this {
    return this.raw(...new Uint8Array(Int32Array.of(value).buffer));
  }

  /** Remembers the topmost object, as pickles do with everything. */
  memorise(): this {
    return this.code('r').u32(this.#memos++);
  }

  finish(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from([...this.#bytes, 0x2e]);
  }
}
