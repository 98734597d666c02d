import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledModel } from '../../../test/support/data.ts';
import { computeAdapters, openDevice } from '../../../test/support/gpu.ts';
import { bytesSource } from '../formats/byte-source.ts';
import type { WebGpuDevice } from '../gpu/device.ts';
import { type LanguageModel, loadModel } from '../loading/load-model.ts';
import { greedySampling, type SamplingSettings } from '../types/sampling.ts';
import { generateTokens } from './generate.ts';
import { textPrompt } from './prompt.ts';

const creations = [
  'createBindGroup',
  'createBindGroupLayout',
  'createBuffer',
  'createComputePipeline',
  'createComputePipelineAsync',
  'createPipelineLayout',
  'createQuerySet',
  'createShaderModule',
  'createTexture',
] as const;

/** What a run asked of the device, between the first token and the last. */
interface Ledger {
  created: string[];
  /** Sizes in bytes of the buffers that were mapped. */
  readbacks: number[];
  passes: number;
  submits: number;
}

/** Writes down every call until `stop`. */
function watchDevice(device: WebGpuDevice): { ledger: Ledger; stop: () => void } {
  const { gpu } = device;
  const ledger: Ledger = { created: [], readbacks: [], passes: 0, submits: 0 };
  const undo: (() => void)[] = [];
  function spy<T extends object, K extends keyof T & string>(target: T, name: K, note: (self: T) => void) {
    const own = Object.getOwnPropertyDescriptor(target, name);
    const original = target[name] as (...args: unknown[]) => unknown;
    Object.defineProperty(target, name, {
      configurable: true,
      value(this: T, ...args: unknown[]) {
        note(this);
        return original.apply(this, args);
      },
    });
    undo.push(() => {
      if (own) Object.defineProperty(target, name, own);
      else Reflect.deleteProperty(target, name);
    });
  }
  for (const name of creations) spy(gpu, name, () => ledger.created.push(name));
  spy(gpu.queue, 'submit', () => ledger.submits++);
  spy(GPUBuffer.prototype, 'mapAsync', buffer => ledger.readbacks.push(buffer.size));
  spy(GPUCommandEncoder.prototype, 'beginComputePass', () => ledger.passes++);
  return {
    ledger,
    stop: () => {
      for (const each of undo) each();
    },
  };
}

const sampled: SamplingSettings = { ...greedySampling, temperature: 0.8, topK: 40, topP: 0.95, seed: 7 };
const tokens = 16;

describe.skipIf(!computeAdapters.length).each(computeAdapters)('a decoded token on %s', adapter => {
  let device: WebGpuDevice;
  let model: LanguageModel;
  beforeAll(async () => {
    device = await openDevice(adapter);
    const source = bytesSource(readFileSync(bundledModel));
    model = await loadModel(device, source, { precision: 'f32', contextTokens: 256 });
  });
  afterAll(() => device.destroy());

  // Without a cut, every token of the vocabulary may be drawn: all logits are read, through the same buffer every time.
  it.each<[string, SamplingSettings, number]>([
    ['greedy', greedySampling, 1024],
    ['sampled', sampled, 1024],
    ['penalised', { ...greedySampling, repetitionPenalty: 1.1 }, 1024],
    ['sampled without a cut', { ...sampled, topK: 0, topP: 1 }, 4 * 4096],
  ])(
    '%s: no GPU object, one pass, one readback of at most so many bytes',
    async (_, sampling, mostReadback) => {
      const ids = model.tokenizer.encode('What is asthma?', { addBos: true });
      let watched: ReturnType<typeof watchDevice> | undefined;
      let generated = 0;
      const heldBytes = device.memory.bytes;
      try {
        await generateTokens(model, textPrompt(ids), {
          sampling,
          maxTokens: tokens,
          stopIds: new Set(),
          onToken: () => {
            generated++;
            watched ??= watchDevice(device);
            return true;
          },
        });
      } finally {
        watched?.stop();
      }
      const { created, readbacks, passes, submits } = watched!.ledger;
      expect(generated).toBe(tokens);
      expect(created).toEqual([]);
      expect(Math.max(...readbacks)).toBeLessThanOrEqual(mostReadback);
      expect(readbacks.length).toBeLessThanOrEqual(tokens);
      expect(passes).toBeLessThanOrEqual(tokens);
      // Of a token from all logits: the step, and the copy of what it left.
      expect(submits).toBeLessThanOrEqual(mostReadback > 1024 ? 2 * tokens : tokens);
      expect(device.memory.bytes).toBe(heldBytes);
    },
  );
});
