import { describe, expect, it } from 'vitest';
import { llamaWork } from '../models/llama/llama-work.ts';
import { visionWork } from '../models/vision/vision-work.ts';
import type { DeviceReport, ProcessorRates } from '../types/device.ts';
import {
  mayBeSlower,
  paceOn,
  secondsOfImages,
  secondsOfPrompt,
  secondsOfToken,
  tempoOf,
} from './estimate-pace.ts';

const nanoChat = llamaWork(
  {
    layers: 6,
    hidden: 256,
    heads: 4,
    kvHeads: 4,
    headDim: 64,
    feedForward: 768,
    vocabulary: 4096,
  },
  1.0625,
);
const smolLm2 = llamaWork(
  {
    layers: 30,
    hidden: 576,
    heads: 9,
    kvHeads: 3,
    headDim: 64,
    feedForward: 1536,
    vocabulary: 49152,
  },
  1.125,
);
const sevenBillion = llamaWork(
  {
    layers: 32,
    hidden: 4096,
    heads: 32,
    kvHeads: 32,
    headDim: 128,
    feedForward: 11008,
    vocabulary: 32000,
  },
  0.5625,
);
const internVit = visionWork({
  kind: 'intern-vit',
  side: 32,
  layers: 24,
  hidden: 1024,
  feedForward: 4096,
  patchSize: 14,
  positions: 1025,
  tokensPerTile: 256,
  projected: 2048,
});

const rates = (weights: number, multiplyAdds: number): ProcessorRates => ({
  weightsPerSecond: weights,
  multiplyAddsPerSecond: multiplyAdds,
});
const deviceWith = (measured: ProcessorRates): Pick<DeviceReport, 'processor'> => ({
  processor: { threads: 1, hasRelaxedSimd: false, activationBits: 32, rates: measured },
});

describe('the work of a model', () => {
  it('is its matrices, by hand', () => {
    // Of a layer: four of 256 x 256, three of 256 x 768.
    expect(nanoChat).toEqual({
      layerWeights: 6 * (4 * 65_536 + 3 * 196_608),
      headWeights: 1_048_576,
      bytesPerWeight: 1.0625,
      attention: 6 * 2 * 256,
      cached: 6 * 2 * 256,
    });
    // Of a layer: q and output of 576 x 576, k and v of 576 x 192, three of 576 x 1536.
    expect(smolLm2.layerWeights).toBe(30 * (2 * 331_776 + 2 * 110_592 + 3 * 884_736));
    expect(smolLm2.headWeights).toBe(28_311_552);
  });

  it('is the parameters of the model, but for norms and an embedding that is not its head', () => {
    // SmolLM2 has its embedding as its head; of PMC-LLaMA 7B the head is a matrix of its own.
    const norms = (layers: number, hidden: number) => (2 * layers + 1) * hidden;
    expect(smolLm2.layerWeights + smolLm2.headWeights).toBe(134_515_008 - norms(30, 576));
    const { layerWeights, headWeights } = sevenBillion;
    expect(layerWeights + 2 * headWeights).toBe(6_738_415_616 - norms(32, 4096));
  });

  it('of a tile is that of InternViT-300M: 0.73 TFLOP', () => {
    expect((2 * internVit.multiplyAdds) / 1e12).toBeCloseTo(0.73, 2);
    expect(internVit.tokens).toBe(256);
  });
});

describe('an estimate', () => {
  it('of a token is its weights by their rate, and what it looks back on', () => {
    expect(secondsOfToken(sevenBillion, rates(6.6e9, 1), 0)).toBeCloseTo(1.0, 2);
    const at = (positions: number) => secondsOfToken(smolLm2, rates(1e9, 1), positions);
    expect(at(1100) - at(100)).toBeCloseTo((3.4 * 1000 * 30 * 2 * 192) / 1e9, 9);
  });

  it('lies between what only arithmetic would take and what only reading would', () => {
    const [four, sixteen] = [0.5625, 2.25].map(bytesPerWeight =>
      secondsOfToken({ ...sevenBillion, bytesPerWeight }, rates(5e9, 1), 0),
    );
    expect(sixteen! / four!).toBeCloseTo(2, 3);
  });

  it('of a prompt has the head once, and attention by its square', () => {
    const only = { ...smolLm2, bytesPerWeight: 0.5625, attention: 0 };
    const one = secondsOfPrompt(only, rates(1e9, 1e10), 0);
    expect(one).toBeCloseTo(0.0283, 4);
    expect(secondsOfPrompt(only, rates(1e9, 1e10), 100) - one).toBeCloseTo(100 * 0.010617, 3);
    const looking = (tokens: number) =>
      secondsOfPrompt({ ...only, attention: smolLm2.attention }, rates(1e9, 1e10), tokens) -
      secondsOfPrompt(only, rates(1e9, 1e10), tokens);
    expect(looking(2000) / looking(1000)).toBeCloseTo(4, 9);
  });

  it('of images is their tiles and the reading of what they become', () => {
    const work = { ...sevenBillion, tile: internVit };
    const at = rates(1e9, 2e10);
    const [one, three] = [1, 3].map(tiles => secondsOfImages(work, at, { tiles, tokens: 256 }));
    expect(three! - one!).toBeCloseTo((2 * internVit.multiplyAdds) / 2e10, 6);
    expect(one).toBeCloseTo(internVit.multiplyAdds / 2e10 + secondsOfPrompt(work, at, 256), 6);
    expect(secondsOfImages(sevenBillion, at, { tiles: 3, tokens: 0 })).toBe(0);
  });
});

describe('the pace on a device', () => {
  it.each([
    [5e9, 'slow'],
    [30e9, 'comfortable'],
    [2e9, 'too-slow'],
  ] as const)('of 7 billion weights at %d a second: %s', (weightsPerSecond, tempo) => {
    const pace = paceOn(deviceWith(rates(weightsPerSecond, 4 * weightsPerSecond)), sevenBillion);
    expect(pace).toMatchObject({ tempo, tokenSeconds: expect.closeTo(6.83e9 / weightsPerSecond, 1) });
  });

  it('is not known of a GPU, nor where nothing was measured', () => {
    expect(paceOn({}, sevenBillion)).toBeNull();
    expect(paceOn(deviceWith(rates(0, 0)), sevenBillion)).toBeNull();
    expect(mayBeSlower(deviceWith(rates(0, 0)), 1e12, 'comfortable')).toBe(false);
    expect(mayBeSlower({}, 1e12, 'comfortable')).toBe(false);
  });

  it('is still accepted at the limit itself', () => {
    expect([0.25, 0.26, 3, 3.01].map(tempoOf)).toEqual(['comfortable', 'slow', 'slow', 'too-slow']);
  });

  it('is settled by the size of a small file', () => {
    const device = deviceWith(rates(1e9, 4e9));
    expect(mayBeSlower(device, 80e6, 'comfortable')).toBe(false);
    expect(mayBeSlower(device, 90e6, 'comfortable')).toBe(true);
    expect(mayBeSlower(device, 900e6, 'slow')).toBe(false);
    expect(mayBeSlower(device, 1e9, 'slow')).toBe(true);
    expect(mayBeSlower(device, 1e12, 'too-slow')).toBe(false);
  });
});
