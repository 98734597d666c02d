import { damaged } from '../codec.ts';
import type { CodingStyle, Quantisation, SizeSegment } from './code-stream.ts';
import { CodeBlockDecoder } from './decode-code-block.ts';
import { readPackets } from './packets.ts';
import {
  layOutComponent,
  type PartCount,
  type Resolution,
  type TileComponent,
  tileArea,
} from './tile-geometry.ts';
import type { CodedTile } from './tile-parts.ts';
import { type Coefficients, inverseWavelet } from './wavelet.ts';

/** A tile's components, before what they were shifted and mixed by is undone. */
export interface DecodedTile {
  components: Coefficients[];
  hasTransform: boolean;
  isReversible: boolean;
}

/** How often a subband's filter halves, which its coefficients have more of: LL, HL, LH, HH (ITU-T T.800, table E.1). */
const gains = [0, 1, 1, 2];

export function decodeTile(
  { index, parameters, data }: CodedTile,
  size: SizeSegment,
  count: PartCount,
): DecodedTile {
  const { style } = parameters;
  if (!style) throw damaged('no coding style');
  const area = tileArea(size, index);
  const styles = size.components.map((_, component) => parameters.coding(component));
  const parts = styles.map(coding => layOutComponent(area, coding, count));
  readPackets(join(data), parts, styles, style, parameters.volumes);
  const decoder = new CodeBlockDecoder();
  const components = parts.map((part, component) => {
    const { precision } = size.components[component]!;
    return decodeComponent(decoder, part, styles[component]!, parameters.quantisation(component), precision);
  });
  return { components, hasTransform: style.hasTransform, isReversible: styles[0]!.isReversible };
}

function decodeComponent(
  decoder: CodeBlockDecoder,
  { resolutions }: TileComponent,
  style: CodingStyle,
  quantisation: Quantisation,
  precision: number,
): Coefficients {
  let image: Coefficients | undefined;
  for (const [r, resolution] of resolutions.entries()) {
    const bands = decodeBands(decoder, resolution, r, style, quantisation, precision);
    image = image ? inverseWavelet(image, bands, resolution.area, style.isReversible) : bands[0]!;
  }
  return image!;
}

function decodeBands(
  decoder: CodeBlockDecoder,
  { bands, precincts }: Resolution,
  r: number,
  style: CodingStyle,
  quantisation: Quantisation,
  precision: number,
): Coefficients[] {
  return bands.map(({ orientation, area }, b) => {
    const width = area.x1 - area.x0;
    const length = width * (area.y1 - area.y0);
    const values = style.isReversible ? new Int32Array(length) : new Float32Array(length);
    const { exponent, step } = stepOf(quantisation, r, orientation, precision);
    const planes = quantisation.guardBits + exponent - 1;
    for (const { bands: parts } of precincts) {
      for (const block of parts[b]!.blocks) {
        const first = block.y * width + block.x;
        const put = style.isReversible
          ? (x: number, y: number, doubled: number) => {
              values[first + y * width + x] = doubled < 0 ? -(-doubled >> 1) : doubled >> 1;
            }
          : (x: number, y: number, doubled: number) => {
              values[first + y * width + x] = doubled * 0.5 * step;
            };
        decoder.decode(block, orientation, style, planes, put);
      }
    }
    return { area, values };
  });
}

/** The exponent and step of a subband (E.1.1): its own, or derived from that of the lowest one. */
function stepOf(
  { isDerived, steps }: Quantisation,
  r: number,
  orientation: number,
  precision: number,
): { exponent: number; step: number } {
  const band = r === 0 ? 0 : 3 * (r - 1) + orientation;
  const found = steps[isDerived ? 0 : band];
  if (!found) throw damaged('quantisation');
  const exponent = isDerived ? found.exponent - Math.max(0, r - 1) : found.exponent;
  return { exponent, step: 2 ** (precision + gains[orientation]! - exponent) * (1 + found.mantissa / 2048) };
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const [only, ...more] = pieces;
  if (only && more.length === 0) return only;
  const joined = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
