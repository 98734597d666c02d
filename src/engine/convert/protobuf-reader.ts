import type { BedsideError } from '../errors.ts';
import { sentence } from '../sentence.ts';
import { checkpointError } from './checkpoint-error.ts';

/** The wire types of protobuf (protobuf.dev, "Encoding"). Groups are obsolete and refused. */
const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** One field of a message, read as whatever its number means. */
export interface ProtobufField {
  number: number;
  integer(): number;
  float(): number;
  bytes(): Uint8Array;
  text(): string;
  message(): ProtobufReader;
}

/** A message of `tokenizer.model`, field by field. Every fault of it throws `invalid-model`. */
export class ProtobufReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  *fields(): Generator<ProtobufField> {
    while (this.#position < this.#bytes.length) {
      const tag = this.#varint();
      yield this.#field(Math.floor(tag / 8), tag % 8);
    }
  }

  #field(number: number, wireType: number): ProtobufField {
    const value = this.#value(wireType);
    const need = (wanted: number) => {
      if (wireType !== wanted) throw malformed();
      return value;
    };
    const bytes = () => need(wireTypes.bytes) as Uint8Array;
    return {
      number,
      integer: () => need(wireTypes.varint) as number,
      float: () => need(wireTypes.fixed32) as number,
      bytes,
      text: () => {
        try {
          return utf8.decode(bytes());
        } catch (error) {
          throw malformed(error);
        }
      },
      message: () => new ProtobufReader(bytes()),
    };
  }

  #value(wireType: number): number | Uint8Array {
    if (wireType === wireTypes.varint) return this.#varint();
    if (wireType === wireTypes.bytes) {
      const length = this.#varint();
      const at = this.#advance(length);
      return this.#bytes.subarray(at, at + length);
    }
    if (wireType === wireTypes.fixed32) return this.#view.getFloat32(this.#advance(4), true);
    if (wireType === wireTypes.fixed64) return this.#view.getFloat64(this.#advance(8), true);
    throw malformed();
  }

  #varint(): number {
    let value = 0;
    let scale = 1;
    // At most 64 bits in groups of 7. Negative numbers lose their low bits here; none of the fields read has one.
    for (let group = 0; group < 10; group++) {
      const byte = this.#bytes[this.#advance(1)]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
    throw malformed();
  }

  #advance(bytes: number): number {
    const at = this.#position;
    if (at + bytes > this.#bytes.length) throw malformed();
    this.#position += bytes;
    return at;
  }
}

function malformed(cause?: unknown): BedsideError {
  return checkpointError(
    'invalid-model',
    sentence`tokenizer-model-is-damaged: tokenizer.model is damaged, or not a SentencePiece model`,
    undefined,
    cause,
  );
}
