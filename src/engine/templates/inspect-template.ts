import { BedsideError, toErrorData } from '../errors.ts';
import type { JinjaTemplate } from '../jinja/jinja-template.ts';
import type { TemplateSummary, ThinkingSwitch } from '../types/template-summary.ts';
import { isOfConversation, renderConversation } from './render-conversation.ts';
import {
  type RenderedMessages,
  renderMessages,
  type TemplateContext,
  type TurnMessage,
} from './render-messages.ts';
import { kindOfTemplate } from './template-kind.ts';

/** What a template's own words are made of, in a vocabulary. */
export interface PieceReader {
  /** Texts to ids, markup in `special` ones recognised. */
  encodeParts(parts: readonly { text: string; special: boolean }[]): number[];
  isControl(id: number): boolean;
  pieceText(id: number): string;
}

export type InspectionContext = Omit<TemplateContext, 'addGenerationPrompt'>;

const system: TurnMessage = { role: 'system', content: 'Kindly name sources.' };
const question: TurnMessage = { role: 'user', content: 'Which bone is longest?' };
const reply: TurnMessage = { role: 'assistant', content: 'It is our femur.' };
const another: TurnMessage = { role: 'user', content: 'Where does it end?' };

/**
 * Tries a template with harmless conversations, so that one that cannot be used is found when its model is opened, and what it adds
 * by itself is known before a question is asked.
 * @param source of `template`
 */
export function inspectTemplate(
  source: string,
  template: JinjaTemplate,
  context: InspectionContext,
  pieces: PieceReader,
): TemplateSummary {
  try {
    const asked = { ...context, addGenerationPrompt: true };
    const alone = renderConversation(template, [question], asked);
    const history = tryWithHistory(template, asked);
    const taken = tryWithSystem(template, asked);
    const defaultSystem = taken && defaultSystemOf(alone, taken);
    return {
      kind: kindOfTemplate(source),
      characters: source.length,
      system: !taken ? 'none' : hasOwnPlace(alone, taken) ? 'own' : 'folded',
      ...(defaultSystem ? { defaultSystem } : {}),
      generationPrompt: findGenerationPrompt(template, context, alone, history),
      opensThought: alone.text.trimEnd().endsWith('<think>'),
      ...findThinking(source, template, asked, alone),
      ...(history && keepsThoughts(source, template, asked) ? { keepsThoughts: true } : {}),
      takesHistory: history !== undefined,
      ...(history && findEnd(history, pieces)),
    };
  } catch (error) {
    if (!(error instanceof BedsideError)) throw error;
    return faultySummary(source, error);
  }
}

/** Of a template that cannot be compiled or rendered. */
export function faultySummary(source: string, error: BedsideError): TemplateSummary {
  return {
    kind: kindOfTemplate(source),
    characters: source.length,
    fault: { ...toErrorData(error), code: 'unusable-template' },
    system: 'none',
    takesHistory: false,
    generationPrompt: 'never',
    opensThought: false,
  };
}

/** Undefined where the template refuses a system message or leaves it out. */
function tryWithSystem(template: JinjaTemplate, context: TemplateContext): RenderedMessages | undefined {
  const { mendings, ...rendered } = renderConversation(template, [system, question], context);
  return mendings.length === 0 ? rendered : undefined;
}

/** Undefined where the template refuses an earlier turn or leaves it out. */
function tryWithHistory(template: JinjaTemplate, context: TemplateContext): RenderedMessages | undefined {
  try {
    return renderConversation(template, [question, reply, another], context);
  } catch (error) {
    if (error instanceof BedsideError && isOfConversation(error)) return undefined;
    throw error;
  }
}

/** As Qwen 3, GLM and SmolLM 3, Baichuan-M2, and DeepSeek 3.1 have it. */
const thinkingVariables = [
  { variable: 'enable_thinking', on: true, off: false },
  { variable: 'thinking_mode', on: 'on', off: 'off' },
  { variable: 'thinking', on: true, off: false },
] as const;

