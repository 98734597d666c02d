import type { DeepValues } from '../deep-values.ts';
import { decodeTiff } from './decode-tiff.ts';
import { depthOf } from './tiff-to-rgba.ts';

/** Of a grey page of 16 bits; undefined of others. Fails as `decodeTiff` does. */
export async function deepValuesOfTiff(file: Uint8Array): Promise<DeepValues | undefined> {
  const { page, values } = await decodeTiff(file);
  const { width, height, samples, colours } = page;
  const isGrey = samples === 1 && (colours === 'black-is-zero' || colours === 'white-is-zero');
  if (!isGrey || !(values instanceof Uint16Array)) return undefined;
  const bits = depthOf(values, 1, 1);
  // As bright as black is dark: what is stretched is stretched the other way round.
  const greatest = 2 ** bits - 1;
  const shown = colours === 'white-is-zero' ? values.map(value => greatest - value) : values;
  return { width, height, values: shown, bits };
}
