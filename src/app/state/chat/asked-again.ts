/** What an answer was asked with, to be asked or scored once more by the model that wrote it. */
import {
  type AnswerRecord,
  BedsideError,
  type GenerateRequest,
  type Message,
  type ModelInfo,
  pathTo,
  sentence,
} from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';
import type { ChatStore } from '../conversation/chat-store.ts';
import type { ConversationListController } from '../conversation/conversation-list-controller.ts';
import type { ImageCache } from '../images/image-cache.ts';
import type { ModelChoice } from '../model/model-choice.ts';
import { hasWritten } from '../model/model-identity.ts';
import { type ModelState, type ModelStore, onDuty } from '../model/model-store.ts';
import type { SettingsController } from '../settings/settings-controller.ts';
import { promptImages, promptMessages, promptTurns } from './prompt-messages.ts';

/** What is needed to ask the engine about answers that are there already. */
export interface AnswerParts {
  services: Pick<Services, 'engine' | 'conversations'>;
  chat: ChatStore;
  models: ModelStore;
  imageCache: ImageCache;
  conversationList: Pick<ConversationListController, 'save' | 'saveAnswerRecord'>;
  settings: Pick<SettingsController, 'current'>;
}

export interface AskedAgain {
  request: GenerateRequest & { date: number; thoughtTokens: number };
  model: ModelChoice;
  info: ModelInfo;
}

/** Whether the model that wrote the answer is the one that is loaded. */
export function isReadyFor(answer: Message, state: ModelState): boolean {
  const model = onDuty(state);
  return state.phase === 'ready' && model !== null && hasWritten(model, answer);
}

/**
 * The request of an answer, with the turns and images before it as they are kept. Rejects with 'no-model' where another one than
 * its writer is loaded, 'busy' while an answer is written, 'invalid-request' for an image that is not kept any more.
 */
export async function askedAgain(
  answer: Message,
  record: AnswerRecord,
  { chat, models, imageCache }: Pick<AnswerParts, 'chat' | 'models' | 'imageCache'>,
): Promise<AskedAgain> {
  const { info } = models.getState();
  const model = onDuty(models.getState());
  if (!info || !model || !isReadyFor(answer, models.getState())) throw otherModel(record);
  if (chat.getState().run) throw stillAnswering();
  const { begunTokens: _, ...request } = record.request;
  const path = pathTo(chat.getState().tree, answer.parentId ?? answer.id);
  const turns = promptTurns(path, {
    includeHistory: request.includeHistory,
    seesImages: info.vision !== undefined,
  });
  const images = await promptImages(turns, imageCache);
  return {
    request: { ...request, messages: promptMessages(turns), ...(images.length > 0 ? { images } : {}) },
    model,
    info,
  };
}

function otherModel({ model }: AnswerRecord): BedsideError {
  return new BedsideError(
    'no-model',
    sentence`writer-not-loaded: ${{ model: model.name }} wrote this answer, and it is not loaded.`,
    'Load it, then try again.',
  );
}

function stillAnswering(): BedsideError {
  return new BedsideError(
    'busy',
    sentence`asked-again-while-answering: An answer is being written.`,
    'Wait until it ends, or stop it.',
  );
}
