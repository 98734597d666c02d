/** An answer computed once more on the present device, beside its conversation, which stays as it is. */
import {
  type AnswerRecord,
  BedsideError,
  computedOn,
  type GenerateOutcome,
  type Message,
  pathTo,
  productVersion,
  sentence,
  unpackIds,
} from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';
import type { ChatStore } from '../conversation/chat-store.ts';
import type { ImageCache } from '../images/image-cache.ts';
import type { ModelChoice } from '../model/model-choice.ts';
import { hasWritten, keyOf } from '../model/model-identity.ts';
import { type ModelState, type ModelStore, onDuty } from '../model/model-store.ts';
import { type Comparison, type Computed, compareAnswers } from './compare-answers.ts';
import { promptImages, promptMessages, promptTurns } from './prompt-messages.ts';
import { recordedDevice, recordedModel } from './record-answer.ts';

interface Dependencies {
  services: Pick<Services, 'engine' | 'conversations'>;
  chat: ChatStore;
  models: ModelStore;
  imageCache: ImageCache;
}

export interface ReproductionEvents {
  signal: AbortSignal;
  /** Tokens of the answer that were computed so far. */
  onTokens: (done: number) => void;
}

export class Reproducer {
  readonly #use: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#use = dependencies;
  }

  /** What the answer was made of; undefined where none was kept. Rejects with what storage says. */
  load({ conversationId, id }: Message): Promise<AnswerRecord | undefined> {
    return this.#use.services.conversations.loadAnswerRecord(conversationId, id);
  }

  /**
   * Asks the loaded model the same again. The prompt is read from its first token; what is cut off in the record is computed as
   * far. Rejects with 'no-model' where another one is loaded, 'busy', 'aborted', and what answers can fail with.
   */
  async reproduce(answer: Message, record: AnswerRecord, events: ReproductionEvents): Promise<Comparison> {
    const { services, chat, models, imageCache } = this.#use;
    const { info } = models.getState();
    const model = onDuty(models.getState());
    if (!info || !model || !isReadyFor(answer, models.getState())) throw otherModel(record);
    if (chat.getState().run) throw stillAnswering();
    const ids = unpackIds(record.answer.ids) ?? [];
    const { begunTokens: _, ...request } = record.request;
    const path = pathTo(chat.getState().tree, answer.parentId ?? answer.id);
    const turns = promptTurns(path, {
      includeHistory: request.includeHistory,
      seesImages: info.vision !== undefined,
    });
    const images = await promptImages(turns, imageCache);
    // Nobody stops it at the same token by hand.
    const enough = new AbortController();
    const isCutOff = record.answer.stopReason === 'aborted';
    const signal = AbortSignal.any([events.signal, enough.signal]);
    const outcome = await services.engine.generate(
      {
        ...request,
        messages: promptMessages(turns),
        ...(images.length > 0 ? { images } : {}),
        readsAnew: true,
      },
      {
        signal,
        onText: (_text, tokens) => {
          events.onTokens(tokens);
          if (isCutOff && tokens >= ids.length) enough.abort();
        },
      },
    );
    events.signal.throwIfAborted();
    return compareAnswers(
      { record, text: answer.text },
      { record: this.#presentRecord(model, outcome), text: outcome.text, ids: outcome.ids },
    );
  }

  #presentRecord(model: ModelChoice, outcome: GenerateOutcome): Computed['record'] {
    const info = this.#use.models.getState().info!;
    return {
      product: productVersion(),
      model: recordedModel(model, info),
      device: { ...recordedDevice(info), computedOn: outcome.computedOn ?? computedOn(info.device) },
      contextTokens: outcome.contextTokens,
      promptIds: outcome.prompt.ids,
    };
  }
}

/** Whether the model that wrote the answer is the one that is loaded. */
export function isReadyFor(answer: Message, state: ModelState): boolean {
  const model = onDuty(state);
  return state.phase === 'ready' && model !== null && hasWritten(model, answer);
}

/** The model that wrote the answer, where it is on this device or comes with the site. */
export function writerOnDevice(answer: Message, state: ModelState): ModelChoice | null {
  const listed = state.catalogue.map((entry): ModelChoice => ({ entry, files: null }));
  const known = [onDuty(state), state.meant, state.seeing, ...listed].filter(model => model !== null);
  return known.find(model => keyOf(model) === answer.modelKey) ?? null;
}

function otherModel({ model }: AnswerRecord): BedsideError {
  return new BedsideError(
    'no-model',
    sentence`writer-not-loaded: ${{ model: model.name }} wrote this answer, and it is not loaded.`,
    'Load it, then reproduce the answer.',
  );
}

function stillAnswering(): BedsideError {
  return new BedsideError(
    'busy',
    sentence`reproduce-while-answering: An answer is being written.`,
    'Wait until it ends, or stop it.',
  );
}
