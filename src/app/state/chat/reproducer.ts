/** An answer computed once more on the present device, beside its conversation, which stays as it is. */
import {
  type AnswerRecord,
  computedOn,
  type GenerateOutcome,
  type Message,
  productVersion,
  unpackIds,
} from '../../../client/index.ts';
import type { ModelChoice } from '../model/model-choice.ts';
import { keyOf } from '../model/model-identity.ts';
import { type ModelState, onDuty } from '../model/model-store.ts';
import { type AnswerParts, askedAgain } from './asked-again.ts';
import { type Comparison, type Computed, compareAnswers } from './compare-answers.ts';
import { recordedDevice, recordedModel } from './record-answer.ts';

export interface ReproductionEvents {
  signal: AbortSignal;
  /** Tokens of the answer that were computed so far. */
  onTokens: (done: number) => void;
}

export class Reproducer {
  readonly #use: AnswerParts;

  constructor(dependencies: AnswerParts) {
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
    const { services } = this.#use;
    const { request, model } = await askedAgain(answer, record, this.#use);
    const ids = unpackIds(record.answer.ids) ?? [];
    // Nobody stops it at the same token by hand.
    const enough = new AbortController();
    const isCutOff = record.answer.stopReason === 'aborted';
    const signal = AbortSignal.any([events.signal, enough.signal]);
    const outcome = await services.engine.generate(
      {
        ...request,
        // What the reader wrote is no model's to compute.
        ...(answer.edit ? { begun: { text: answer.text.slice(0, answer.edit.length), tokenIds: [] } } : {}),
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

/** The model that wrote the answer, where it is on this device or comes with the site. */
export function writerOnDevice(answer: Message, state: ModelState): ModelChoice | null {
  const listed = state.catalogue.map((entry): ModelChoice => ({ entry, files: null }));
  const known = [onDuty(state), state.meant, state.seeing, ...listed].filter(model => model !== null);
  return known.find(model => keyOf(model) === answer.modelKey) ?? null;
}
