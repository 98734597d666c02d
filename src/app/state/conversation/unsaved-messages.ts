import type { Conversation, ConversationTree, Message } from '../../../client/index.ts';

interface Unsaved {
  conversation: Conversation;
  messages: Map<string, Message>;
}

/** What was to be stored of conversations and is not yet: of each message its latest state. */
export class UnsavedMessages {
  readonly #byId = new Map<string, Unsaved>();

  put(conversation: Conversation, messages: Iterable<Message>): void {
    const { messages: earlier } = this.#byId.get(conversation.id) ?? { messages: [] };
    const latest = new Map(earlier);
    for (const message of messages) latest.set(message.id, message);
    this.#byId.set(conversation.id, { conversation, messages: latest });
  }

  get(id: string): ConversationTree | undefined {
    const unsaved = this.#byId.get(id);
    return (
      unsaved && {
        conversation: unsaved.conversation,
        messages: [...unsaved.messages.values()].sort((a, b) => a.createdAt - b.createdAt),
      }
    );
  }

  list(): ConversationTree[] {
    return [...this.#byId.keys()].map(id => this.get(id)).filter(tree => tree !== undefined);
  }

  /** These are stored now. What was put since then still waits. */
  settle({ conversation, messages }: ConversationTree): void {
    const unsaved = this.#byId.get(conversation.id);
    if (!unsaved) return;
    for (const message of messages) {
      if (unsaved.messages.get(message.id) === message) unsaved.messages.delete(message.id);
    }
    if (unsaved.messages.size === 0 && unsaved.conversation === conversation) {
      this.#byId.delete(conversation.id);
    }
  }

  /** Gives up what waits of a conversation, and returns it. */
  take(id: string): ConversationTree | undefined {
    const tree = this.get(id);
    this.#byId.delete(id);
    return tree;
  }
}

/** Whether a tree can be shown without what is stored of it: every message but the first ones follows another one in it. */
export function isWhole({ conversation, messages }: ConversationTree): boolean {
  const ids = new Set(messages.map(({ id }) => id));
  return (
    conversation.rootIds.every(id => ids.has(id)) &&
    messages.every(({ parentId }) => parentId === null || ids.has(parentId))
  );
}
