/** Which letter of a question's options the model that answered would begin with, computed when that is asked for. */
import {
  type ChatMessage,
  findMessage,
  type Message,
  type OptionLikelihood,
  replaceMessage,
  unpackIds,
} from '../../client/index.ts';
import { optionsOf, type QuestionOption, turnedRound } from '../options/question-options.ts';
import { askedAgain } from '../state/chat/asked-again.ts';
import { recordedModel } from '../state/chat/record-answer.ts';
import type { App } from '../state/create-app.ts';
import { requireRecord, requireSameFile } from './requested-scores.ts';

/** Of the question of an answer; null where it has none. */
export function optionsFor(answer: Message, messages: readonly Message[]): QuestionOption[] | null {
  const question = messages.find(({ id }) => id === answer.parentId);
  return question ? optionsOf(question.text) : null;
}

export interface ComparisonEvents {
  signal: AbortSignal;
  onPrefill: (done: number, total: number) => void;
}

/**
 * As the question stands, or once more with its options in the opposite order; kept with the answer. Rejects with 'aborted', where
 * another model is loaded, and with what scoring can fail with.
 */
export async function compareOptions(
  app: App,
  answer: Message,
  order: 'written' | 'turned',
  events: ComparisonEvents,
): Promise<void> {
  const { answerParts, chat } = app;
  const question = findMessage(chat.getState().tree, answer.parentId ?? '');
  const options = question && optionsOf(question.text);
  if (!options) return;
  const record = await requireRecord(app, answer);
  const { request, model, info } = await askedAgain(answer, record, answerParts);
  requireSameFile(record, recordedModel(model, info).sha256);
  const letters = options.map(({ letter }) => letter);
  const messages = order === 'turned' ? turnLast(request.messages, question.text, options) : request.messages;
  const found = await answerParts.services.engine.scoreLetters(
    {
      request: { ...request, messages },
      // In another order it is another prompt.
      ...(order === 'written' ? { promptIds: unpackIds(record.prompt.ids) ?? [] } : {}),
      letters,
    },
    events,
  );
  const values = found.letters.map(({ logProbability }) => Math.exp(logProbability));
  // Under the first letter stands what is the last option otherwise.
  const turned = [...values].reverse();
  const likelihoods = options.map(({ letter, text }, place): OptionLikelihood => {
    const before = answer.optionLikelihoods?.[place];
    return order === 'written'
      ? { letter, text, probability: values[place]! }
      : { letter, text, probability: before?.probability ?? 0, turned: turned[place]! };
  });
  await keep(app, answer, likelihoods);
}

/** The question is in the last message, which may say more around it. */
function turnLast(
  messages: readonly ChatMessage[],
  question: string,
  options: readonly QuestionOption[],
): ChatMessage[] {
  const turned = turnedRound(question, options);
  return messages.map((message, place) =>
    place === messages.length - 1
      ? { ...message, text: message.text.replace(question, () => turned) }
      : message,
  );
}

async function keep(app: App, { id, conversationId }: Message, optionLikelihoods: OptionLikelihood[]) {
  const { tree } = app.chat.getState();
  const answer = tree.conversation.id === conversationId ? findMessage(tree, id) : undefined;
  if (!answer) return;
  const message = { ...answer, optionLikelihoods };
  app.chat.setState({ tree: replaceMessage(tree, message) });
  await app.answerParts.conversationList.save(tree.conversation, message);
}
