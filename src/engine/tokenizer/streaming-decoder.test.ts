import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadNanoVocabulary } from '../../../test/support/vocabularies.ts';
import { createStreamingDecoder } from './streaming-decoder.ts';
import { createTokenizer, type Tokenizer } from './tokenizer.ts';

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = createTokenizer(await loadNanoVocabulary());
});

interface Streamed {
  texts: string[];
  stopped: boolean;
}

function stream(ids: number[], stopStrings: string[] = [], stripLeadingSpace = true): Streamed {
  const decoder = createStreamingDecoder(tokenizer, { stopStrings, stripLeadingSpace });
  const results = ids.map(id => decoder.push(id));
  return {
    texts: [...results.map(({ text }) => text), decoder.finish()],
    stopped: results.at(-1)?.stopped ?? false,
  };
}

/** One token a byte, so that every border falls everywhere. */
function byteIds(text: string): number[] {
  return [...new TextEncoder().encode(text)].map(byteId);
}

function byteId(byte: number): number {
  return tokenizer.idOf(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`)!;
}

const anyIds = fc.array(fc.oneof(fc.integer({ min: 0, max: 4095 }), fc.integer({ min: 3, max: 258 })), {
  maxLength: 60,
});

describe('streaming decoder', () => {
  it('says in pieces what decode says at once, for any ids', () => {
    fc.assert(
      fc.property(anyIds, fc.boolean(), (ids, stripLeadingSpace) => {
        const { texts } = stream(ids, [], stripLeadingSpace);
        expect(texts.join('')).toBe(tokenizer.decode(ids, { stripLeadingSpace }));
      }),
      { numRuns: 1000 },
    );
  });

  it('never splits a character', () => {
    const { texts } = stream(byteIds('é 💊 中文'));
    expect(texts.join('')).toBe('é 💊 中文');
    for (const text of texts) expect(text).not.toMatch(/\ufffd|\p{Surrogate}/u);
  });

  it('replaces broken bytes only once nothing can mend them', () => {
    expect(stream([byteId(0xf0), byteId(0x9f), byteId(0x41)]).texts).toEqual(['', '', '\ufffdA', '']);
    expect(stream([byteId(0xf0), byteId(0x9f)]).texts).toEqual(['', '', '\ufffd']);
    expect(stream([byteId(0x80)]).texts.join('')).toBe('\ufffd');
  });

  it('keeps a byte order mark and drops one leading space at most', () => {
    expect(stream(byteIds('\ufeffa')).texts.join('')).toBe('\ufeffa');
    expect(stream([1, ...tokenizer.encode(' x')]).texts.join('')).toBe(' x');
    expect(stream(tokenizer.encode('x'), [], false).texts.join('')).toBe(' x');
  });

  it('says nothing for control pieces', () => {
    expect(stream([1, 2, 1]).texts).toEqual(['', '', '', '']);
  });

  it('cuts at a stop string that lies across tokens', () => {
    const { texts, stopped } = stream(tokenizer.encode('Yes.\n\n### Instruction:\nNext'), [
      '### Instruction:',
    ]);
    expect(texts.join('')).toBe('Yes.\n\n');
    expect(stopped).toBe(true);
  });

  it('holds back what could begin a stop string, and lets it go when it does not', () => {
    const decoder = createStreamingDecoder(tokenizer, { stopStrings: ['###Q'], stripLeadingSpace: false });
    const said = byteIds('a##b###').map(id => decoder.push(id).text);
    expect(said).toEqual(['a', '', '', '##b', '', '', '']);
    expect(decoder.finish()).toBe('###');
    expect(decoder.finish()).toBe('');
  });

  it('stays silent after a stop', () => {
    const decoder = createStreamingDecoder(tokenizer, { stopStrings: ['ab'], stripLeadingSpace: false });
    const said = byteIds('xabyz').map(id => decoder.push(id));
    expect(said.map(({ text }) => text).join('')).toBe('x');
    expect(said.at(-1)).toEqual({ text: '', stopped: true });
    expect(decoder.finish()).toBe('');
  });

  it('ignores an empty stop string', () => {
    expect(stream(byteIds('abc'), ['']).texts.join('')).toBe('abc');
  });

  it('cuts at the stop string completed first, however the text was cut into tokens', () => {
    const letters = fc
      .array(fc.constantFrom('a', 'b', 'c', '💊'), { maxLength: 14 })
      .map(parts => parts.join(''));
    const stops = fc.array(
      letters.filter(stop => stop !== ''),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(letters, stops, (text, stopStrings) => {
        let expected = text;
        for (let end = 1; end <= text.length && expected === text; end++) {
          const done = stopStrings
            .filter(stop => text.slice(0, end).endsWith(stop))
            .map(stop => end - stop.length);
          if (done.length > 0) expected = text.slice(0, Math.min(...done));
        }
        expect(stream(byteIds(text), stopStrings).texts.join('')).toBe(expected);
        expect(stream(tokenizer.encode(text), stopStrings).texts.join('')).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });
});
