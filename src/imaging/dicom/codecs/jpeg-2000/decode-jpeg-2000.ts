import { type CodedImage, damaged, requireSize, unsupported, type WantedImage } from '../codec.ts';
import type { SizeSegment, StreamComponent } from './code-stream.ts';
import { type DecodedTile, decodeTile } from './decode-tile.ts';
import { countTiles, PartCount } from './tile-geometry.ts';
import { readCodeStream } from './tile-parts.ts';

/**
 * Decodes a JPEG 2000 code stream (ITU-T T.800), or the one in a JP2 file: reversible and irreversible, up to 24 bits, any
 * progression and tiling. A component transform of the stream is undone, and gives RGB.
 */
export function decodeJpeg2000(stream: Uint8Array, wanted: WantedImage): CodedImage {
  const { size, tiles } = readCodeStream(stream, found => requireWanted(found, wanted));
  if (tiles.length !== countTiles(size)) throw damaged('a tile is missing');
  const { components, image } = size;
  const samples = components.length;
  const data = new Int32Array(wanted.columns * wanted.rows * samples);
  const count = new PartCount();
  let hasTransform = false;
  for (const tile of tiles) {
    const decoded = decodeTile(tile, size, count);
    if (decoded.hasTransform) {
      if (samples < 3) throw damaged('component transform');
      undoTransform(decoded);
      hasTransform = true;
    }
    for (const [sample, { area, values }] of decoded.components.entries()) {
      const finish = finisherOf(components[sample]!);
      const width = area.x1 - area.x0;
      for (let y = area.y0; y < area.y1; y++) {
        let to = ((y - image.y0) * wanted.columns + area.x0 - image.x0) * samples + sample;
        const from = (y - area.y0) * width;
        for (let x = 0; x < width; x++, to += samples) data[to] = finish(values[from + x]!);
      }
    }
  }
  const bits = Math.max(...components.map(({ precision }) => precision));
  return { data, bits, ...(hasTransform && { space: 'rgb' as const }) };
}

function requireWanted({ image, components }: SizeSegment, wanted: WantedImage): void {
  requireSize(wanted, image.x1 - image.x0, image.y1 - image.y0, components.length);
  const [first] = components;
  if (components.some(({ precision }) => precision !== first!.precision))
    throw unsupported('JPEG 2000 with colours of different depth');
}

/** Undoes the level shift of unsigned components (G.1), and keeps values within what their bits hold. */
function finisherOf({ precision, isSigned }: StreamComponent): (value: number) => number {
  const shift = isSigned ? 0 : 2 ** (precision - 1);
  const least = isSigned ? -(2 ** (precision - 1)) : 0;
  const greatest = least + 2 ** precision - 1;
  return value => {
    const shifted = Math.round(value) + shift;
    return shifted < least ? least : shifted > greatest ? greatest : shifted;
  };
}

/** The component transforms (G.2 and G.3), of the first three components in place. */
function undoTransform({ components, isReversible }: DecodedTile): void {
  const [first, second, third] = components.map(({ values }) => values) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  for (let i = 0; i < first.length; i++) {
    const [y, cb, cr] = [first[i]!, second[i]!, third[i]!];
    if (isReversible) {
      const green = y - ((cb + cr) >> 2);
      first[i] = cr + green;
      second[i] = green;
      third[i] = cb + green;
    } else {
      first[i] = y + 1.402 * cr;
      second[i] = y - 0.344136 * cb - 0.714136 * cr;
      third[i] = y + 1.772 * cb;
    }
  }
}
