import { damaged } from '../codec.ts';
import { BitReader } from './bit-reader.ts';
import type { HuffmanTable } from './huffman-table.ts';
import type { FrameComponent, FrameHeader, Scan } from './jpeg-stream.ts';

/** A component's quantised coefficients: 64 a block, in rows of `blocksAcross`, padded to whole MCUs. */
export interface ComponentBlocks {
  component: FrameComponent;
  coefficients: Int16Array;
  blocksAcross: number;
  blocksDown: number;
  /** Samples that belong to the image. */
  columns: number;
  rows: number;
  quantisation: Uint16Array | undefined;
}

export const zigzag = Uint8Array.of(
  ...[0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48],
  ...[41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15],
  ...[23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63],
);

/** Room for a frame's coefficients. A component alone has no sampling factors (ITU-T T.81, A.2.2). */
export function allocateBlocks({ columns, rows, components }: FrameHeader): ComponentBlocks[] {
  const isAlone = components.length === 1;
  const sampled = isAlone ? [{ ...components[0]!, horizontal: 1, vertical: 1 }] : components;
  const across = Math.max(...sampled.map(({ horizontal }) => horizontal));
  const down = Math.max(...sampled.map(({ vertical }) => vertical));
  const mcusAcross = Math.ceil(columns / (8 * across));
  const mcusDown = Math.ceil(rows / (8 * down));
  return sampled.map(component => {
    const blocksAcross = mcusAcross * component.horizontal;
    const blocksDown = mcusDown * component.vertical;
    return {
      component,
      coefficients: new Int16Array(blocksAcross * blocksDown * 64),
      blocksAcross,
      blocksDown,
      columns: Math.ceil((columns * component.horizontal) / across),
      rows: Math.ceil((rows * component.vertical) / down),
      quantisation: undefined,
    };
  });
}

interface Decoding {
  reader: BitReader;
  scan: Scan;
  /** Blocks left that end together with this one (T.81, G.1.2.2). */
  endOfBand: number;
}

type BlockDecoder = (
  decoding: Decoding,
  coefficients: Int16Array,
  at: number,
  table: HuffmanTable,
  predictions: Int32Array,
  which: number,
) => void;

/** Decodes a scan of the sequential or progressive process into `blocks`, and returns where its data end. */
export function decodeDctScan(
  bytes: Uint8Array,
  frame: FrameHeader,
  scan: Scan,
  blocks: readonly ComponentBlocks[],
): number {
  const { spectralStart, spectralEnd, components, restartInterval } = scan;
  if (spectralStart > spectralEnd || spectralEnd > 63) throw damaged('scan header');
  const isProgressive = frame.process === 'progressive';
  if (isProgressive && spectralStart > 0 && components.length > 1) throw damaged('scan header');
  const decoding: Decoding = { reader: new BitReader(bytes, scan.start), scan, endOfBand: 0 };
  const predictions = new Int32Array(components.length);
  let untilRestart = restartInterval;
  let restarts = 0;
  const parts = components.map(({ index, dc, ac }, which) => {
    const part = blocks[index]!;
    part.quantisation ??= scan.quantisations[part.component.quantisation];
    return { part, which, decode: decoderOf(isProgressive, scan, dc, ac) };
  });
  const beforeMcu = () => {
    if (restartInterval === 0) return;
    if (untilRestart === 0) {
      decoding.reader.restart(restarts++ & 7);
      predictions.fill(0);
      decoding.endOfBand = 0;
      untilRestart = restartInterval;
    }
    untilRestart--;
  };
  const [only] = parts;
  if (parts.length === 1) {
    const { part, decode } = only!;
    const [across, down] = [Math.ceil(part.columns / 8), Math.ceil(part.rows / 8)];
    for (let y = 0; y < down; y++) {
      for (let x = 0; x < across; x++) {
        beforeMcu();
        decode(decoding, part.coefficients, (y * part.blocksAcross + x) * 64, predictions, 0);
      }
    }
    return decoding.reader.end();
  }
  const { part: first } = only!;
  const mcusAcross = first.blocksAcross / first.component.horizontal;
  const mcusDown = first.blocksDown / first.component.vertical;
  for (let y = 0; y < mcusDown; y++) {
    for (let x = 0; x < mcusAcross; x++) {
      beforeMcu();
      for (const { part, which, decode } of parts) {
        const { horizontal, vertical } = part.component;
        for (let v = 0; v < vertical; v++) {
          const row = (y * vertical + v) * part.blocksAcross + x * horizontal;
          for (let h = 0; h < horizontal; h++)
            decode(decoding, part.coefficients, (row + h) * 64, predictions, which);
        }
      }
    }
  }
  return decoding.reader.end();
}

