/** The page's only door to the worker that reads images for the reading room. */
import { BedsideError } from '../../engine/errors.ts';
import { sentence } from '../../engine/sentence.ts';
import type { ImagePresentation } from '../../engine/types/presentation.ts';
import type { HeaderRow } from '../../imaging/dicom/header/header-rows.ts';
import type { FrameValues } from '../../imaging/presented/opened-image.ts';
import {
  type ImageFacts,
  type ReadingApi,
  readingVerbs,
  type ShownFrame,
} from '../../worker/reading/reading-verbs.ts';
import type { NamedFile } from '../../worker/reading/sent-files.ts';
import { askTogether } from './ask-together.ts';
import { spawnReadingWorker } from './spawn-worker.ts';
import { callsOf } from './verb-calls.ts';
import { createWorkerCaller } from './worker-caller.ts';
import type { WorkerLike } from './worker-connection.ts';

/** Reads image files elsewhere than on the page's own thread. Every method may reject with 'worker-died'. */
export interface ImageReader {
  /** Of the header alone. Rejects with 'not-an-image' and others of images. */
  lookAtFile(file: Blob): Promise<ImageFacts>;
  showFrame(file: Blob, presentation: ImagePresentation): Promise<ShownFrame>;
  /** Has frames decoded that may be shown next, in this order, instead of those that this was said of before. */
  prepareFrames(frames: readonly { file: Blob; frame: number }[]): Promise<void>;
  /** Nobody looks at images any more. */
  forgetFrames(): Promise<void>;
  /** A frame, turned and covered too, as a PNG file that holds nothing but these pixels. */
  pictureFile(file: Blob, presentation: ImagePresentation): Promise<Blob>;
  /** A value a pixel; null of a coloured frame. */
  frameValues(file: Blob, frame: number): Promise<FrameValues | null>;
  /** What a file says beside its pixels. */
  listHeaders(file: Blob): Promise<HeaderRow[]>;
}

export function createImageReader(spawn: () => WorkerLike = spawnReadingWorker): ImageReader {
  /** Whose files the worker has. */
  let sent = new WeakSet<Blob>();
  const sendAgain = () => {
    sent = new WeakSet();
  };
  const watch = { onStart: () => sendAgain, onDeath: () => undefined };
  const caller = createWorkerCaller<ReadingApi>(spawn, workerDied, undefined, watch);
  const calls = callsOf(readingVerbs, caller);
  // A file that crosses to the worker is another object there each time.
  const names = new WeakMap<Blob, string>();
  let count = 0;
  const nameOf = (file: Blob) => {
    const name = names.get(file) ?? `file ${++count}`;
    names.set(file, name);
    return name;
  };
  const name = (file: Blob): NamedFile => {
    const id = nameOf(file);
    if (sent.has(file)) return { id };
    sent.add(file);
    return { id, file };
  };
  return {
    lookAtFile: askTogether(files => calls.lookAtFiles(files)),
    showFrame: (file, presentation) => calls.showFrame({ ...name(file), presentation }),
    prepareFrames: frames => calls.prepareFrames(frames.map(({ file, frame }) => ({ ...name(file), frame }))),
    forgetFrames() {
      sendAgain();
      return calls.forgetFrames();
    },
    pictureFile: (file, presentation) => calls.pictureFile({ ...name(file), presentation }),
    frameValues: (file, frame) => calls.frameValues({ ...name(file), frame }),
    listHeaders: file => calls.listHeaders(file),
  };
}

function workerDied(cause: string): BedsideError {
  return new BedsideError(
    'worker-died',
    sentence`reading-worker-died: The process that reads images ended unexpectedly.`,
    'Show the image again. If it happens again, the image may be too large for this device.',
    cause,
  );
}
