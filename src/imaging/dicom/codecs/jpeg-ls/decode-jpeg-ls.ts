import { type CodedImage, damaged, requireSize, type WantedImage } from '../codec.ts';
import { type LsFrame, type LsScan, readLsStream } from './jpeg-ls-stream.ts';
import { lsParameters } from './ls-parameters.ts';
import { type LsLines, LsScanDecoder } from './ls-scan-decoder.ts';

/** Decodes a JPEG-LS stream (ITU-T T.87): lossless and near-lossless, of 2 to 16 bits, however its components are interleaved. */
export function decodeJpegLs(stream: Uint8Array, wanted: WantedImage): CodedImage {
  let data: Uint8Array | Uint16Array | undefined;
  let bits = 0;
  const seen = new Set<number>();
  readLsStream(stream, {
    frame({ columns, rows, components, precision }) {
      requireSize(wanted, columns, rows, components.length);
      const length = columns * rows * components.length;
      data = precision <= 8 ? new Uint8Array(length) : new Uint16Array(length);
      bits = precision;
    },
    scan(frame, scan, preset) {
      for (const component of scan.components) seen.add(component);
      const decoder = new LsScanDecoder(stream, scan.start, lsParameters(frame.precision, scan.near, preset));
      decodeScan(decoder, frame, scan, data!);
      return decoder.end;
    },
  });
  if (!data || seen.size < wanted.samples) throw damaged('a component is missing');
  return { data, bits };
}

function decodeScan(
  decoder: LsScanDecoder,
  { columns, rows, components: { length: samples } }: LsFrame,
  { components, interleave }: LsScan,
  data: Uint8Array | Uint16Array,
): void {
  const lines: LsLines[] = components.map(() => ({
    above: new Int32Array(columns + 2),
    current: new Int32Array(columns + 2),
    runIndex: 0,
  }));
  for (let y = 0; y < rows; y++) {
    if (interleave === 'sample') decoder.decodePixels(lines, columns);
    else for (const line of lines) decoder.decodeLine(line, columns);
    for (const [i, line] of lines.entries()) {
      let to = y * columns * samples + components[i]!;
      for (let x = 1; x <= columns; x++, to += samples) data[to] = line.current[x]!;
      [line.above, line.current] = [line.current, line.above];
    }
  }
}