/** A variable by which a prompt changes. Where the default is like neither, thinking is left to the model. */
function findThinking(
  source: string,
  template: JinjaTemplate,
  context: TemplateContext,
  alone: RenderedMessages,
): { thinking?: ThinkingSwitch } {
  const ask = (variable: string, value: string | boolean) => {
    const options = { ...context.options, [variable]: value };
    return tryToAsk(template, { ...context, options });
  };
  for (const known of thinkingVariables) {
    if (!new RegExp(`\\b${known.variable}\\b`).test(source)) continue;
    const on = ask(known.variable, known.on);
    const off = ask(known.variable, known.off);
    if (on === undefined || off === undefined || on === off) continue;
    return { thinking: { ...known, isOnByDefault: alone.text !== off } };
  }
  return {};
}

function tryToAsk(template: JinjaTemplate, context: TemplateContext): string | undefined {
  try {
    return renderConversation(template, [question], context).text;
  } catch (error) {
    if (error instanceof BedsideError) return undefined;
    throw error;
  }
}

/** One that knows how thoughts are marked and has them in a prompt means to; others know nothing of thoughts. */
function keepsThoughts(source: string, template: JinjaTemplate, context: TemplateContext): boolean {
  if (!source.includes('</think>')) return false;
  const thought = 'Ribs are shorter.';
  const thoughtful = { ...reply, content: `<think>\n${thought}\n</think>\n\n${reply.content}` };
  try {
    return renderMessages(template, [question, thoughtful, another], context).text.includes(thought);
  } catch (error) {
    if (error instanceof BedsideError) return false;
    throw error;
  }
}

/** Where a message's content is: [start, end). Every message of a trial is there, or the trial has failed. */
function placeOf({ written }: RenderedMessages, message: number): { start: number; end: number } {
  const own = written.filter(stretch => stretch.message === message);
  return { start: own[0]!.start, end: own.at(-1)!.end };
}

/** Words that open a question stand between a system message and the first question, or both are in one turn. */
function hasOwnPlace(alone: RenderedMessages, withSystem: RenderedMessages): boolean {
  const before = alone.text.slice(0, placeOf(alone, 0).start);
  const between = withSystem.text.slice(placeOf(withSystem, 0).end, placeOf(withSystem, 1).start);
  let shared = 0;
  while (shared < between.length && before.at(-1 - shared) === between.at(-1 - shared)) shared++;
  return between.slice(between.length - shared).trim() !== '';
}

/** What stands in a system message's place where none is given. */
function defaultSystemOf(alone: RenderedMessages, withSystem: RenderedMessages): string | undefined {
  const opening = alone.text.slice(0, placeOf(alone, 0).start);
  const place = placeOf(withSystem, 0);
  const before = withSystem.text.slice(0, place.start);
  const after = withSystem.text.slice(place.end, placeOf(withSystem, 1).start);
  if (opening.length <= before.length + after.length) return undefined;
  if (!opening.startsWith(before) || !opening.endsWith(after)) return undefined;
  return opening.slice(before.length, opening.length - after.length).trim() || undefined;
}

function findGenerationPrompt(
  template: JinjaTemplate,
  context: InspectionContext,
  alone: RenderedMessages,
  history: RenderedMessages | undefined,
): TemplateSummary['generationPrompt'] {
  const unasked = renderMessages(template, [question], { ...context, addGenerationPrompt: false });
  if (unasked.text !== alone.text) return 'asked';
  const end = alone.text.slice(placeOf(alone, 0).end).trim();
  const opening = history
    ? history.text.slice(placeOf(history, 0).end, placeOf(history, 1).start).trim()
    : end;
  return end !== '' && opening === end ? 'always' : 'never';
}

/** What follows an answer: a control piece of the vocabulary, or words. */
function findEnd(
  history: RenderedMessages,
  pieces: PieceReader,
): Pick<TemplateSummary, 'endPiece' | 'stopString'> {
  const text = history.text.slice(placeOf(history, 1).end, placeOf(history, 2).start).trimStart();
  if (text === '') return {};
  const [first] = pieces.encodeParts([{ text, special: true }]);
  const isPiece = first !== undefined && pieces.isControl(first) && text.startsWith(pieces.pieceText(first));
  return isPiece ? { endPiece: pieces.pieceText(first) } : { stopString: firstWords(text) };
}

function firstWords(text: string): string {
  return text.split('\n')[0]!.trim();
}
