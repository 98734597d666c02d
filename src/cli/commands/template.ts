import { readFileSync } from 'node:fs';
import { BedsideError, type ErrorData, toErrorData } from '../../engine/errors.ts';
import { parseGguf } from '../../engine/formats/gguf.ts';
import { compileJinja, type JinjaTemplate } from '../../engine/jinja/jinja-template.ts';
import { chatTemplateOf, startAndEndOf } from '../../engine/loading/read-file-template.ts';
import { sentence } from '../../engine/sentence.ts';
import type { PromptPart } from '../../engine/templates/conversation.ts';
import { partsOf, renderMessages } from '../../engine/templates/render-messages.ts';
import { createTokenizer, type Tokenizer } from '../../engine/tokenizer/tokenizer.ts';
import { readVocabulary } from '../../engine/tokenizer/vocabulary.ts';
import { type Arguments, badArgument, onlyWord, parseArguments } from '../input/arguments.ts';
import { readDate } from '../input/date.ts';
import { type ConversationCase, readMessagesFile } from '../input/messages-file.ts';
import { withModelFiles } from '../input/model-files.ts';

export interface RenderedCase {
  rendered: string;
  /** `special`: the template's own; the rest is contents of messages. */
  parts: PromptPart[];
  /** With a model's vocabulary; no start piece is added that the template has not written. */
  ids?: number[];
}

/** A template and what it is rendered with. */
interface Renderer {
  source: string;
  bosPiece?: string | undefined;
  eosPiece?: string | undefined;
  tokenizer?: Tokenizer;
}

/**
 * Conversations as they are given, rendered as transformers does (`apply_chat_template`): nothing is mended. The model file needs a
 * vocabulary and no weights.
 */
export async function template(argv: string[]): Promise<unknown> {
  const args = parseArguments(argv, {
    template: 'value',
    bos: 'value',
    eos: 'value',
    messages: 'value',
    date: 'value',
  });
  const path = args.text('messages');
  if (path === undefined) throw badArgument(sentence`messages-are-missing: --messages is missing.`);
  const now = readDate(args);
  const { cases, isList } = readMessagesFile(path);
  const renderer = await openRenderer(args);
  const results = renderCases(renderer, cases, now);
  return isList ? { cases: results } : results[0];
}

/** What a template does with each conversation; of one that it does not take, why. `now`: where a case does not say. */
export function renderCases(
  renderer: Renderer,
  cases: readonly ConversationCase[],
  now: Date,
): (RenderedCase | { error: ErrorData })[] {
  let compiled: JinjaTemplate | undefined;
  return cases.map(one => {
    try {
      compiled ??= compileJinja(renderer.source);
      return renderCase(compiled, one, renderer, now);
    } catch (error) {
      if (!(error instanceof BedsideError)) throw error;
      return { error: toErrorData(error) };
    }
  });
}

function renderCase(
  compiled: JinjaTemplate,
  { messages, addGenerationPrompt, context, now: said }: ConversationCase,
  { bosPiece, eosPiece, tokenizer }: Renderer,
  now: Date,
): RenderedCase {
  const settings = { bosPiece, eosPiece, addGenerationPrompt, now: said ?? now, options: context };
  const result = renderMessages(compiled, messages, settings);
  const parts = partsOf(result);
  return { rendered: result.text, parts, ...(tokenizer && { ids: tokenizer.encodeParts(parts) }) };
}

async function openRenderer(args: Arguments): Promise<Renderer> {
  const file = args.text('template');
  const given = file === undefined ? undefined : readTemplateFile(file);
  // An empty piece is one that the model does not name.
  const pieces = { bosPiece: args.text('bos') || undefined, eosPiece: args.text('eos') || undefined };
  if (args.words.length === 0) {
    if (given === undefined)
      throw badArgument(sentence`model-or-template-is-missing: A model file or --template is missing.`);
    return { source: given, ...pieces };
  }
  return withModelFiles(onlyWord(args, 'The model file'), undefined, async file => {
    const { metadata } = await parseGguf(file);
    const tokenizer = createTokenizer(readVocabulary(metadata));
    const source = given ?? chatTemplateOf(metadata);
    if (source === undefined)
      throw badArgument(
        sentence`model-without-template: This model's file brings no chat template; --template names one.`,
      );
    const own = startAndEndOf(tokenizer);
    return {
      source,
      bosPiece: args.text('bos') === undefined ? own.bosPiece : pieces.bosPiece,
      eosPiece: args.text('eos') === undefined ? own.eosPiece : pieces.eosPiece,
      tokenizer,
    };
  });
}

function readTemplateFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw badArgument(
      sentence`template-cannot-be-read: The template "${{ file: path }}" cannot be read: ${{ problem: error instanceof Error ? error.message : String(error) }}`,
    );
  }
}
