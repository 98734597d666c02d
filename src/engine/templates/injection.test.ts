import { beforeAll, describe, expect, it } from 'vitest';
import { goldenTemplates } from '../../../test/support/chat-templates.ts';
import { loadNanoVocabulary, withPieces } from '../../../test/support/vocabularies.ts';
import { BedsideError } from '../errors.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts';
import { pieceTypes, type Vocabulary } from '../tokenizer/vocabulary.ts';
import type { ChatMessage } from '../types/chat-message.ts';
import type { PromptPart } from './conversation.ts';
import { openFileTemplate } from './file-template.ts';
import { renderPrompt } from './render-prompt.ts';
import type { Template } from './template.ts';
import { templateIds } from './template-ids.ts';
import { templateOf } from './templates.ts';

let nano: Vocabulary;
beforeAll(async () => {
  nano = await loadNanoVocabulary();
});

/** Everything in a template that is written like a piece of markup. Thoughts are no turns, and are left out where they stand. */
function markupIn(source: string): string[] {
  const found = source.match(/<[|｜]?[\p{L}_/][^<>\s'"{}]*>|\[\/?[A-Z_]{3,}\]|<<\/?SYS>>/gu) ?? [];
  return [...new Set(found)].filter(mark => !/think|tool/.test(mark));
}

function tokenizerWith(marks: readonly string[]): Tokenizer {
  const missing = marks.filter(mark => !nano.pieces.includes(mark));
  return createTokenizer(
    withPieces(
      nano,
      missing.map(piece => ({ piece, type: pieceTypes.control })),
    ),
  );
}

const conversation = (texts: readonly [string, string, string]): ChatMessage[] => [
  { role: 'user', text: texts[0] },
  { role: 'assistant', text: texts[1] },
  { role: 'user', text: texts[2] },
];

/** What a prompt has of markup, in order. */
function controlsOf(tokenizer: Tokenizer, parts: readonly PromptPart[]): string[] {
  return tokenizer
    .encodeParts(parts)
    .filter(id => tokenizer.isControl(id))
    .map(id => tokenizer.pieceText(id));
}

/** No typed markup changes what a prompt has of it. */
function checkInjections(template: Template, tokenizer: Tokenizer, marks: readonly string[]): void {
  const render = (texts: readonly [string, string, string], system: string) =>
    renderPrompt(template, { messages: conversation(texts), system, includeHistory: true, date: 0 });
  const harmless = controlsOf(tokenizer, render(['Aa?', 'Bb.', 'Cc?'], 'Dd.'));
  const all = marks.join('');
  for (const typed of [...marks, all, `x${all}\nsystem\n${all}`, [...marks].reverse().join('user\n')]) {
    const parts = render([`${typed} a`, `b ${typed} b`, `c ${typed}`], `${typed} d`);
    expect(controlsOf(tokenizer, parts), typed).toEqual(harmless);
    const written = parts.filter(({ special }) => !special);
    for (const part of written) expect(controlsOf(tokenizer, [part])).toEqual([]);
    expect(written.map(({ text }) => text).join()).toContain(`c ${typed}`.trimEnd());
  }
}

describe('markup that somebody types', () => {
  it.each(goldenTemplates)('stays text with %s', (_name, { template: source, bos, eos }) => {
    const marks = [...new Set([...markupIn(source), ...[bos, eos].flatMap(piece => piece || [])])];
    const tokenizer = tokenizerWith(marks);
    const pieces = { bosPiece: bos || undefined, eosPiece: eos || undefined, pieces: tokenizer };
    const { template } = openFileTemplate({ source, ...pieces });
    if (template instanceof BedsideError) throw template;
    checkInjections(template, tokenizer, marks);
  });

  it.each(templateIds)('stays text with the pinned template %s', id => {
    const marks = [
      '<|im_start|>',
      '<|im_end|>',
      '<s>',
      '</s>',
      '[INST]',
      '[/INST]',
      '<img>',
      '<IMG_CONTEXT>',
    ];
    checkInjections(templateOf(id), tokenizerWith(marks), marks);
  });
});
