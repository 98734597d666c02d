import type {
  FrameValues,
  HeaderRow,
  ImageFacts,
  ImagePresentation,
  ImageReader,
  ShownFrame,
} from '../../client/index.ts';
import { ctWindows } from './studies.ts';

/** Reads no files: what a header says is told beforehand, by the names of files. */
export class FakeImageReader implements ImageReader {
  readonly known = new Map<string, ImageFacts | Error>();
  /** What was asked to be shown, in order. */
  readonly shown: { file: string; presentation: ImagePresentation }[] = [];
  /** What was made a picture of. */
  readonly pictures: { file: string; presentation: ImagePresentation }[] = [];
  /** What is to be decoded next, by file and frame. */
  prepared: string[] = [];
  headers: HeaderRow[] = [];
  failure: Error | null = null;

  async lookAtFile(file: Blob): Promise<ImageFacts> {
    const found = this.known.get(nameOf(file));
    if (!found) throw new Error('a test asked for what it had not told of');
    if (found instanceof Error) throw found;
    return found;
  }

  async showFrame(file: Blob, presentation: ImagePresentation): Promise<ShownFrame> {
    const name = nameOf(file);
    this.shown.push({ file: name, presentation });
    if (this.failure) throw this.failure;
    const { size, dicom } = await this.lookAtFile(file);
    return {
      ...size,
      rgba: new Uint8ClampedArray(size.width * size.height * 4).fill(255),
      windows: dicom ? ctWindows : [],
      warnings: dicom?.meta.burnedIn === 'YES' ? ['burned-in'] : [],
    };
  }

  async prepareFrames(frames: readonly { file: Blob; frame: number }[]): Promise<void> {
    this.prepared = frames.map(({ file, frame }) => `${nameOf(file)} ${frame}`);
  }

  async forgetFrames(): Promise<void> {
    this.prepared = [];
  }

  async pictureFile(file: Blob, presentation: ImagePresentation): Promise<Blob> {
    this.pictures.push({ file: nameOf(file), presentation });
    return new Blob(['a picture'], { type: 'image/png' });
  }

  /** Each pixel's value is its column, and a thousand times its row. */
  async frameValues(file: Blob): Promise<FrameValues | null> {
    const { size, dicom } = await this.lookAtFile(file);
    if (!dicom) return null;
    const values = Int32Array.from(
      { length: size.width * size.height },
      (_, at) => (at % size.width) + 1000 * Math.floor(at / size.width),
    );
    return { ...size, values, least: 0, greatest: values.at(-1)!, unit: 'HU' };
  }

  async listHeaders(): Promise<HeaderRow[]> {
    return this.headers;
  }
}

const nameOf = (file: Blob) => (file instanceof File ? file.name : '');
