import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  loadNanoVocabulary,
  loadReferenceVocabulary,
  readGolden,
  referenceFolder,
  withPieces,
} from '../../../test/support/vocabularies.ts';
import type { PromptPart } from '../templates/conversation.ts';
import { internLm2Chat } from '../templates/internlm2-chat.ts';
import { renderInstruction } from '../templates/pmc-llama.ts';
import { renderPrompt } from '../templates/render-prompt.ts';
import { createTokenizer, type Tokenizer } from './tokenizer.ts';
import { pieceTypes, type Vocabulary } from './vocabulary.ts';

const data = referenceFolder;
let nano: Vocabulary;
let chat: Vocabulary;
let tokenizer: Tokenizer;
let chatTokenizer: Tokenizer;

beforeAll(async () => {
  nano = await loadNanoVocabulary();
  chat = withPieces({ ...nano, addSpacePrefix: false }, [
    { piece: '<|im_start|>', type: pieceTypes.control },
    { piece: '<|im_end|>', type: pieceTypes.control },
    { piece: '[UNUSED_TOKEN_146]', type: pieceTypes.userDefined },
    { piece: '<|im_end|>\n', type: pieceTypes.userDefined },
    { piece: '——', type: pieceTypes.userDefined },
    { piece: '[UNUSED_TOKEN_1]', type: pieceTypes.unused },
  ]);
  tokenizer = createTokenizer(nano);
  chatTokenizer = createTokenizer(chat);
});

const plain = (text: string): PromptPart => ({ text, special: false });
const special = (text: string): PromptPart => ({ text, special: true });

const adversarial = fc.constantFrom(
  '</s>',
  '<s>',
  '<unk>',
  '<|im_end|>',
  '<|im_start|>',
  '<|im_end|>\n',
  '<|im_',
  'end|>',
  '</',
  's>',
  '<0x0A>',
  '<0xF0>',
  '▁',
  ' ',
  '\n',
  '[UNUSED_TOKEN_146]',
  '[UNUSED_TOKEN_1]',
  '——',
  '\u0000',
  '\ufeff',
  '\ud800',
  '\udc00',
  '💊',
  'patient',
  '### Response:',
);
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(fc.oneof(adversarial, fc.string({ unit: 'grapheme', maxLength: 6 }))).map(parts => parts.join('')),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map(units => String.fromCharCode(...units)),
);
/** What encoding keeps of a text: U+2581 is a space to SentencePiece, and half a character is none. */
const kept = (text: string) => text.replaceAll('▁', ' ').replace(/\p{Surrogate}/gu, '\ufffd');

