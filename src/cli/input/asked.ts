import type { JsonValue } from '../../engine/jinja/from-json.ts';
import { sentence } from '../../engine/sentence.ts';
import type { TemplateMessage } from '../../engine/templates/render-messages.ts';
import type { ChatMessage } from '../../engine/types/chat-message.ts';
import { type Arguments, badArgument } from './arguments.ts';
import { readMessagesFile } from './messages-file.ts';

/** What a model is asked: one question, or a conversation that ends with one. */
export interface Asked {
  messages: ChatMessage[];
  system?: string | undefined;
  templateOptions?: Readonly<Record<string, JsonValue>>;
  /** For templates that write the day, where the file of messages says. */
  now?: Date;
}

/**
 * --prompt or --messages, with --system.
 * @throws `invalid-request`
 */
export function readAsked(args: Arguments): Asked {
  const [prompt, path, system] = [args.text('prompt'), args.text('messages'), args.text('system')];
  if (prompt !== undefined && path !== undefined)
    throw badArgument(sentence`prompt-given-twice: --prompt and --messages exclude each other.`);
  if (prompt !== undefined) return { messages: [{ role: 'user', text: prompt }], system };
  if (path === undefined) throw badArgument(sentence`prompt-is-missing: --prompt or --messages is missing.`);
  const { cases, isList } = readMessagesFile(path);
  if (isList)
    throw badArgument(
      sentence`several-conversations: "${{ file: path }}" must hold one conversation, not several cases.`,
    );
  const [{ messages, context, now }] = cases as [(typeof cases)[number]];
  const [first, ...rest] = messages;
  const said = first?.role === 'system' ? textOf(first, path) : undefined;
  if (said !== undefined && system !== undefined)
    throw badArgument(
      sentence`system-given-twice: --system and the system message in "${{ file: path }}" exclude each other.`,
    );
  return {
    messages: (said === undefined ? messages : rest).map(message => turnOf(message, path)),
    system: said ?? system,
    templateOptions: context,
    ...(now && { now }),
  };
}

function turnOf(message: TemplateMessage, path: string): ChatMessage {
  const { role } = message;
  if (role !== 'user' && role !== 'assistant')
    throw badArgument(
      sentence`role-of-no-turn: In "${{ file: path }}", a message after the first is of the role "${{ role }}"; turns are of "user" or "assistant", and a "system" message comes first.`,
    );
  return { role, text: textOf(message, path) };
}

function textOf({ content }: TemplateMessage, path: string): string {
  if (typeof content === 'string') return content;
  throw badArgument(
    sentence`message-is-no-text: In "${{ file: path }}", the content of a message is not a text.`,
  );
}
