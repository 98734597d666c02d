import { sentence } from '../../engine/sentence.ts';
import { damagedImage, type ImageFormat } from './image-errors.ts';

/** A file's bytes, read by position. A read past the end is a `damaged-image` error, never undefined or zero. */
export class BoundedBytes {
  readonly bytes: Uint8Array;
  readonly format: ImageFormat;
  private readonly view: DataView;

  constructor(bytes: Uint8Array, format: ImageFormat) {
    this.bytes = bytes;
    this.format = format;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  /** Fails unless bytes `at` to `at + count` are in the file. */
  require(at: number, count: number): void {
    if (at < 0 || at + count > this.bytes.length)
      throw damagedImage(this.format, sentence`ends-too-early: it ends too early`);
  }

  u8(at: number): number {
    this.require(at, 1);
    return this.bytes[at]!;
  }

  u16(at: number, isLittle = false): number {
    this.require(at, 2);
    return this.view.getUint16(at, isLittle);
  }

  u32(at: number, isLittle = false): number {
    this.require(at, 4);
    return this.view.getUint32(at, isLittle);
  }

  i32(at: number, isLittle = false): number {
    this.require(at, 4);
    return this.view.getInt32(at, isLittle);
  }

  /** `count` bytes as Latin-1 text. */
  text(at: number, count: number): string {
    this.require(at, count);
    return String.fromCharCode(...this.bytes.subarray(at, at + count));
  }
}
