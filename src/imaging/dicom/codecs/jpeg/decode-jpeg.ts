import { type CodedImage, damaged, requireSize, unsupported, type WantedImage } from '../codec.ts';
import { allocateBlocks, type ComponentBlocks, decodeDctScan, zigzag } from './coefficients.ts';
import { decodeLosslessScan } from './decode-lossless.ts';
import { inverseDct } from './inverse-dct.ts';
import { type FrameHeader, readJpegStream, type StreamMarks } from './jpeg-stream.ts';
import { ScanProgress } from './scan-progress.ts';
import { type Plane, upsample } from './upsample.ts';
import { convertYccToRgb } from './ycc-to-rgb.ts';

/**
 * Decodes a JPEG stream (ITU-T T.81): sequential and progressive DCT of 8 or 12 bits, bit for bit as libjpeg does, and the lossless
 * process of 2 to 16. Of DCT processes the stream decides what its colours are, and they become RGB; lossless ones stay as they
 * are. `photometric` is what the file says of them.
 */
export function decodeJpeg(stream: Uint8Array, wanted: WantedImage, photometric: string): CodedImage {
  let frame: FrameHeader | undefined;
  let blocks: ComponentBlocks[] = [];
  let lossless: Uint16Array | undefined;
  const progress = new ScanProgress();
  const marks = readJpegStream(stream, {
    frame(header) {
      requireSize(wanted, header.columns, header.rows, header.components.length);
      requirePrecision(header);
      frame = header;
      if (header.process === 'lossless')
        lossless = new Uint16Array(header.columns * header.rows * header.components.length);
      else blocks = allocateBlocks(header);
    },
    scan(header, scan) {
      progress.note(scan);
      return lossless
        ? decodeLosslessScan(stream, header, scan, lossless)
        : decodeDctScan(stream, header, scan, blocks);
    },
  });
  const { precision, components } = frame!;
  if (!progress.isWhole(frame!, marks.hasEnd)) throw damaged('a scan is missing');
  if (lossless) return { data: lossless, bits: precision };
  const data = weave(blocks, frame!);
  if (components.length === 1) return { data, bits: precision };
  const saysRgb = photometric === 'RGB';
  const isRgb = isStreamRgb(frame!, marks, saysRgb);
  if (!isRgb) convertYccToRgb(data, precision);
  return { data, bits: precision, space: 'rgb', isMismatch: isRgb !== saysRgb };
}

function requirePrecision({ process, precision }: FrameHeader): void {
  const isRead =
    process === 'lossless' ? precision >= 2 && precision <= 16 : precision === 8 || precision === 12;
  if (!isRead) throw unsupported(`JPEG of ${precision} bits`);
}

/**
 * As libjpeg and browsers decide: JFIF is YCbCr, Adobe's segment says what it is, and else the names of the components; where these tell nothing,
 * the file does.
 */
function isStreamRgb({ components }: FrameHeader, marks: StreamMarks, saysRgb: boolean): boolean {
  if (marks.hasJfif) return false;
  if (marks.adobeTransform !== undefined) return marks.adobeTransform === 0;
  const ids = components.map(({ id }) => id).join(' ');
  if (ids === '1 2 3') return false;
  if (ids === '82 71 66') return true;
  return saysRgb;
}

/** All components as one image. */
function weave(
  blocks: ComponentBlocks[],
  { columns, rows, precision }: FrameHeader,
): Uint8Array | Uint16Array {
  const samples = blocks.length;
  const across = Math.max(...blocks.map(({ component }) => component.horizontal));
  const down = Math.max(...blocks.map(({ component }) => component.vertical));
  const length = columns * rows * samples;
  const data = precision === 8 ? new Uint8Array(length) : new Uint16Array(length);
  for (const [sample, part] of blocks.entries()) {
    const { horizontal, vertical } = part.component;
    if (across % horizontal !== 0 || down % vertical !== 0) throw unsupported('JPEG with uneven sampling');
    const plane = upsample(toPlane(part, precision), across / horizontal, down / vertical, columns, rows);
    for (let y = 0; y < rows; y++) {
      const from = y * plane.stride;
      let to = y * columns * samples + sample;
      for (let x = 0; x < columns; x++, to += samples) data[to] = plane.samples[from + x]!;
    }
  }
  return data;
}

function toPlane(part: ComponentBlocks, precision: number): Plane {
  const { blocksAcross, blocksDown, coefficients, columns, rows } = part;
  if (!part.quantisation) throw damaged('no quantisation table');
  const quantisation = new Int32Array(64);
  for (let i = 0; i < 64; i++) quantisation[zigzag[i]!] = part.quantisation[i]!;
  const stride = blocksAcross * 8;
  const length = stride * blocksDown * 8;
  const samples = precision === 8 ? new Uint8Array(length) : new Uint16Array(length);
  for (let y = 0; y < blocksDown; y++) {
    for (let x = 0; x < blocksAcross; x++) {
      const from = (y * blocksAcross + x) * 64;
      inverseDct(coefficients, from, quantisation, precision, samples, y * 8 * stride + x * 8, stride);
    }
  }
  return { samples, stride, columns, rows };
}
