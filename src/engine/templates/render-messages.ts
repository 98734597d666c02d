import type { JsonValue } from '../jinja/from-json.ts';
import type { JinjaTemplate } from '../jinja/jinja-template.ts';
import { renderJinja } from '../jinja/render-jinja.ts';
import type { PromptPart } from './conversation.ts';
import { markup, plain } from './template.ts';

/** A message as templates of model files know it. */
export interface TemplateMessage {
  role: string;
  /** A text, or what else a template may know, such as a list of parts. */
  content: JsonValue;
  /** Further properties that templates look at, such as `reasoning_content`. */
  [property: string]: JsonValue | undefined;
}

/** A message of a conversation with a person. */
export interface TurnMessage extends TemplateMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** What a template is given beside the messages. */
export interface TemplateContext {
  /** Texts of the start and the end piece; absent where the model names none. */
  bosPiece?: string | undefined;
  eosPiece?: string | undefined;
  addGenerationPrompt: boolean;
  now: Date;
  /** Variables that only some templates know, such as `enable_thinking`. */
  options?: Readonly<Record<string, JsonValue>> | undefined;
}

export interface RenderedMessages {
  text: string;
  /** Stretches that a message's content takes, in order: [start, end) in UTF-16 units. All the rest is the template's own. */
  written: readonly WrittenStretch[];
}

export interface WrittenStretch {
  start: number;
  end: number;
  /** Index of the message. */
  message: number;
}

/**
 * A conversation as it is given, by a file's own template, as transformers renders it (`apply_chat_template` without tools and
 * documents).
 * @throws `unusable-template`, with the reason `template-refuses` where the template itself raises
 */
export function renderMessages(
  template: JinjaTemplate,
  messages: readonly TemplateMessage[],
  { bosPiece, eosPiece, addGenerationPrompt, now, options = {} }: TemplateContext,
): RenderedMessages {
  return renderJinja(
    template,
    {
      ...(bosPiece === undefined ? {} : { bos_token: bosPiece }),
      ...(eosPiece === undefined ? {} : { eos_token: eosPiece }),
      tools: null,
      documents: null,
      ...options,
      messages,
      add_generation_prompt: addGenerationPrompt,
    },
    { now },
  );
}

/** The template's own text is markup, what was written is plain. */
export function partsOf({ text, written }: RenderedMessages): PromptPart[] {
  const parts: PromptPart[] = [];
  let done = 0;
  for (const { start, end } of written) {
    if (start > done) parts.push(markup(text.slice(done, start)));
    parts.push(plain(text.slice(start, end)));
    done = end;
  }
  if (done < text.length) parts.push(markup(text.slice(done)));
  return parts;
}
