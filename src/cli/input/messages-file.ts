import { readFileSync } from 'node:fs';
import type { JsonValue } from '../../engine/jinja/from-json.ts';
import { sentence } from '../../engine/sentence.ts';
import type { TemplateMessage } from '../../engine/templates/render-messages.ts';
import { badArgument } from './arguments.ts';

/** A conversation as a file gives it. */
export interface ConversationCase {
  messages: TemplateMessage[];
  addGenerationPrompt: boolean;
  /** Further variables for the template. */
  context: Readonly<Record<string, JsonValue>>;
}

export interface MessagesFile {
  cases: ConversationCase[];
  /** Whether the file holds a list of conversations, or is one. */
  isList: boolean;
}

type Json = Record<string, JsonValue>;

/**
 * Reads one conversation (a list of messages, or `{messages, add_generation_prompt, context}`), or `{cases: [...]}` with several.
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
    return { cases: data.cases.map(item => readCase(item, path)), isList: true };
  }
  return { cases: [readCase(data, path)], isList: false };
}

function readCase(data: JsonValue, path: string): ConversationCase {
  const said: Json = Array.isArray(data) ? { messages: data } : isObject(data) ? data : {};
  const { messages, add_generation_prompt: addGenerationPrompt = true, context = {} } = said;
  if (
    !Array.isArray(messages) ||
    !messages.every(isMessage) ||
    typeof addGenerationPrompt !== 'boolean' ||
    !isObject(context)
  ) {
    throw badArgument(
      sentence`messages-are-no-conversation: "${{ file: path }}" must hold a list of messages, or {"messages": [...], "add_generation_prompt": true, "context": {}}, or {"cases": [...]} with several of these. A message has a role, which is a text, and a content.`,
    );
  }
  return { messages, addGenerationPrompt, context };
}

function isMessage(message: JsonValue): message is TemplateMessage {
  return isObject(message) && typeof message.role === 'string' && 'content' in message;
}

function isObject(value: JsonValue): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