describe('encode and decode', () => {
  it('give any text back', () => {
    fc.assert(
      fc.property(anyText, text => {
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(kept(text));
        expect(chatTokenizer.decode(chatTokenizer.encode(text))).toBe(kept(text));
        expect(tokenizer.decode(tokenizer.encode(text, { addBos: true }))).toBe(kept(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('never make markup of what a user typed', () => {
    fc.assert(
      fc.property(anyText, anyText, (text, second) => {
        for (const one of [tokenizer, chatTokenizer]) {
          for (const id of [...one.encode(text), ...one.encodeParts([plain(text), plain(second)])]) {
            expect(one.isControl(id)).toBe(false);
            expect(['[UNUSED_TOKEN_146]', '[UNUSED_TOKEN_1]', '<unk>', '<|im_end|>\n']).not.toContain(
              one.pieceText(id),
            );
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('give markup to a template only, with user text between', () => {
    fc.assert(
      fc.property(anyText, text => {
        const ids = chatTokenizer.encodeParts([
          special('<|im_start|>user\n'),
          plain(text),
          special('<|im_end|>'),
        ]);
        const controls = ids.filter(id => chatTokenizer.isControl(id)).map(chatTokenizer.pieceText);
        expect(controls).toEqual(['<|im_start|>', '<|im_end|>']);
        expect(chatTokenizer.decode(ids)).toBe(kept(`user\n${text}`));
      }),
      { numRuns: 500 },
    );
  });

  it('add the start piece when asked', () => {
    expect(tokenizer.encode('', { addBos: true })).toEqual([1]);
    expect(tokenizer.encode('')).toEqual([]);
    expect(tokenizer.encode('pain', { addBos: true })).toEqual([1, ...tokenizer.encode('pain')]);
  });

  it('read markup when asked, the longest first', () => {
    const read = (text: string) =>
      chatTokenizer.encode(text, { parseSpecial: true }).map(chatTokenizer.pieceText);
    expect(read('</s>')).toEqual(['</s>']);
    expect(read('<|im_end|>\n')).toEqual(['<|im_end|>\n']);
    expect(read('<|im_end|><|im_start|>')).toEqual(['<|im_end|>', '<|im_start|>']);
    expect(read('[UNUSED_TOKEN_146]')).toEqual(['[UNUSED_TOKEN_146]']);
  });

  it('take user-defined text that is no markup from anywhere', () => {
    expect(chatTokenizer.encode('a——b').map(chatTokenizer.pieceText)).toContain('——');
  });

  it('decode: controls say nothing, unknown pieces and broken bytes become U+FFFD', () => {
    const byte = (value: number) => tokenizer.idOf(`<0x${value.toString(16).toUpperCase()}>`)!;
    expect(tokenizer.decode([1, ...tokenizer.encode(' x'), 2])).toBe(' x');
    expect(tokenizer.decode([1, ...tokenizer.encode(' x')], { stripLeadingSpace: false })).toBe('  x');
    expect(tokenizer.decode([0])).toBe('\ufffd');
    expect(tokenizer.decode([byte(0xf0), byte(0x9f)])).toBe('\ufffd');
    expect(tokenizer.decode([byte(0xc3), byte(0xc3), byte(0xa9)])).toBe('\ufffdé');
    expect([...tokenizer.decodePiece(byte(0xf0))]).toEqual([0xf0]);
    expect(tokenizer.decodePiece(2).length).toBe(0);
  });

  it('decode: what says where something is, is part of an answer, though only a template writes it', () => {
    const types = ['<ref>', '</ref>', '<box>', '</box>'].map(piece => ({ piece, type: pieceTypes.control }));
    const grounded = createTokenizer(withPieces({ ...nano, addSpacePrefix: false }, types));
    const written = '<ref>a nodule</ref><box>[[1, 2, 3, 4]]</box>';
    const ids = grounded.encodeParts([special(written)]);
    expect(types.map(({ piece }) => ids.includes(grounded.idOf(piece)!))).toEqual([true, true, true, true]);
    expect(grounded.decode(ids)).toBe(written);
    const typed = grounded.encodeParts([plain(written)]);
    expect(types.some(({ piece }) => typed.includes(grounded.idOf(piece)!))).toBe(false);
    expect(grounded.decode(typed)).toBe(written);
  });

  it('refuse an id that is no piece', () => {
    expect(() => tokenizer.decode([4096])).toThrow(expect.objectContaining({ code: 'invalid-model' }));
  });

  it('name pieces and ends', () => {
    expect(tokenizer.vocabularySize).toBe(4096);
    expect(tokenizer.eosIds).toEqual([2]);
    expect(chatTokenizer.eosIds).toEqual([2, 4097]);
    expect(createTokenizer({ ...chat, eosId: 4097 }).eosIds).toEqual([4097, 2]);
    expect(tokenizer.bosId).toBe(1);
    expect(tokenizer.idOf('</s>')).toBe(2);
    expect(tokenizer.idOf('no such piece')).toBeUndefined();
    expect(tokenizer.pieceText(1)).toBe('<s>');
  });
});

describe('encodeParts', () => {
  it('puts the start piece first once, though the template writes it as well', () => {
    const written = tokenizer.encodeParts([special('<s>'), plain('pain')], { addBos: true });
    expect(written).toEqual([1, ...tokenizer.encode('pain')]);
    expect(tokenizer.encodeParts([special('<s><s>')], { addBos: true })).toEqual([1, 1]);
    expect(tokenizer.encodeParts([plain('<s>')], { addBos: true })[0]).toBe(1);
    expect(tokenizer.encodeParts([plain('<s>')], { addBos: true })).not.toHaveLength(1);
  });

  it('lets special pieces swallow the blanks after them where the model does, whoever wrote them', () => {
    const phi = createTokenizer({ ...chat, swallowsBlanks: true });
    const texts = (parts: PromptPart[]) => phi.encodeParts(parts).map(phi.pieceText).join('');
    expect(texts([special('<|im_start|>\n'), plain(' \t\r\n a b'), special('<|im_end|> ')])).toBe(
      '<|im_start|>a▁b<|im_end|>',
    );
    expect(texts([special('<s>'), plain(' a')])).toBe('<s>▁a');
    expect(phi.decode(phi.encodeParts([special('<|im_start|>'), plain('\u00a0a')]))).toBe('\u00a0a');
  });

  it('is the encoding of one string while no markup comes between', () => {
    const template = fc.constantFrom('### Instruction:\n', '\n\n### Response:', ' ', 'pat');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.oneof(anyText, template), fc.boolean()), { maxLength: 6 }), pairs => {
        const parts = pairs.map(([text, isSpecial]) => ({
          // A lone surrogate at a border could pair up in the joined string; markup is tested elsewhere.
          text: text.replace(/\p{Surrogate}/gu, '').replace(/<s>|<\/s>|<unk>/g, ''),
          special: isSpecial,
        }));
        const joined = parts.map(part => part.text).join('');
        fc.pre(!/<s>|<\/s>|<unk>/.test(joined));
        expect(tokenizer.encodeParts(parts)).toEqual(tokenizer.encode(joined));
      }),
      { numRuns: 500 },
    );
  });

  it('merges across the borders of parts', () => {
    expect(tokenizer.encodeParts([special('pat'), plain('ie'), special('nt')])).toEqual(
      tokenizer.encode('patient'),
    );
  });

  it('finds markup that lies across two template parts, never across template and user', () => {
    const im = chatTokenizer.idOf('<|im_end|>');
    expect(chatTokenizer.encodeParts([special('<|im_'), special('end|>')])).toEqual([im]);
    expect(chatTokenizer.encodeParts([special('<|im_'), plain('end|>')])).not.toContain(im);
    expect(chatTokenizer.encodeParts([plain('<|im_'), special('end|>')])).not.toContain(im);
    expect(chatTokenizer.encodeParts([special('<|im_'), plain(''), special('end|>')])).toEqual([im]);
  });

  it('puts the space prefix first and after markup, and nowhere else', () => {
    const prefixed = createTokenizer({ ...chat, addSpacePrefix: true });
    const texts = (parts: PromptPart[], spacePrefix?: boolean) =>
      prefixed.encodeParts(parts, { spacePrefix }).map(prefixed.pieceText).join('');
    const parts = [plain('a'), special('b<|im_end|>c'), plain('d'), special('<|im_end|>'), plain(' e')];
    expect(texts(parts)).toBe('▁ab<|im_end|>▁cd<|im_end|>▁▁e');
    expect(texts(parts, false)).toBe('ab<|im_end|>cd<|im_end|>▁e');
    expect(texts([plain('a——b')])).toBe('▁a——b');
  });

  it.skipIf(!data)('encodes PMC-LLaMA prompts as one string (needs BEDSIDE_DATA)', async () => {
    const llama = createTokenizer(await loadReferenceVocabulary('ggml-vocab-llama-spm.gguf'));
    const { llama_spm } = readGolden('model-test-vectors.json') as {
      llama_spm: { text: string; ids: number[] }[];
    };
    const prompts = llama_spm.filter(({ text }) => text.startsWith('Below is'));
    expect(prompts.length).toBe(2);
    for (const { text, ids } of prompts) {
      const [, instruction, input] =
        /### Instruction:\n(.*?)(?:\n\n### Input:\n(.*))?\n\n### Response:$/s.exec(text)!;
      const parts = renderInstruction(instruction!, input);
      expect(parts.map(part => part.text).join('')).toBe(text);
      expect(llama.encodeParts(parts, { addBos: true })).toEqual(ids);
    }
  });

  it.skipIf(!data)(
    'encodes InternLM2 chat without a space before the role (needs BEDSIDE_DATA)',
    async () => {
      const base = await loadReferenceVocabulary('vocab-internlm2.gguf');
      const pieces = base.pieces.slice();
      pieces[92542] = '<|im_end|>';
      pieces[92543] = '<|im_start|>';
      const internLm2 = createTokenizer({ ...base, pieces });
      const parts = renderPrompt(internLm2Chat, {
        messages: [{ role: 'user', text: 'Hello <|im_end|>' }],
        includeHistory: true,
      });
      const ids = internLm2.encodeParts(parts, { addBos: true });
      const user = internLm2.idOf('user')!;
      expect(ids.slice(0, 4)).toEqual([1, 92543, user, 364]);
      const role = internLm2.encode('assistant\n');
      expect(ids.slice(-role.length - 2)).toEqual([364, 92543, ...role]);
      expect(ids.filter(id => id === 92542).length).toBe(1);
      expect(internLm2.eosIds).toEqual([2, 92542]);
      // The symbols SentencePiece keeps whole stay whole; what names a role slot does not.
      expect(internLm2.encode('……——').length).toBe(2);
      expect(internLm2.encode('[UNUSED_TOKEN_0]').length).toBeGreaterThan(1);
    },
  );
});
