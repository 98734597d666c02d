import { type AnswerRecord, greedySampling, packIds } from '../../src/client/index.ts';

/** What an answer of a model named Seer was made of. */
export function sampleAnswerRecord(
  conversationId: string,
  id: string,
  changes: Partial<AnswerRecord> = {},
): AnswerRecord {
  return {
    v: 1,
    id,
    conversationId,
    askedAt: 2000,
    product: { version: '0.1.0', build: 'index-abc' },
    model: {
      name: 'Seer',
      key: 'sha256:abab',
      quantisation: 'Q4_K_M',
      parameterCount: 2_000_000_000,
      sha256: ['ab'.repeat(32)],
    },
    device: {
      computedOn: { kind: 'gpu', adapter: 'test gpu' },
      precision: 'f16',
      variant: 'subgroups, 16-bit KV cache',
      forms: ['matvec 2048: wide'],
    },
    request: {
      template: 'chatml',
      system: 'Be brief.',
      includeHistory: true,
      templateOptions: { enable_thinking: false },
      date: 1000,
      sampling: { ...greedySampling, seed: 7 },
      maxTokens: 400,
      thoughtTokens: 1024,
      tiling: { mode: 'msac', preset: 'demo' },
      compressImages: true,
      begunTokens: 0,
    },
    prompt: {
      parts: [
        { text: '<|im_start|>user\n', special: true },
        { text: 'What is <b>this</b>?', special: false },
      ],
      ids: packIds([1, 5, ...Array.from({ length: 128 }, () => 9), 6]),
      contextTokens: 2048,
      droppedMessages: 0,
    },
    answer: {
      ids: packIds([11, 12, 12, 13]),
      stopReason: 'end',
      usage: {
        promptTokens: 131,
        cachedTokens: 0,
        generatedTokens: 4,
        prefillMs: 20,
        timeToFirstTokenMs: 25,
        decodeMs: 100,
        tokensPerSecond: 40,
      },
    },
    ...changes,
  };
}
