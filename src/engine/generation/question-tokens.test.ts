import { describe, expect, test } from 'vitest';
import { measureQuestion } from './question-tokens.ts';

/** Calls every word a token, and counts the characters that it was given. */
function countingModel(contextTokens = 64) {
  const seen: number[] = [];
  const model = {
    contextTokens,
    config: { name: 'nano' },
    tokenizer: {
      addsBos: true,
      encodeParts(parts: readonly { text: string }[], { addBos = false } = {}) {
        const text = parts.map(part => part.text).join('');
        seen.push(text.length);
        const words = text.split(/\s+/).filter(Boolean);
        return [...(addBos ? [1] : []), ...words.map((_, i) => i + 2)];
      },
    },
  } as unknown as Parameters<typeof measureQuestion>[0];
  return { model, seen };
}

describe('measureQuestion', () => {
  test('counts the question with the words of its template', () => {
    const { model } = countingModel();
    expect(measureQuestion(model, { template: 'raw', text: 'one two three' })).toEqual({
      tokens: 4,
      isExact: true,
      contextTokens: 64,
    });
    const withTemplate = measureQuestion(model, { template: 'pmc-llama', text: 'one two three' });
    expect(withTemplate.tokens).toBeGreaterThan(4);
    const withSystem = measureQuestion(model, {
      template: 'pmc-llama',
      system: 'Be brief.',
      text: 'one two three',
    });
    expect(withSystem.tokens).toBe(withTemplate.tokens + 2);
  });

  test('of a very long text it reads a part, and says about how many there are', () => {
    const { model, seen } = countingModel();
    const measure = measureQuestion(model, { template: 'raw', text: 'abc '.repeat(250_000) });
    expect(measure.isExact).toBe(false);
    expect(measure.tokens).toBeGreaterThan(249_000);
    expect(measure.tokens).toBeLessThan(251_000);
    expect(Math.max(...seen)).toBeLessThanOrEqual(32_768);
  });
});
