import type { ByteSource } from '../../formats/byte-source.ts';
import type { GgufFile, GgufTensor } from '../../formats/gguf.ts';
import { GgmlType } from '../../quant/block-formats.ts';
import { dequantizeTensor } from '../../quant/dequantize.ts';
import { checkEncoderTensors, type EncoderSize, ExpectedTensors } from '../encoder/encoder-tensors.ts';
import type { SiglipConfig } from './siglip-config.ts';

export const projection = 'mm.input_projection.weight';
export const softNorm = 'mm.soft_emb_norm.weight';

export interface SiglipTensors {
  tensors: Map<string, GgufTensor>;
  /** The file as `tensors` has it: the projection turned round, behind the end of the file. */
  sourceOf(source: ByteSource): ByteSource;
}

/**
 * Checks that an mmproj file holds exactly a SigLIP's tensors with Gemma 3's projector. The projection lies there as visual tokens
 * are multiplied with it, [hidden, projected]; products here read a row for each number that they give, so it is turned round when
 * it is read, into f32.
 */
export function checkSiglipTensors(file: GgufFile, c: SiglipConfig): SiglipTensors {
  const { hidden, projected } = c;
  const tensors = checkEncoderTensors(file, c, expectSiglip(c), 'Gemma 3');
  const stored = tensors.get(projection)!;
  const turned: GgufTensor = {
    ...stored,
    type: GgmlType.F32,
    typeName: 'F32',
    shape: [hidden, projected],
    offset: Math.ceil(file.bytes / 32) * 32,
    bytes: 4 * hidden * projected,
  };
  tensors.set(projection, turned);
  return { tensors, sourceOf: source => withTurned(source, stored, turned) };
}

/** What a file of this size holds. */
export function expectSiglip(c: EncoderSize & Pick<SiglipConfig, 'projected'>): ExpectedTensors {
  const expected = new ExpectedTensors();
  expected.encoder(c);
  expected.norm('v.post_ln', c.hidden);
  expected.set(projection, [c.projected, c.hidden]);
  expected.set(softNorm, [c.hidden]);
  return expected;
}

/** A source with one matrix of it once more behind its end, rows and columns exchanged. */
function withTurned(source: ByteSource, stored: GgufTensor, turned: GgufTensor): ByteSource {
  let bytes: Promise<Uint8Array<ArrayBuffer>> | undefined;
  return {
    ...source,
    bytes: turned.offset + turned.bytes,
    async read(offset, length) {
      if (offset < turned.offset) return source.read(offset, length);
      bytes ??= source
        .read(stored.offset, stored.bytes)
        .then(matrix => turn(dequantizeTensor(stored.type, matrix), stored.shape[0]!));
      const from = offset - turned.offset;
      return (await bytes).slice(from, from + length);
    },
  };
}

function turn(values: Float32Array, columns: number): Uint8Array<ArrayBuffer> {
  const rows = values.length / columns;
  const turned = new Float32Array(values.length);
  values.forEach((value, i) => {
    turned[(i % columns) * rows + Math.floor(i / columns)] = value;
  });
  return new Uint8Array(turned.buffer);
}
