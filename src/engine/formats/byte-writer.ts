/** Writing in GGUF's terms: little-endian numbers, length-prefixed texts, typed properties, alignment. Checks nothing. */

import { GgufValueType } from './gguf-types.ts';

export type ScalarType = Exclude<keyof typeof GgufValueType, 'array'>;
export type MetadataType = ScalarType | `${ScalarType}[]`;
export type MetadataEntry = readonly [key: string, type: MetadataType, value: unknown];

/** Little-endian bytes, growing. */
export class ByteWriter {
  #bytes = new Uint8Array(1024);
  length = 0;

  bytes(data: Uint8Array | string): this {
    const raw = typeof data === 'string' ? new TextEncoder().encode(data) : data;
    this.#view(raw.length);
    this.#bytes.set(raw, this.length);
    this.length += raw.length;
    return this;
  }

  zeros(count: number): this {
    return this.bytes(new Uint8Array(count));
  }

  u32(value: number): this {
    this.#view(4).setUint32(this.length, value, true);
    this.length += 4;
    return this;
  }

  u64(value: number | bigint): this {
    this.#view(8).setBigUint64(this.length, BigInt(value), true);
    this.length += 8;
    return this;
  }

  /** A length-prefixed text, or raw bytes in its place. */
  string(text: string | Uint8Array): this {
    const raw = typeof text === 'string' ? new TextEncoder().encode(text) : text;
    return this.u64(raw.length).bytes(raw);
  }

  scalar(type: ScalarType, value: unknown): this {
    if (type === 'string') return this.string(value as string | Uint8Array);
    const view = this.#view(8);
    const at = this.length;
    if (type === 'u64' || type === 'i64')
      return this.u64(BigInt.asUintN(64, BigInt(value as number | bigint)));
    const number = Number(value);
    if (type === 'u8' || type === 'i8' || type === 'bool') {
      view.setUint8(at, number);
      this.length += 1;
    } else if (type === 'u16' || type === 'i16') {
      view.setUint16(at, number, true);
      this.length += 2;
    } else if (type === 'f64') {
      view.setFloat64(at, number, true);
      this.length += 8;
    } else {
      if (type === 'f32') view.setFloat32(at, number, true);
      else view.setUint32(at, number, true);
      this.length += 4;
    }
    return this;
  }

  property([key, type, value]: MetadataEntry): this {
    this.string(key);
    if (!type.endsWith('[]')) {
      return this.u32(GgufValueType[type as ScalarType]).scalar(type as ScalarType, value);
    }
    const element = type.slice(0, -2) as ScalarType;
    const values = Array.from(value as ArrayLike<unknown>);
    this.u32(GgufValueType.array).u32(GgufValueType[element]).u64(values.length);
    for (const item of values) this.scalar(element, item);
    return this;
  }

  /** Zeros up to the next multiple of `alignment`. */
  pad(alignment: number): this {
    return this.zeros((alignment - (this.length % alignment)) % alignment);
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.length);
  }

  #view(bytes: number): DataView {
    if (this.length + bytes > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + bytes));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    return new DataView(this.#bytes.buffer);
  }
}
