import {
  BedsideError,
  type ErrorData,
  type ImageInput,
  type Message,
  type PromptText,
  pathTo,
  sentence,
  toErrorData,
} from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';
import type { ChatStore } from '../conversation/chat-store.ts';
import { hasWords, isReady, questionImage } from '../drafts/attachment.ts';
import { sourceTextsOf } from '../drafts/draft-source.ts';
import { type DraftStore, draftOf } from '../drafts/draft-store.ts';
import type { ImageCache } from '../images/image-cache.ts';
import { requestFor, thinkingOptions } from '../model/asked-with.ts';
import { noModel } from '../model/model-controller.ts';
import type { ModelStore } from '../model/model-store.ts';
import { samplingInForce } from '../model/sampling-in-force.ts';
import { wishesOf } from '../model/wishes.ts';
import type { SettingsController } from '../settings/settings-controller.ts';
import { eachOnce, promptImages, promptMessages, promptTurns } from './prompt-messages.ts';

interface Dependencies {
  engine: Services['engine'];
  chat: ChatStore;
  drafts: DraftStore;
  models: ModelStore;
  settings: SettingsController;
  imageCache: ImageCache;
}

export type ShownPrompt = { prompt: PromptText } | { error: ErrorData };

/** Shows what the model on duty reads of the conversation that is shown. */
export class PromptViewer {
  readonly #use: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#use = dependencies;
  }

  /** The exact prompt of what would be asked next, or of the last question where nothing is written. Never rejects. */
  async show(): Promise<ShownPrompt> {
    try {
      return { prompt: await this.#show() };
    } catch (thrown) {
      return { error: toErrorData(thrown) };
    }
  }

  async #show(): Promise<PromptText> {
    const { engine, chat, models, settings, imageCache } = this.#use;
    const { entry, info } = models.getState();
    const { tree } = chat.getState();
    if (!entry || !info) throw noModel;
    const { tiling, compressImages } = settings.current;
    const { sampling, maxTokens, asked } = wishesOf(settings.current, tree.conversation, entry.id);
    const asking = requestFor(entry, asked);
    const { path, added } = this.#path();
    const seesImages = info.vision !== undefined;
    const turns = promptTurns(path, { includeHistory: asking.includeHistory, seesImages });
    const stored = turns.filter(({ id }) => id !== draftId);
    const images = eachOnce([...(await promptImages(stored, imageCache)), ...(seesImages ? added : [])]);
    const prompt = await engine.showPrompt({
      ...asking,
      ...thinkingOptions(asking, info.template, asked),
      messages: promptMessages(turns),
      date: tree.conversation.createdAt,
      ...(images.length > 0 ? { images, tiling, compressImages } : {}),
      sampling: samplingInForce(sampling, { entry, info }).settings,
      maxTokens,
    });
    if (!prompt) throw noModel;
    return prompt;
  }

  /** The branch that is shown up to its question, which may be one that is not sent yet. */
  #path(): { path: Message[]; added: ImageInput[] } {
    const { tree } = this.#use.chat.getState();
    const { id: conversationId } = tree.conversation;
    const { text, attachments, sources: texts } = draftOf(this.#use.drafts.getState(), conversationId);
    const shown = pathTo(tree);
    const added = attachments.filter(isReady).map(attachment => ({
      ...questionImage(attachment),
      blob: attachment.blob,
    }));
    const sources = sourceTextsOf(texts);
    if (hasWords(text) || added.length > 0 || sources.length > 0) {
      const draft: Message = {
        v: 4,
        id: draftId,
        conversationId,
        parentId: null,
        createdAt: 0,
        role: 'user',
        text,
        ...(sources.length > 0 ? { sources } : {}),
        ...(added.length > 0 ? { images: added.map(({ blob: _, ...image }) => image) } : {}),
      };
      return { path: [...shown, draft], added };
    }
    const last = shown.findLastIndex(({ role }) => role === 'user');
    if (last < 0) throw nothingAsked();
    return { path: shown.slice(0, last + 1), added: [] };
  }
}

const draftId = 'draft';

function nothingAsked(): BedsideError {
  return new BedsideError(
    'invalid-request',
    sentence`no-question-to-show: Nothing is asked yet, so there is no prompt.`,
    'Write a question, then look again: it need not be sent.',
  );
}
