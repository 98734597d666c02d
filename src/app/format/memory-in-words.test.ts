import { expect, test } from 'vitest';
import { modelPlan } from '../testing/fixtures.ts';
import {
  contextBorderInWords,
  largestPieceInWords,
  memoryLimitInWords,
  memoryRows,
} from './memory-in-words.ts';

test('the rows add up to the total, with an image encoder and without', () => {
  const sum = (rows: [string, number][]) => rows.reduce((total, [, bytes]) => total + bytes, 0);
  const rows = memoryRows(modelPlan);
  expect(rows.map(([part]) => part)).toEqual([
    'Weights',
    'Conversation memory (2,048 tokens, 32-bit)',
    'Working memory',
  ]);
  expect(sum(rows)).toBe(modelPlan.memory.total);
  const { memory } = modelPlan;
  const vision = { visionWeights: 70, visionActivations: 30 };
  const seeing = memoryRows({
    ...modelPlan,
    precision: 'f16',
    memory: { ...memory, ...vision, total: memory.total + 100 },
  });
  expect(seeing.at(-1)).toEqual(['Image encoder', 100]);
  expect(seeing[1]![0]).toBe('Conversation memory (2,048 tokens, 16-bit)');
  expect(sum(seeing)).toBe(memory.total + 100);
});

test('says which piece a device does not accept, and what to do', () => {
  expect(memoryLimitInWords(modelPlan)).toBeNull();
  expect(largestPieceInWords(modelPlan)).toBe(
    'Largest single piece: 524 kB of the conversation memory; this device accepts 134 MB.',
  );
  const largest = { part: 'weights', name: 'output.weight', bytes: 2e8, limitBytes: 1e8 } as const;
  expect(memoryLimitInWords({ ...modelPlan, largest })).toBe(
    'The largest single piece (output.weight, 200 MB of the weights) is more than this device accepts in one piece ' +
      '(100 MB). Use another device, or a smaller model.',
  );
});

test('says when a device has room for less conversation than was asked for', () => {
  expect(memoryLimitInWords({ ...modelPlan, wantedContextTokens: 8192 })).toContain(
    'room for 2,048 of 8,192 tokens',
  );
});

test('says where a model is held to less than its file says', () => {
  expect(contextBorderInWords(modelPlan)).toBeNull();
  expect(contextBorderInWords({ heldTo: { tokens: 4096, ofTokens: 131_072 } })).toBe(
    'It reads up to 4,096 tokens here, of the 131,072 that its file says: past that, all would be read again in another way.',
  );
});
