import { readFileSync } from 'node:fs';
import type { JsonValue } from '../../engine/jinja/from-json.ts';
import { sentence } from '../../engine/sentence.ts';
import type { TemplateMessage } from '../../engine/templates/render-messages.ts';
import { badArgument } from './arguments.ts';
import { parseDate } from './date.ts';

/** A conversation as a file gives it. */
export interface ConversationCase {
  messages: TemplateMessage[];
  addGenerationPrompt: boolean;
  /** Further variables for the template. */
  context: Readonly<Record<string, JsonValue>>;
  /** For templates that write the day; absent where the file does not say. */
  now?: Date;
}

export interface MessagesFile {
  cases: ConversationCase[];
  /** Whether the file holds a list of conversations, or is one. */
  isList: boolean;
}

type Json = Record<string, JsonValue>;

/**
 * Reads one conversation (a list of messages, or `{messages, add_generation_prompt, context}`), or `{cases: [...]}` with several.
 * `now`, beside either, is the time that templates are told.
 * @throws `invalid-request`
 */
export function readMessagesFile(path: string): MessagesFile {
  let data: JsonValue;
  try {
    data = JSON.parse(readFileSync(path, 'utf8')) as JsonValue;
  } catch (error) {
    throw badArgument(
      sentence`messages-cannot-be-read: The messages in "${{ file: path }}" cannot be read: ${{ problem: error instanceof Error ? error.message : String(error) }}`,
    );
  }
  if (isObject(data) && Array.isArray(data.cases)) {
    return { cases: data.cases.map(item => readCase(item, path, data.now)), isList: true };
  }
  return { cases: [readCase(data, path)], isList: false };
}

function readCase(data: JsonValue, path: string, nowOfAll?: JsonValue): ConversationCase {
  const said: Json = Array.isArray(data) ? { messages: data } : isObject(data) ? data : {};
  const { messages, add_generation_prompt: addGenerationPrompt = true, context = {} } = said;
  const { now: when = nowOfAll } = said;
  const now = typeof when === 'string' ? parseDate(when) : undefined;
  if (
    !Array.isArray(messages) ||
    !messages.every(isMessage) ||
    typeof addGenerationPrompt !== 'boolean' ||
    !isObject(context) ||
    (when !== undefined && now === undefined)
  ) {
    throw badArgument(
      sentence`messages-are-no-conversation: "${{ file: path }}" must hold a list of messages, or {"messages": [...], "add_generation_prompt": true, "context": {}}, or {"cases": [...]} with several of these. A message has a role, which is a text, and a content; "now" is a time such as 2026-03-09T14:05.`,
    );
  }
  return { messages, addGenerationPrompt, context, ...(now && { now }) };
}

function isMessage(message: JsonValue): message is TemplateMessage {
  return isObject(message) && typeof message.role === 'string' && 'content' in message;
}

function isObject(value: JsonValue): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
