/**
 * A conversation of the `conversations.json` that ChatGPT gives out: a tree of nodes by id (`mapping`), each with its parent and
 * perhaps a message, in which tools and hidden turns stand between what was said.
 */
import {
  type ConversationRecords,
  conversationVersion,
  isRawObject,
  type Message,
  newId,
  type RawObject,
  sentence,
} from '../../client/index.ts';
import { isRecordId } from './check-conversation.ts';
import { notImportable } from './import-error.ts';
import { longestText, longestTitle } from './limits.ts';

/** What follows each other in the same voice is one message here: with what tools said between, an answer comes in pieces. */
interface Open {
  id: string;
  parentId: string | null;
  role: Message['role'];
  texts: string[];
  at: number;
  model: string | undefined;
}

export function readChatGpt(
  value: unknown,
  place: number,
  now: number,
): { records: ConversationRecords; leftOut: number } {
  const broken = () =>
    notImportable(
      sentence`chatgpt-conversation-unreadable: Conversation ${{ place }} of this ChatGPT export cannot be read.`,
    );
  if (!isRawObject(value) || !isRawObject(value.mapping)) throw broken();
  const given = value.conversation_id ?? value.id;
  const id = isRecordId(given) ? given : newId();
  const title = textOf(value.title) ?? '';
  const begun = timeOf(value.create_time) ?? now;
  const nodes = new Map(Object.entries(value.mapping));
  const children = childrenOf(nodes);
  if (!children) throw broken();

  const found = new Map<string, Open>();
  let leftOut = 0;
  let visited = 0;
  const waiting: [nodeId: string, open: Open | null][] = [...(children.get(null) ?? [])]
    .reverse()
    .map(nodeId => [nodeId, null]);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [nodeId, above] = next;
    visited += 1;
    const said = readNode(nodes.get(nodeId) as RawObject);
    if (said === 'broken') throw broken();
    if (said === 'other') leftOut += 1;
    let open = above;
    if (typeof said === 'object') {
      const isMore = above?.role === said.role;
      if (above && !isMore) found.set(above.id, above);
      open = {
        id: nodeId,
        parentId: isMore ? above.parentId : (above?.id ?? null),
        role: said.role,
        texts: isMore ? [...above.texts, said.text] : [said.text],
        at: said.at ?? above?.at ?? begun,
        model: said.model ?? (isMore ? above.model : undefined),
      };
    }
    const below = children.get(nodeId) ?? [];
    if (below.length === 0 && open) found.set(open.id, open);
    for (const child of [...below].reverse()) waiting.push([child, open]);
  }
  // What was not reached hangs on a ring.
  if (visited !== nodes.size) throw broken();

  const messages = inOrder([...found.values()], id);
  if (messages.some(({ text }) => text.length > longestText)) throw broken();
  const leaf = leafOf(value.current_node, nodes, found);
  const index = {
    v: conversationVersion,
    id,
    title: Array.from(title).slice(0, longestTitle).join('') || 'Conversation of ChatGPT',
    createdAt: Math.min(begun, messages[0]?.createdAt ?? begun),
    updatedAt: messages.at(-1)?.createdAt ?? begun,
    rootIds: messages.filter(({ parentId }) => parentId === null).map(message => message.id),
    currentLeafId: leaf ?? messages.at(-1)?.id ?? null,
  };
  return {
    records: {
      id,
      index,
      messages: messages.map(message => [message.id, message]),
      images: [],
      answerRecords: [],
    },
    leftOut,
  };
}

/** By parent, null for the first ones, in the order that parents give. Undefined where a node is none. */
function childrenOf(nodes: ReadonlyMap<string, unknown>): Map<string | null, string[]> | undefined {
  const children = new Map<string | null, string[]>();
  for (const [id, node] of nodes) {
    if (!isRecordId(id) || !isRawObject(node)) return undefined;
    const { parent = null, children: listed = [] } = node;
    if (parent !== null && typeof parent !== 'string') return undefined;
    if (!Array.isArray(listed) || listed.some(child => typeof child !== 'string')) return undefined;
    const above = parent !== null && nodes.has(parent) ? parent : null;
    const those = children.get(above);
    if (those) those.push(id);
    else children.set(above, [id]);
  }
  for (const [parent, those] of children) {
    if (parent === null) continue;
    const { children: listed = [] } = nodes.get(parent) as { children?: string[] };
    const places = new Map(listed.map((child, at) => [child, at]));
    const placeOf = (id: string) => places.get(id) ?? listed.length;
    those.sort((a, b) => placeOf(a) - placeOf(b));
  }
  return children;
}

