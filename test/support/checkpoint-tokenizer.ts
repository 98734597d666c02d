import type { CheckpointSize } from './checkpoint.ts';
import { json } from './json-bytes.ts';
import { type WriterPiece, writeSentencePieceModel } from './sentencepiece-writer.ts';

const chatMarks = [
  '<|plugin|>',
  '<|interpreter|>',
  '<|action_end|>',
  '<|action_start|>',
  '<|im_end|>',
  '<|im_start|>',
];
const imageMarks = [
  '<img>',
  '</img>',
  '<IMG_CONTEXT>',
  '<quad>',
  '</quad>',
  '<ref>',
  '</ref>',
  '<box>',
  '</box>',
];
const merged = ['us', 'er', 'user', 'th', 'the', '▁', '▁th', '▁the', 'an', '▁an', 'no', 'nod', 'e', 's', 't'];

/** Ids as InternLM2 lays them out: markers, bytes, pieces, unused pieces that the chat marks rename, added marks. */
export function listPieces(): WriterPiece[] {
  return [
    { text: '<unk>', type: 2 },
    { text: '<s>', type: 3 },
    { text: '</s>', type: 3 },
    ...Array.from({ length: 256 }, (_, byte) => ({
      text: `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
      type: 6,
    })),
    { text: '\0', type: 4 },
    ...merged.map((text, rank) => ({ text, score: -rank })),
    ...[...'abcdfghijklmnopqru'].map((text, rank) => ({ text, score: -100 - rank })),
    ...chatMarks.map((_, i) => ({ text: `[UNUSED_TOKEN_${141 + i}]`, type: 4 })),
  ];
}

/** The files of the tokenizer, by name. */
export function* writeTokenizer({
  architecture,
  hasVision,
}: CheckpointSize): Generator<[string, Uint8Array]> {
  const pieces = listPieces();
  if (architecture === 'llama') {
    yield ['tokenizer.model', writeSentencePieceModel({ pieces, addDummyPrefix: true })];
    yield ['added_tokens.json', json({ '[PAD]': pieces.length })];
    const special = {
      __type: 'AddedToken',
      lstrip: false,
      normalized: true,
      rstrip: false,
      single_word: false,
    };
    yield [
      'tokenizer_config.json',
      json({
        add_bos_token: true,
        add_eos_token: false,
        bos_token: { ...special, content: '<s>' },
        eos_token: { ...special, content: '</s>' },
        tokenizer_class: 'LlamaTokenizer',
      }),
    ];
    return;
  }
  yield ['tokenizer.model', writeSentencePieceModel({ pieces, addDummyPrefix: false })];
  const marks = [...chatMarks, ...(hasVision ? imageMarks : [])];
  const firstMark = pieces.length - chatMarks.length;
  const ids = Object.fromEntries(marks.map((text, i) => [text, firstMark + i]));
  yield ['added_tokens.json', json(ids)];
  const decoder = Object.entries({ '<unk>': 0, '<s>': 1, '</s>': 2, ...ids }).map(([content, id]) => [
    id,
    { content, lstrip: false, normalized: false, rstrip: false, single_word: false, special: true },
  ]);
  yield [
    'tokenizer_config.json',
    json({
      added_tokens_decoder: Object.fromEntries(decoder),
      bos_token: '<s>',
      eos_token: '</s>',
      chat_template: '{{ bos_token }}{% for message in messages %}{{ message.content }}{% endfor %}',
      tokenizer_class: 'InternLM2Tokenizer',
    }),
  ];
}
