import { BedsideError } from '../errors.ts';
import type { JinjaTemplate } from '../jinja/jinja-template.ts';
import { sentence } from '../sentence.ts';
import type { Mending } from '../types/prompt-text.ts';
import { foldSystem, joinNeighbours } from './mend-messages.ts';
import {
  type RenderedMessages,
  renderMessages,
  type TemplateContext,
  type TurnMessage,
} from './render-messages.ts';

export interface RenderedConversation extends RenderedMessages {
  /** What `written` counts: the messages as they were mended. */
  messages: readonly TurnMessage[];
  mendings: Mending[];
}

/**
 * A conversation by a file's own template. Where the template refuses the order of roles, or leaves the system message out, the
 * conversation is mended and tried again, with as little changed as may be; every message is in the prompt, or there is none.
 * @throws `unusable-template`
 */
export function renderConversation(
  template: JinjaTemplate,
  messages: readonly TurnMessage[],
  context: TemplateContext,
): RenderedConversation {
  let refusal: BedsideError | undefined;
  for (const { mended, mendings } of waysToMend(messages)) {
    const rendered = tryToRender(template, mended, context);
    if (rendered instanceof BedsideError) {
      refusal ??= rendered;
      continue;
    }
    const absent = mended.find((message, i) => isLeftOut(message, i, rendered));
    if (!absent) return { ...rendered, messages: mended, mendings };
    if (absent.role !== 'system') refusal = leftOutError();
  }
  throw refusal ?? leftOutError();
}

/** The least first. */
function* waysToMend(
  messages: readonly TurnMessage[],
): Generator<{ mended: readonly TurnMessage[]; mendings: Mending[] }> {
  yield { mended: messages, mendings: [] };
  const folded = foldSystem(messages);
  if (folded) yield { mended: folded, mendings: ['system-into-question'] };
  for (const [start, before] of [
    [messages, []],
    [folded, ['system-into-question']],
  ] as const) {
    if (!start) continue;
    const joined = joinNeighbours(start);
    if (joined.mendings.length > 0)
      yield { mended: joined.messages, mendings: [...before, ...joined.mendings] };
  }
}

/** Templates raise for what they do not take, or fail there; another order may do. What is beyond bounds stays so. */
function tryToRender(
  template: JinjaTemplate,
  messages: readonly TurnMessage[],
  context: TemplateContext,
): RenderedMessages | BedsideError {
  try {
    return renderMessages(template, messages, context);
  } catch (error) {
    if (error instanceof BedsideError && ['template-refuses', 'template-error'].includes(error.reason))
      return error;
    throw error;
  }
}

/** As Python and JavaScript have it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: Python counts them among the blanks
const blank = /^[\s\u001c-\u001f\u0085]*$/;

/** What a model has thought before it answered may be left out: that is how models which think are trained. */
function isLeftOut({ role, content }: TurnMessage, index: number, { written }: RenderedMessages): boolean {
  const needed = role === 'assistant' ? content.split('</think>').at(-1)! : content;
  return !blank.test(needed) && !written.some(({ message }) => message === index);
}

/** Whether it is this conversation that a template does not take. */
export function isOfConversation({ reason }: BedsideError): boolean {
  return ['conversation-refused-by-template', 'message-left-out-by-template', 'template-error'].includes(
    reason,
  );
}

function leftOutError(): BedsideError {
  return new BedsideError(
    'unusable-template',
    sentence`message-left-out-by-template: The chat template of this model's file would leave a message of this conversation out of the prompt.`,
    'Ask the question in a new chat, or choose another template for this model.',
  );
}