interface Said {
  role: Message['role'];
  text: string;
  at: number | undefined;
  model: string | undefined;
}

/** What was said by reader or model; 'nothing' for what is none of that, 'other' where it is no text. */
function readNode({ message = null }: RawObject): Said | 'nothing' | 'other' | 'broken' {
  if (message === null) return 'nothing';
  if (!isRawObject(message) || !isRawObject(message.author) || !isRawObject(message.content)) return 'broken';
  const { author, content, metadata } = message;
  if (typeof author.role !== 'string' || typeof content.content_type !== 'string') return 'broken';
  const facts = isRawObject(metadata) ? metadata : {};
  const isSaid = author.role === 'user' || author.role === 'assistant';
  if (!isSaid || facts.is_visually_hidden_from_conversation === true) return 'nothing';
  // What is written to a tool is no answer.
  if (typeof message.recipient === 'string' && message.recipient !== 'all') return 'nothing';
  const isText = content.content_type === 'text' || content.content_type === 'multimodal_text';
  if (!isText) return 'other';
  if (!Array.isArray(content.parts)) return 'broken';
  const parts = content.parts.map(part =>
    typeof part === 'string' ? part : '[Something that is no text, and is not in the export]',
  );
  const text = parts.filter(part => part !== '').join('\n\n');
  if (text === '') return 'nothing';
  const model = textOf(facts.model_slug);
  return {
    role: author.role as Message['role'],
    text,
    at: timeOf(message.create_time),
    model: author.role === 'assistant' ? `${model ?? 'a model'} (ChatGPT)` : undefined,
  };
}

/** By time, each later than its parent and than all before it. */
function inOrder(found: readonly Open[], conversationId: string): Message[] {
  const times = timesOf(found);
  const sorted = [...found].sort((a, b) => times.get(a.id)! - times.get(b.id)!);
  let last = 0;
  return sorted.map(({ id, parentId, role, texts, model }) => {
    last = Math.max(times.get(id)!, last + 1);
    return {
      v: conversationVersion,
      id,
      conversationId,
      parentId,
      role,
      text: texts.join('\n\n'),
      createdAt: last,
      ...(role === 'assistant' ? { stopReason: 'end' as const, ...(model ? { model } : {}) } : {}),
    };
  });
}

/** By id, each later than its parent's, whatever the clock said. */
function timesOf(found: readonly Open[]): Map<string, number> {
  const byId = new Map(found.map(open => [open.id, open]));
  const times = new Map<string, number>();
  for (const open of found) {
    const chain: Open[] = [];
    for (let each: Open | undefined = open; each && !times.has(each.id); ) {
      chain.push(each);
      each = each.parentId === null ? undefined : byId.get(each.parentId);
    }
    for (const each of chain.reverse()) {
      const parentAt = each.parentId === null ? 0 : (times.get(each.parentId) ?? 0);
      times.set(each.id, Math.max(each.at, parentAt + 1));
    }
  }
  return times;
}

/** The message at, or the nearest above, the node that was shown last. */
function leafOf(
  current: unknown,
  nodes: ReadonlyMap<string, unknown>,
  found: ReadonlyMap<string, Open>,
): string | undefined {
  let id = current;
  for (let steps = 0; typeof id === 'string' && steps <= nodes.size; steps++) {
    if (found.has(id)) return id;
    id = (nodes.get(id) as RawObject | undefined)?.parent;
  }
  return undefined;
}

const latestSecond = Date.UTC(9999, 11, 31) / 1000;

/** Seconds since 1970 as milliseconds. */
function timeOf(value: unknown): number | undefined {
  const isTime = typeof value === 'number' && value >= 0 && value <= latestSecond;
  return isTime ? Math.round(value * 1000) : undefined;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
