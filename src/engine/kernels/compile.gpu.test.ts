import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDevice, openGpu } from '../../../test/support/gpu.ts';
import { acquireDevice, type EngineDevice } from '../gpu/device.ts';
import type { PipelineSpec } from '../gpu/pipelines.ts';
import { gpuFormats } from '../quant/gpu-formats.ts';
import { precisions } from '../types.ts';
import { attentionDecodeSpecs, attentionPrefillSpec, ropeAppendSpec } from './attention.ts';
import { encoderAttentionSpec } from './encoder-attention.ts';
import { gatherSpec } from './gather.ts';
import { halfNormSpec } from './half-norm.ts';
import { keyScoresSpecs } from './key-scores.ts';
import { layerNormSpec } from './layer-norm.ts';
import { epilogueNames, matmulSpec } from './matmul.ts';
import { matvecForms, matvecSpec } from './matvec.ts';
import { definePackedBytes } from './packed-bytes.ts';
import { rmsNormSpec } from './rms-norm.ts';
import { argmaxSpec, topKSpec } from './sample.ts';
import { siluMulSpec } from './silu-mul.ts';
import { patchesSpec, pixelShuffleSpec, positionsSpec } from './vision.ts';

const shape = { heads: 40, kvHeads: 8, headDim: 128, ropeDimensions: 128, pages: 32 };

/** Every kernel in every variant that the product can build. */
function everySpec(): [string, PipelineSpec][] {
  const specs: [string, PipelineSpec][] = [];
  for (const format of Object.values(gpuFormats)) {
    specs.push([`gather ${format.name}`, gatherSpec(format)]);
    for (const lanes of [undefined, 4, 8] as const) {
      const variant = { subgroups: true, f16: false, lanes };
      for (const epilogue of epilogueNames) {
        const name = `matmul ${format.name} ${epilogue} ${lanes ?? 'GPU'}`;
        specs.push([name, matmulSpec(format, variant, epilogue)]);
      }
    }
    for (const form of matvecForms) {
      for (const variant of [
        { subgroups: false, f16: false },
        { subgroups: true, f16: false },
        { subgroups: true, f16: false, lanes: 4 as const },
        { subgroups: true, f16: false, lanes: 8 as const },
      ]) {
        const name = `matvec ${format.name} ${JSON.stringify({ ...form, ...variant })}`;
        specs.push([name, matvecSpec(format, variant, form)]);
      }
    }
  }
  for (const subgroups of [false, true]) {
    for (const lastToken of [false, true]) {
      const name = `rms-norm last ${lastToken} subgroups ${subgroups}`;
      specs.push([name, rmsNormSpec({ subgroups, f16: false }, lastToken)]);
    }
    specs.push([`half-norm subgroups ${subgroups}`, halfNormSpec({ subgroups, f16: false })]);
    specs.push([`layer-norm subgroups ${subgroups}`, layerNormSpec({ subgroups, f16: false })]);
  }
  for (const cache of precisions) {
    for (const isSoftware of [false, true]) {
      for (const kvHeads of [8, 10, 40]) {
        const [split, reduce] = attentionDecodeSpecs({ ...shape, kvHeads, cache }, { isSoftware });
        const name = `${cache}, ${kvHeads} heads of keys, software ${isSoftware}`;
        specs.push([`attention-decode ${name}`, split], [`attention-reduce ${name}`, reduce]);
      }
    }
    specs.push([`attention-prefill ${cache}`, attentionPrefillSpec({ ...shape, cache })]);
    const [scores, total] = keyScoresSpecs({ ...shape, cache });
    specs.push([`key-scores ${cache}`, scores], [`key-scores-reduce ${cache}`, total]);
    specs.push([`rope-append ${cache}`, ropeAppendSpec({ ...shape, cache })]);
  }
  specs.push(['silu-mul', siluMulSpec()], ['argmax', argmaxSpec()]);
  specs.push(['top-k logits', topKSpec('from_logits')], ['top-k candidates', topKSpec('from_candidates')]);
  specs.push(['attention-encoder', encoderAttentionSpec({ heads: 16, headDim: 64, positions: 1025 })]);
  specs.push(['patches', patchesSpec()], ['positions', positionsSpec()]);
  specs.push(['pixel-shuffle', pixelShuffleSpec()]);
  return specs;
}

// Dawn's null backend runs the whole WGSL compiler and pipeline validation with no GPU and no driver.
describe('every kernel compiles in every variant', () => {
  let device: EngineDevice;
  beforeAll(async () => {
    device = await openDevice('null');
  });
  afterAll(() => device.destroy());

  it.each(everySpec())('%s', async (_, spec) => {
    await device.pipelines.get(spec);
    expect(device.failed).toBe(false);
  });
});

// A browser whose WGSL does not name the packed-byte functions (Chrome before 123, some Safari) gets them with each kernel.
describe('every kernel that packs bytes compiles with its own functions for it', () => {
  let device: EngineDevice;
  beforeAll(async () => {
    const gpu = await openGpu('null');
    device = await acquireDevice({
      requestAdapter: () => gpu.requestAdapter(),
      wgslLanguageFeatures: new Set(),
    } as unknown as GPU);
  });
  afterAll(() => device.destroy());

  it.each(everySpec().filter(([, { code }]) => definePackedBytes(code) !== code))('%s', async (_, spec) => {
    await device.pipelines.get(spec);
    expect(device.failed).toBe(false);
  });
});
