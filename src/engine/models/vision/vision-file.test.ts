import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type MetadataEntry, type WriterTensor, writeGguf } from '../../../../test/support/gguf-writer.ts';
import {
  hidden,
  mmprojProperties,
  mmprojTensor,
  mmprojTensors,
  wide,
} from '../../../../test/support/mmproj.ts';
import { bytesSource } from '../../formats/byte-source.ts';
import { dequantizeTensor } from '../../quant/dequantize.ts';
import { readVisionFile } from './vision-file.ts';

const folder = new URL('../../../../public/models/', import.meta.url);
const bundled = readFileSync(new URL('nano-vqa/nano-vqa-mmproj-f16.gguf', folder));

const read = (metadata: MetadataEntry[], list: WriterTensor[]) =>
  readVisionFile(bytesSource(writeGguf({ metadata, tensors: list })));

describe('an mmproj file', () => {
  it('of the bundled model', async () => {
    const { config, info, matrixTypes } = await readVisionFile(bytesSource(bundled));
    expect(config).toMatchObject({
      tileSize: 112,
      positions: 65,
      tokensPerTile: 16,
      projected: 256,
      layers: 4,
    });
    expect(config.epsilon).toBeCloseTo(1e-6, 9);
    expect(info.tensorTypes).toEqual(['F16', 'F32']);
    expect([...matrixTypes]).toEqual(['F16']);
  });

  it('with fused projections is split into rows of q, k and v', async () => {
    const list = mmprojTensors().filter(({ name }) => !/attn_[qkv]\./.test(name));
    const fused = mmprojTensor('v.blk.0.attn_qkv.weight', hidden, 3 * hidden);
    const bytes = writeGguf({
      metadata: mmprojProperties(),
      tensors: [...list, fused, mmprojTensor('v.blk.0.attn_qkv.bias', 3 * hidden)],
    });
    const { tensors: found } = await readVisionFile(bytesSource(bytes));
    const all = new Float32Array(fused.data.slice().buffer);
    for (const [i, letter] of ['q', 'k', 'v'].entries()) {
      const { type, offset, bytes: size, shape } = found.get(`v.blk.0.attn_${letter}.weight`)!;
      expect(shape).toEqual([hidden, hidden]);
      const rows = dequantizeTensor(type, bytes.subarray(offset, offset + size));
      expect(rows).toEqual(all.subarray(i * hidden * hidden, (i + 1) * hidden * hidden));
    }
    expect(found.get('v.blk.0.attn_v.bias')!.shape).toEqual([hidden]);
  });

  it.each(['before', 'after'])('with fused projections %s single ones is refused', async place => {
    const fused = mmprojTensor('v.blk.0.attn_qkv.weight', hidden, 3 * hidden);
    const list = place === 'before' ? [fused, ...mmprojTensors()] : [...mmprojTensors(), fused];
    await expect(read(mmprojProperties(), list)).rejects.toMatchObject({
      code: 'invalid-model',
      message: expect.stringContaining('"v.blk.0.attn_q.weight" is there twice'),
    });
  });

  it('with up and down swapped, as old converters wrote them, is told apart by shape', async () => {
    const swap = (name: string) =>
      name.replace(/ffn_(up|down)/, (_, which: string) => (which === 'up' ? 'ffn_down' : 'ffn_up'));
    const list = mmprojTensors().map(each => ({ ...each, name: swap(each.name) }));
    const { tensors: found } = await read(mmprojProperties(), list);
    expect(found.get('v.blk.0.ffn_up.weight')!.shape).toEqual([hidden, wide]);
    expect(found.get('v.blk.0.ffn_up.bias')!.shape).toEqual([wide]);
    expect(found.get('v.blk.0.ffn_down.weight')!.shape).toEqual([wide, hidden]);
  });

  it.each([
    ['another projector', { 'clip.projector_type': 'ldp' }, 'unsupported-model'],
    ['a language model', { 'general.architecture': 'llama' }, 'unsupported-model'],
    ['an odd grid of patches', { 'clip.vision.image_size': 6 }, 'unsupported-model'],
    ['heads that do not divide', { 'clip.vision.attention.head_count': 3 }, 'unsupported-model'],
    ['no layers', { 'clip.vision.block_count': 0 }, 'invalid-model'],
    ['more layers than tensors', { 'clip.vision.block_count': 2 }, 'invalid-model'],
    ['another width', { 'clip.vision.projection_dim': 16 }, 'invalid-model'],
  ])('with %s is refused', async (_, changes, code) => {
    await expect(read(mmprojProperties(changes), mmprojTensors())).rejects.toMatchObject({ code });
  });

  it('with a tensor too many is refused', async () => {
    const extra = [...mmprojTensors(), mmprojTensor('v.blk.0.attn_q_norm.weight', hidden)];
    await expect(read(mmprojProperties(), extra)).rejects.toMatchObject({ code: 'unsupported-model' });
  });
});
