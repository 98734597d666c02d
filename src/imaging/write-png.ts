import { collect, joinChunks, pump } from './formats/png-chunks.ts';
import type { RgbImage } from './rgb-image.ts';

/** A PNG file of 8 bits: of one channel where the picture is grey. Nothing but the pixels is in it. */
export async function writePng({ width, height, data }: RgbImage): Promise<Uint8Array<ArrayBuffer>> {
  const isGrey = data.every((value, i) => i % 3 === 0 || value === data[i - 1]);
  const channels = isGrey ? 1 : 3;
  function* rows() {
    for (let y = 0; y < height; y++) {
      // The first byte: no filter.
      const row = new Uint8Array(1 + width * channels);
      for (let x = 0; x < width * channels; x++)
        row[x + 1] = data[(y * width * channels + x) * (3 / channels)]!;
      yield row;
    }
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = 8;
  header[9] = isGrey ? 0 : 2;
  return joinChunks([
    { type: 'IHDR', data: header },
    { type: 'IDAT', data: await collect(pump(rows(), new CompressionStream('deflate'))) },
    { type: 'IEND', data: new Uint8Array(0) },
  ]);
}
