import { plainPresentation } from '../../engine/types/presentation.ts';
import { frameFor } from '../../imaging/presented/check-presentation.ts';
import type { ImageFrame, OpenedImage } from '../../imaging/presented/opened-image.ts';
import type { OpenImages } from '../engine/open-images.ts';
import type { FrameRequest, KeptFrames } from './reading-verbs.ts';

/** Of decoded values: more than a hundred slices of 512 x 512 with 16 bits. */
const mostBytes = 96 * 1024 ** 2;

/** One frame of a file, decoded; the file itself is not kept for it. */
type KeptFrame = Pick<OpenedImage, 'size' | 'frames' | 'decodeFrame'>;

/** Decoded frames, so that going back and forth in a stack decodes each of them once. The least recently used is given up first. */
export class FrameCache {
  readonly #images: Pick<OpenImages, 'find'>;
  readonly #mostBytes: number;
  /** Least recently used first; without its bytes as long as it is being decoded. */
  readonly #entries = new Map<string, { frame: Promise<KeptFrame>; bytes: number | null }>();
  #wanted: readonly FrameRequest[] = [];
  #isPreparing = false;
  /** What was asked for to be shown and is not there yet. */
  readonly #shown = new Set<Promise<unknown>>();
  #decoded = 0;

  constructor(images: Pick<OpenImages, 'find'>, most = mostBytes) {
    this.#images = images;
    this.#mostBytes = most;
  }

  get kept(): KeptFrames {
    const bytes = [...this.#entries.values()].flatMap(each => each.bytes ?? []);
    return {
      frames: bytes.length,
      bytes: bytes.reduce((sum, each) => sum + each, 0),
      decoded: this.#decoded,
    };
  }

  /** The frame to be shown now. Rejects as `frameFor` does. */
  async find(request: FrameRequest): Promise<KeptFrame> {
    const frame = this.#frameOf(request);
    this.#shown.add(frame);
    try {
      return await frame;
    } finally {
      this.#shown.delete(frame);
    }
  }

  /** See `prepareFrames` of the verbs. Together they take no more than half of the room, so that none pushes out another. */
  prepare(wanted: readonly FrameRequest[]): void {
    this.#wanted = wanted;
    if (!this.#isPreparing) void this.#prepareAll();
  }

  clear(): void {
    this.#wanted = [];
    this.#entries.clear();
  }

  async #prepareAll(): Promise<void> {
    this.#isPreparing = true;
    let [list, bytes] = [this.#wanted, 0];
    for (;;) {
      await this.#isIdle();
      if (list !== this.#wanted) [list, bytes] = [this.#wanted, 0];
      const [next, ...later] = this.#wanted;
      if (!next || bytes > this.#mostBytes / 2) break;
      list = this.#wanted = later;
      // What is wrong with it is told when it is shown.
      const kept = await this.#frameOf(next).catch(() => undefined);
      bytes += kept ? (await kept.decodeFrame(next.frame)).bytes : 0;
    }
    this.#wanted = [];
    this.#isPreparing = false;
  }

  /** After what was asked for in the meantime. */
  async #isIdle(): Promise<void> {
    do {
      await Promise.allSettled(this.#shown);
      await new Promise(resolve => setTimeout(resolve));
    } while (this.#shown.size > 0);
  }

  #frameOf(request: FrameRequest): Promise<KeptFrame> {
    const key = `${request.id} ${request.frame}`;
    const known = this.#entries.get(key);
    const entry = known ?? { frame: this.#decode(request), bytes: null };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (!known) this.#keep(key, entry, request.frame);
    return entry.frame;
  }

  async #keep(
    key: string,
    entry: { frame: Promise<KeptFrame>; bytes: number | null },
    index: number,
  ): Promise<void> {
    try {
      entry.bytes = (await (await entry.frame).decodeFrame(index)).bytes;
      this.#forgetOld(entry);
    } catch {
      // Read again when it is asked for again.
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    }
  }

  /** The one that was decoded last stays, however large it is. */
  #forgetOld(last: object): void {
    let { bytes } = this.kept;
    for (const [key, entry] of this.#entries) {
      if (bytes <= this.#mostBytes) return;
      if (entry === last || entry.bytes === null) continue;
      this.#entries.delete(key);
      bytes -= entry.bytes;
    }
  }

  async #decode({ id, file, frame: index }: FrameRequest): Promise<KeptFrame> {
    const image = await this.#images.find(id, file);
    const frame: ImageFrame = await frameFor(image, { ...plainPresentation, frame: index });
    this.#decoded += 1;
    const { size, frames } = image;
    return { size, frames, decodeFrame: async () => frame };
  }
}