type BoundDecoder = (
  decoding: Decoding,
  coefficients: Int16Array,
  at: number,
  predictions: Int32Array,
  which: number,
) => void;

function decoderOf(
  isProgressive: boolean,
  { spectralStart, high }: Scan,
  dc: HuffmanTable | undefined,
  ac: HuffmanTable | undefined,
): BoundDecoder {
  const need = (table: HuffmanTable | undefined) => {
    if (!table) throw damaged('no Huffman table');
    return table;
  };
  if (!isProgressive) {
    const [dcTable, acTable] = [need(dc), need(ac)];
    return (decoding, coefficients, at, predictions, which) =>
      decodeSequential(decoding, coefficients, at, dcTable, acTable, predictions, which);
  }
  if (spectralStart === 0) {
    if (high > 0) return refineDc;
    const table = need(dc);
    return (decoding, coefficients, at, predictions, which) =>
      decodeFirstDc(decoding, coefficients, at, table, predictions, which);
  }
  const table = need(ac);
  const decode: BlockDecoder = high > 0 ? refineAc : decodeFirstAc;
  return (decoding, coefficients, at, predictions, which) =>
    decode(decoding, coefficients, at, table, predictions, which);
}

function nextDc({ reader }: Decoding, table: HuffmanTable, predictions: Int32Array, which: number): number {
  const bits = table.next(reader);
  if (bits > 16) throw damaged('DC difference');
  predictions[which]! += reader.takeSigned(bits);
  return predictions[which]!;
}

function decodeSequential(
  decoding: Decoding,
  coefficients: Int16Array,
  at: number,
  dc: HuffmanTable,
  ac: HuffmanTable,
  predictions: Int32Array,
  which: number,
): void {
  coefficients[at] = nextDc(decoding, dc, predictions, which);
  const { reader } = decoding;
  for (let k = 1; k < 64; k++) {
    const symbol = ac.next(reader);
    const bits = symbol & 15;
    const run = symbol >> 4;
    if (bits === 0) {
      if (run < 15) return;
      k += 15;
      continue;
    }
    k += run;
    if (k > 63) throw damaged('coefficients');
    coefficients[at + zigzag[k]!] = reader.takeSigned(bits);
  }
}

function decodeFirstDc(
  decoding: Decoding,
  coefficients: Int16Array,
  at: number,
  table: HuffmanTable,
  predictions: Int32Array,
  which: number,
): void {
  coefficients[at] = nextDc(decoding, table, predictions, which) << decoding.scan.low;
}

function refineDc({ reader, scan }: Decoding, coefficients: Int16Array, at: number): void {
  if (reader.take(1) === 1) coefficients[at]! |= 1 << scan.low;
}

function decodeFirstAc(decoding: Decoding, coefficients: Int16Array, at: number, table: HuffmanTable): void {
  const { reader, scan } = decoding;
  if (decoding.endOfBand > 0) {
    decoding.endOfBand--;
    return;
  }
  for (let k = scan.spectralStart; k <= scan.spectralEnd; k++) {
    const symbol = table.next(reader);
    const bits = symbol & 15;
    const run = symbol >> 4;
    if (bits === 0) {
      if (run < 15) {
        decoding.endOfBand = (1 << run) - 1 + reader.take(run);
        return;
      }
      k += 15;
      continue;
    }
    k += run;
    if (k > 63) throw damaged('coefficients');
    coefficients[at + zigzag[k]!] = reader.takeSigned(bits) << scan.low;
  }
}

function refineAc(decoding: Decoding, coefficients: Int16Array, at: number, table: HuffmanTable): void {
  const { reader, scan } = decoding;
  const one = 1 << scan.low;
  const refine = (index: number) => {
    const value = coefficients[index]!;
    if (reader.take(1) === 1 && (Math.abs(value) & one) === 0)
      coefficients[index] = value + (value < 0 ? -one : one);
  };
  let k = scan.spectralStart;
  if (decoding.endOfBand === 0) {
    for (; k <= scan.spectralEnd; k++) {
      const symbol = table.next(reader);
      let run = symbol >> 4;
      let value = 0;
      if ((symbol & 15) === 0) {
        if (run < 15) {
          decoding.endOfBand = (1 << run) + reader.take(run);
          break;
        }
      } else value = reader.take(1) === 1 ? one : -one;
      for (; k <= scan.spectralEnd; k++) {
        const index = at + zigzag[k]!;
        if (coefficients[index] !== 0) refine(index);
        else if (run-- === 0) {
          if (value !== 0) coefficients[index] = value;
          break;
        }
      }
    }
  }
  if (decoding.endOfBand === 0) return;
  for (; k <= scan.spectralEnd; k++) {
    const index = at + zigzag[k]!;
    if (coefficients[index] !== 0) refine(index);
  }
  decoding.endOfBand--;
}
