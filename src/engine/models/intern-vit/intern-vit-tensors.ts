import type { GgufFile, GgufTensor } from '../../formats/gguf.ts';
import {
  checkEncoderTensors,
  type EncoderSize,
  ExpectedTensors,
  positionTable,
} from '../encoder/encoder-tensors.ts';
import type { InternVitConfig } from './intern-vit-config.ts';

export const classEmbedding = 'v.class_embd';

/** Checks that an mmproj file holds exactly an InternViT's tensors with InternVL's projector. */
export function checkInternVitTensors(file: GgufFile, c: InternVitConfig): Map<string, GgufTensor> {
  // The position table may be of another tile size: it is interpolated.
  const isTable = ({ name, shape }: GgufTensor) =>
    name === positionTable && shape[0] === c.hidden && shape.length === 2;
  return checkEncoderTensors(file, c, expectInternVit(c), 'InternVL', isTable);
}

/** What a file of this size holds. */
export function expectInternVit(c: EncoderSize & Pick<InternVitConfig, 'projected'>): ExpectedTensors {
  const { hidden, projected, layers } = c;
  const expected = new ExpectedTensors();
  expected.encoder(c);
  expected.set(classEmbedding, [hidden]);
  for (let layer = 0; layer < layers; layer++) {
    for (const scale of ['ls1', 'ls2']) expected.set(`v.blk.${layer}.${scale}.weight`, [hidden]);
  }
  expected.norm('mm.model.mlp.0', 4 * hidden);
  expected.linear('mm.model.mlp.1', 4 * hidden, projected);
  expected.linear('mm.model.mlp.3', projected, projected);
  return expected;
}
