import { describe, expect, it } from 'vitest';
import { listPieces } from '../../../test/support/checkpoint-tokenizer.ts';
import { seededRandom } from '../../../test/support/random.ts';
import { writeSentencePieceModel } from '../../../test/support/sentencepiece-writer.ts';
import { BedsideError } from '../errors.ts';
import { parseSentencePieceModel } from './sentencepiece-model.ts';

const pieces = listPieces();
const file = writeSentencePieceModel({ pieces, addDummyPrefix: false });

describe('a SentencePiece model', () => {
  it('gives its pieces, scores and types in order', () => {
    const model = parseSentencePieceModel(file);
    expect(model.pieces).toEqual(pieces.map(({ text, score = 0, type = 1 }) => ({ text, score, type })));
    expect(model.addDummyPrefix).toBe(false);
    expect(model.isNormalizing).toBe(false);
  });

  it('puts a space before texts unless it says otherwise', () => {
    expect(parseSentencePieceModel(writeSentencePieceModel({ pieces })).addDummyPrefix).toBe(true);
  });

  it('tells that it rewrites text', () => {
    const rewriting = writeSentencePieceModel({ pieces, removeExtraWhitespaces: true });
    expect(parseSentencePieceModel(rewriting).isNormalizing).toBe(true);
  });

  it('skips fields that it does not know', () => {
    // Field 99 as a varint of ten bytes (-1), field 98 as 8 bytes, field 97 as 4.
    const unknown = [
      0x98,
      0x06,
      ...Array<number>(9).fill(0xff),
      0x01,
      0x91,
      0x06,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      0x8d,
      0x06,
      1,
      2,
      3,
      4,
    ];
    expect(parseSentencePieceModel(Uint8Array.from([...unknown, ...file])).pieces).toHaveLength(
      pieces.length,
    );
  });

  it('is refused where it is a unigram model, or empty', () => {
    const codeOf = (bytes: Uint8Array) => {
      try {
        parseSentencePieceModel(bytes);
      } catch (error) {
        return error instanceof BedsideError ? error.code : String(error);
      }
      return 'parsed';
    };
    expect(codeOf(writeSentencePieceModel({ pieces, algorithm: 1 }))).toBe('unsupported-model');
    expect(codeOf(new Uint8Array(0))).toBe('invalid-model');
    expect(codeOf(file.subarray(0, file.length - 1))).toBe('invalid-model');
    expect(codeOf(new TextEncoder().encode('version https://git-lfs.github.com/spec/v1'))).toBe(
      'invalid-model',
    );
  });

  it('of 2,000 damaged copies is read or refused with a reason', () => {
    const random = seededRandom(6);
    for (let round = 0; round < 2000; round++) {
      const bytes = file.slice(0, random() < 0.2 ? Math.floor(random() * file.length) : file.length);
      for (let hit = 0; hit < 4; hit++) bytes[Math.floor(random() * bytes.length)] = random() * 256;
      try {
        parseSentencePieceModel(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(BedsideError);
      }
    }
  });
});
