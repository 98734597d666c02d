/** A model with factors for short sequences and for long ones: held to the short side, and so said. */
import { expect, it } from 'vitest';
import { convertFolder, planFolder, writeGguf } from '../../../test/support/convert-folder.ts';
import { dataFile, readJson } from '../../../test/support/data.ts';
import { openProcessor } from '../../../test/support/processor.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { generateTokens } from '../generation/generate.ts';
import { textPrompt } from '../generation/prompt.ts';
import { greedySampling } from '../types/sampling.ts';
import { loadModel, planModel } from './load-model.ts';

const folder = dataFile('testdata/families/phi3-nano');
const border = 256;

/** phi3-nano as Phi-3.5 is written: 32 times as many positions as the short factors are for. */
async function phiWithLongRope(longFactor: number): Promise<Uint8Array> {
  const config = readJson<Record<string, unknown>>(`${folder}/config.json`);
  const dimensions = Number(config.hidden_size) / Number(config.num_attention_heads) / 2;
  const factors = (value: number) => Array.from({ length: dimensions }, () => value);
  const rope_scaling = { type: 'longrope', short_factor: factors(1), long_factor: factors(longFactor) };
  const changed = {
    ...config,
    max_position_embeddings: 32 * border,
    original_max_position_embeddings: border,
    rope_scaling,
  };
  const { text } = await planFolder(folder!, 'keep', false, { 'config.json': changed });
  return writeGguf(text);
}

it.skipIf(!folder)('Phi with LongRoPE: a conversation ends at the border (needs BEDSIDE_DATA)', async () => {
  const device = await openProcessor();
  const source = bytesSource(await phiWithLongRope(4));
  const options = { precision: 'f32', contextTokens: 1024 } as const;
  const plan = await planModel(device.report, source, options);
  expect(plan).toMatchObject({
    contextTokens: border,
    wantedContextTokens: border,
    heldTo: { tokens: border, ofTokens: 32 * border },
  });
  const model = await loadModel(device, source, options);
  expect(model.info).toMatchObject({ contextTokens: border, identity: { contextTokens: 32 * border } });
  expect(model.info.plan).toEqual(plan);
  const ids = Array.from({ length: border - 10 }, (_, i) => 300 + (i % 600));
  const settings = { sampling: greedySampling, stopIds: new Set<number>(), maxTokens: 100 };
  const { ids: written, stopReason } = await generateTokens(model, textPrompt(ids), settings);
  expect([written.length, stopReason]).toEqual([10, 'context-full']);
  await expect(generateTokens(model, textPrompt([...ids, ...ids]), settings)).rejects.toMatchObject({
    code: 'context-full',
  });
  // The factors for long sequences touch nothing.
  const other = await loadModel(await openProcessor(), bytesSource(await phiWithLongRope(16)), options);
  expect((await generateTokens(other, textPrompt(ids), settings)).ids).toEqual(written);
  for (const { device } of [model, other]) device.destroy();
});

it.skipIf(!folder)('nothing is said of a model that is held to nothing (needs BEDSIDE_DATA)', async () => {
  const device = await openProcessor();
  const source = bytesSource(await convertFolder(folder!, 'keep'));
  const plan = await planModel(device.report, source, { precision: 'f32' });
  expect(plan.heldTo).toBeUndefined();
  device.destroy();
});
