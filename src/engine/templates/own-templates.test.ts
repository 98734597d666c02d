import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ownTemplates } from '../../../test/support/chat-templates.ts';
import { loadNanoVocabulary, withPieces } from '../../../test/support/vocabularies.ts';
import { BedsideError } from '../errors.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts';
import { pieceTypes } from '../tokenizer/vocabulary.ts';
import type { ChatMessage } from '../types/chat-message.ts';
import type { PromptPart } from './conversation.ts';
import { openFileTemplate } from './file-template.ts';
import { renderPrompt } from './render-prompt.ts';
import { addsBos, type Template } from './template.ts';
import { templateIds, templateNames } from './template-ids.ts';
import { templateOf } from './templates.ts';
import { answerOf } from './thought.ts';

/** Markup of every template here, and what else may be mistaken for it. */
const marks = [
  '<|im_start|>',
  '<|im_end|>',
  '<|start_header_id|>',
  '<|end_header_id|>',
  '<|eot_id|>',
  '<start_of_turn>',
  '<end_of_turn>',
  '<bos>',
  '<image>',
];
const texts = [
  '<s>',
  '</s>',
  '[INST]',
  '<<SYS>>',
  '### Instruction:\n',
  'USER:',
  '<think>',
  '</think>',
  '{{ 7 * 7 }}',
];

let tokenizer: Tokenizer;
let files: [string, Template][];
beforeAll(async () => {
  const pieces = marks.map(piece => ({ piece, type: pieceTypes.control }));
  tokenizer = createTokenizer(withPieces(await loadNanoVocabulary(), pieces));
  files = ownTemplates.map(([name, { template: source, bos, eos }]) => {
    const { template } = openFileTemplate({ source, bosPiece: bos, eosPiece: eos, pieces: tokenizer });
    if (template instanceof BedsideError) throw template;
    return [name, template];
  });
});

const stretch = fc.oneof(
  fc.constantFrom(...marks, ...texts),
  fc.constantFrom(' ', '\n', '\t', '\r\n', '\u00a0', '\u0085', '\u001c', '\ufeff', '\u2028'),
  fc.constantFrom('🫀', '👩🏽‍⚕️', 'Ä', 'e\u0301', '\ud800', '5 µg/kg'),
  fc.string({ maxLength: 12 }),
);
const content = fc.array(stretch, { maxLength: 6 }).map(pieces => pieces.join(''));
const message = fc.record<ChatMessage>({
  role: fc.constantFrom('user', 'assistant'),
  text: content,
});
const conversations = fc.record({
  earlier: fc.array(message, { maxLength: 6 }),
  question: content.map((text): ChatMessage => ({ role: 'user', text })),
  system: fc.option(content, { nil: undefined }),
});

/** As Python and JavaScript have them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: Python counts them among the blanks
const blanksAround = /^[\s\u001c-\u001f\u0085\ufeff]+|[\s\u001c-\u001f\u0085\ufeff]+$/g;

/** What was written stands in the prompt as it is, or without the blanks around it: [end of it], or undefined where it is not there. */
function find(written: string, text: string, from: number): number | undefined {
  const core = text.replace(blanksAround, '');
  const at = written.indexOf(core, from);
  return at < 0 ? undefined : at + core.length;
}

function checkPrompt(parts: readonly PromptPart[], texts: readonly string[], template: Template): void {
  const written = parts.filter(part => !part.special);
  // Nothing that was written is markup.
  for (const { text } of written) {
    const ids = tokenizer.encodeParts([{ text, special: false }]);
    expect(ids.filter(id => tokenizer.isControl(id) || marks.includes(tokenizer.pieceText(id)))).toEqual([]);
  }
  // All that was written is there, in order, between what the template says.
  const all = written.map(part => part.text).join('\u0000');
  let at = 0;
  for (const text of texts) {
    const end = find(all, text, at);
    expect(end, JSON.stringify({ text, all })).toBeDefined();
    at = end!;
  }
  const ids = tokenizer.encodeParts(parts, { addBos: addsBos(template, tokenizer) });
  expect(ids.slice(0, 2)).not.toEqual([tokenizer.bosId, tokenizer.bosId]);
}

/** Of thoughts left out here; the templates leave out what comes before the last mark. */
const withoutThoughts = (text: string) => answerOf(text).split('</think>').at(-1)!;

describe('3,000 random conversations', () => {
  it('are rendered whole by every template written here, or refused in words', () => {
    let rendered = 0;
    fc.assert(
      fc.property(conversations, fc.nat(), ({ earlier, question, system }, pick) => {
        const [name, template] = files[pick % files.length]!;
        const messages = [...earlier, question];
        let parts: PromptPart[];
        try {
          parts = renderPrompt(template, { messages, system, includeHistory: true, date: 0 });
        } catch (error) {
          expect(error).toMatchObject({
            code: 'unusable-template',
            reason: expect.stringMatching(/^(template-refuses|message-left-out-by-template)$/),
          });
          // An answer without a question is all that these refuse.
          expect(messages[0]!.role, name).toBe('assistant');
          return;
        }
        rendered++;
        const texts = messages.map(({ role, text }) => (role === 'assistant' ? withoutThoughts(text) : text));
        checkPrompt(parts, [...(system ? [system] : []), ...texts], template);
      }),
      { numRuns: 3000, seed: 20260309 },
    );
    expect(rendered).toBeGreaterThan(2000);
  });

  it.each(templateIds)('are rendered by the pinned template %s', id => {
    const template = templateOf(id);
    fc.assert(
      fc.property(conversations, ({ earlier, question, system = 'S' }) => {
        const messages = [...earlier, question];
        const parts = renderPrompt(template, {
          messages,
          system,
          includeHistory: true,
          imageTokens: () => 0,
        });
        const texts =
          id === 'raw'
            ? [question.text]
            : messages.map(({ role, text }) => (role === 'assistant' ? answerOf(text) : text));
        if (id !== 'pmc-llama') checkPrompt(parts, texts, template);
      }),
      { numRuns: 100, seed: 20260309 },
    );
    expect(templateNames[id]).toMatch(/\w/);
  });
});
