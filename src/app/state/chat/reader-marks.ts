/** What a reader does to an answer: its words changed beside it, a judgement kept with it. */
import {
  type AnswerRating,
  addMessage,
  answerOf,
  type Conversation,
  findMessage,
  type Message,
  noteLimit,
  replaceMessage,
} from '../../../client/index.ts';
import type { ChatStore } from '../conversation/chat-store.ts';
import { writerOf } from '../model/model-identity.ts';
import { editedSpans } from './edited-spans.ts';

interface Use {
  chat: ChatStore;
  list: { save(conversation: Conversation, ...messages: Message[]): Promise<void> };
}

/**
 * Stores `words` as another version of the answer, edited by the reader; the answer and what was thought before it stay as they are.
 * Returns the id of the version, or null where there is nothing to store: the words are the same, or an answer is being written.
 */
export async function saveEdit({ chat, list }: Use, answerId: string, words: string): Promise<string | null> {
  const { tree, run } = chat.getState();
  const answer = findMessage(tree, answerId);
  const said = answer ? answerOf(answer.text) : '';
  // White space at the end would be the beginning of the next word to a model that goes on.
  const edited = words.trimEnd();
  const isWritable = tree.conversation.condition !== 'later-version';
  if (!answer || run || !isWritable || edited === '' || edited === said.trimEnd()) return null;
  const thought = answer.text.endsWith(said) ? answer.text.slice(0, answer.text.length - said.length) : '';
  const text = thought + edited;
  const { tree: added, message } = addMessage(tree, {
    parentId: answer.parentId,
    role: 'assistant',
    text,
    ...writerOf(answer),
    ...(answer.droppedMessages ? { droppedMessages: answer.droppedMessages } : {}),
    ...(answer.readAlone ? { readAlone: true } : {}),
    ...(answer.vision ? { vision: answer.vision } : {}),
    ...(answer.withoutImages ? { withoutImages: true } : {}),
    edit: {
      of: answer.id,
      editedAt: Date.now(),
      length: text.length,
      spans: editedSpans(answer.text, text, answer.edit?.spans),
    },
  });
  chat.setState({ tree: added });
  await list.save(added.conversation, message);
  return message.id;
}

/** Keeps what the reader thinks of an answer; null takes it away. */
export async function rateAnswer(
  { chat, list }: Use,
  answerId: string,
  rating: Omit<AnswerRating, 'ratedAt'> | null,
): Promise<void> {
  const { tree } = chat.getState();
  const found = findMessage(tree, answerId);
  if (!found || tree.conversation.condition === 'later-version') return;
  const { rating: _, ...answer } = found;
  const rated: Message = rating
    ? { ...answer, rating: { ...rating, note: rating.note.trim().slice(0, noteLimit), ratedAt: Date.now() } }
    : answer;
  chat.setState({ tree: replaceMessage(tree, rated) });
  await list.save(tree.conversation, rated);
}
