/** Scores of answers that are shown: asked for one at a time, kept as long as the page lives, given up for an answer. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type AnswerRecord,
  BedsideError,
  type ErrorData,
  type Message,
  sentence,
  toErrorData,
  unpackIds,
} from '../../client/index.ts';
import { askedAgain } from '../state/chat/asked-again.ts';
import { recordedModel } from '../state/chat/record-answer.ts';
import type { App } from '../state/create-app.ts';
import { type Segment, segmentsOf, tokensOfAnswer } from './word-likelihoods.ts';

/** How far the scoring of an answer is. */
export interface ScoringProgress {
  step: 'waiting' | 'images' | 'prompt' | 'answer';
  done: number;
  total: number;
}

export type WordScores =
  | { phase: 'scoring'; progress: ScoringProgress }
  | { phase: 'scored'; segments: readonly Segment[]; isSurelySame: boolean }
  | { phase: 'failed'; error: ErrorData };

export interface ConfidenceState {
  /** By answer; those that are not there are not shown. */
  words: Readonly<Record<string, WordScores>>;
}

export class Confidence {
  readonly store: StoreApi<ConfidenceState> = createStore(() => ({ words: {} }));
  readonly #app: App;
  readonly #kept = new Map<string, WordScores & { phase: 'scored' }>();
  #stop: AbortController | null = null;

  constructor(app: App) {
    this.#app = app;
    // Whoever asks does not wait for what reads an answer again.
    app.chat.subscribe(({ run }) => {
      if (!run) return;
      this.stop();
      // An answer that goes on is another one.
      if (this.#kept.delete(run.messageId)) this.#show(run.messageId, null);
    });
  }

  /** Scores the words of an answer and shows it, or shows them no longer. */
  async toggleWords(answer: Message): Promise<void> {
    const { words } = this.store.getState();
    const shown = words[answer.id];
    if (shown && shown.phase !== 'failed') {
      if (shown.phase === 'scoring') this.stop();
      return this.#show(answer.id, null);
    }
    const kept = this.#kept.get(answer.id);
    if (kept) return this.#show(answer.id, kept);
    this.stop();
    const stop = new AbortController();
    this.#stop = stop;
    const note = (step: ScoringProgress['step'], done = 0, total = 0) => {
      if (!stop.signal.aborted) this.#show(answer.id, { phase: 'scoring', progress: { step, done, total } });
    };
    note('waiting');
    try {
      const scored = await this.#score(answer, stop.signal, note);
      this.#kept.set(answer.id, scored);
      this.#show(answer.id, scored);
    } catch (thrown) {
      const isStopped = stop.signal.aborted;
      this.#show(answer.id, isStopped ? null : { phase: 'failed', error: toErrorData(thrown) });
    } finally {
      if (this.#stop === stop) this.#stop = null;
    }
  }

  stop(): void {
    this.#stop?.abort();
  }

  async #score(
    answer: Message,
    signal: AbortSignal,
    note: (step: ScoringProgress['step'], done?: number, total?: number) => void,
  ): Promise<WordScores & { phase: 'scored' }> {
    const { answerParts } = this.#app;
    const record = await requireRecord(this.#app, answer);
    const { request, model, info } = await askedAgain(answer, record, answerParts);
    const isSurelySame = requireSameFile(record, recordedModel(model, info).sha256);
    const { tokens } = await answerParts.services.engine.scoreTokens(
      { request, promptIds: unpackIds(record.prompt.ids) ?? [], ids: unpackIds(record.answer.ids) ?? [] },
      {
        signal,
        onVision: progress =>
          progress.phase === 'decoding'
            ? note('images', progress.image - 1, progress.images)
            : note('images', progress.done, progress.total),
        onPrefill: (done, total) => note('prompt', done, total),
        onScored: (done, total) => note('answer', done, total),
      },
    );
    return { phase: 'scored', segments: segmentsOf(tokensOfAnswer(tokens, answer.text)), isSurelySame };
  }

  #show(id: string, scores: WordScores | null): void {
    const { [id]: _, ...others } = this.store.getState().words;
    this.store.setState({ words: scores ? { ...others, [id]: scores } : others });
  }
}

/** The record of an answer. Rejects with 'invalid-request' where none was kept. */
export async function requireRecord(app: App, answer: Message): Promise<AnswerRecord> {
  const record = await app.reproducer.load(answer);
  if (record) return record;
  throw new BedsideError(
    'invalid-request',
    sentence`scored-without-record: No record of this answer was kept, so it cannot be read again as it was written.`,
    'It was written by an earlier version of Bedside, or interrupted. Answer again, and use the new answer.',
  );
}

/** Whether the files are known to be the same; throws 'no-model' where they are known to be others. */
export function requireSameFile(record: AnswerRecord, loaded: readonly string[] | undefined): boolean {
  const { sha256, name } = record.model;
  if (!sha256 || !loaded) return false;
  if (sha256.join() === loaded.join()) return true;
  throw new BedsideError(
    'no-model',
    sentence`scored-by-other-files: Another file of ${{ model: name }} is loaded than the one that wrote this answer.`,
    'Load the file that wrote it; its SHA-256 is in the record of the answer.',
  );
}

const ofApps = new WeakMap<App, Confidence>();

/** One for a page. */
export function confidenceOf(app: App): Confidence {
  let found = ofApps.get(app);
  if (!found) {
    found = new Confidence(app);
    ofApps.set(app, found);
  }
  return found;
}
