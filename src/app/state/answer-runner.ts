import {
  type Conversation,
  type ErrorData,
  type Message,
  replaceMessage,
  type StopReason,
  toErrorData,
} from '../../client/index.ts';
import type { Services } from '../services.ts';
import { isModelLost } from './answer-status.ts';
import type { ChatStore, Run } from './chat-store.ts';
import type { ImageShelf } from './image-shelf.ts';
import type { LibraryController } from './library-controller.ts';
import { type ModelController, noVisionModel } from './model-controller.ts';
import type { ModelKeeper } from './model-keeper.ts';
import type { ModelStore } from './model-store.ts';
import { PartialSaver } from './partial-saver.ts';
import { promptImages, promptMessages, promptTurns } from './prompt-messages.ts';
import type { SettingsController } from './settings-controller.ts';
import type { UiStore } from './ui-store.ts';

interface Dependencies {
  engine: Services['engine'];
  chat: ChatStore;
  models: ModelStore;
  ui: UiStore;
  library: LibraryController;
  model: ModelController;
  keeper: ModelKeeper;
  settings: SettingsController;
  shelf: ImageShelf;
}

/** Writes one answer at a time into the tree and into storage. */
export class AnswerRunner {
  readonly #use: Dependencies;
  #abort: AbortController | null = null;
  #settled: Promise<void> = Promise.resolve();
  #saver: PartialSaver | null = null;
  /** Ended by what happened to the page or the model, not by the reader: it stays open to be continued. */
  #isCutOff = false;

  constructor(dependencies: Dependencies) {
    this.#use = dependencies;
  }

  /** `path` ends with the question; what `answer` holds already is its beginning. Settles when the answer has ended; a failure becomes part of the answer. */
  run(conversation: Conversation, path: Message[], answer: Message): Promise<void> {
    this.#settled = this.#run(conversation, path, answer);
    return this.#settled;
  }

  stop(): void {
    if (!this.#abort) return;
    this.#setRun({ phase: 'stopping' });
    this.#abort.abort();
  }

  async stopAndSettle(): Promise<void> {
    this.stop();
    await this.#settled;
  }

  /** As if the page had gone away: what is written is stored, and can go on later. */
  async cutOff(): Promise<void> {
    this.#isCutOff = true;
    await this.stopAndSettle();
  }

  /** Stores what is written so far without waiting for the next second. */
  async savePartial(): Promise<void> {
    await this.#saver?.flush();
  }

  /** Until the answer being written has ended and is stored. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  async #run(conversation: Conversation, path: Message[], answer: Message): Promise<void> {
    const { chat, keeper, library, shelf, ui } = this.#use;
    const abort = new AbortController();
    this.#abort = abort;
    this.#isCutOff = false;
    chat.setState({
      run: {
        conversation,
        messageId: answer.id,
        phase: 'waiting',
        vision: null,
        prefill: null,
        text: answer.text,
        tokenIds: answer.tokenIds ?? [],
        interruption: null,
      },
    });
    ui.getState().announce('Answering…');
    let record = conversation;
    const saver = new PartialSaver((...messages) => {
      record = this.#indexRecord(record);
      return library.save(record, ...messages);
    });
    this.#saver = saver;
    const kept = saver
      .saveNow(...path.slice(-1), answer)
      .then(() => shelf.store(conversation.id))
      .then(() => library.refresh());

    const ending = await this.#generateThroughLosses(path, answer, abort.signal, saver);
    const final = this.#finalOf(answer, ending);
    const saved = saver.finish(final);
    // The last save comes when the run, and a title given meanwhile with it, is gone.
    record = this.#indexRecord(record);
    this.#abort = null;
    this.#saver = null;
    chat.setState(({ tree }) => ({
      run: null,
      tree: replaceMessage(tree, final),
    }));
    ui.getState().announce(endInWords(final));
    if (final.error) void keeper.noteFailure(final.error);
    await Promise.all([saved, kept]);
    await library.refresh();
  }

  /** A model that is lost meanwhile is brought back, and the answer goes on where it was. */
  async #generateThroughLosses(
    path: Message[],
    answer: Message,
    signal: AbortSignal,
    saver: PartialSaver,
  ): Promise<Partial<Message>> {
    for (;;) {
      const ending = await this.#generate(path, answer, signal, saver);
      if (!ending.error || !isModelLost(ending.error) || signal.aborted) return ending;
      const recovered = this.#use.keeper.recover(ending.error);
      this.#setRun({ phase: 'waiting', vision: null, prefill: null, interruption: ending.error });
      void saver.flush();
      const refusal = await recovered;
      if (refusal) return { ...ending, error: refusal };
    }
  }

  #finalOf(answer: Message, { stopReason, ...ending }: Partial<Message>): Message {
    const { text = answer.text, tokenIds = [] } = this.#use.chat.getState().run ?? {};
    const reason: StopReason | undefined =
      this.#isCutOff && stopReason === 'aborted' ? undefined : stopReason;
    const final: Message = { ...answer, text, ...ending, ...(reason ? { stopReason: reason } : {}) };
    // What a whole answer was made of is of no use any more.
    const canGoOn = reason === undefined || reason === 'aborted' || reason === 'max-tokens';
    const { tokenIds: _, ...whole } = final;
    return canGoOn && tokenIds.length > 0 ? { ...whole, tokenIds } : whole;
  }

  async #generate(
    path: Message[],
    answer: Message,
    signal: AbortSignal,
    saver: PartialSaver,
  ): Promise<Partial<Message>> {
    const { chat, models, settings, engine, shelf, keeper } = this.#use;
    const failure = await this.#whenReadyFor(path, signal);
    const { entry, info } = models.getState();
    if (failure) return { error: failure };
    if (signal.aborted || !entry) return { stopReason: 'aborted' };
    this.#setRun({ phase: 'reading' });
    const { sampling, maxTokens, tiling, compressImages } = settings.current;
    const { text: begunText, tokenIds: begunIds } = chat.getState().run ?? { text: '', tokenIds: [] };
    const left = maxTokens - (begunIds.length - (answer.tokenIds?.length ?? 0));
    if (left < 1) return { stopReason: 'max-tokens' };
    const seesImages = info?.vision !== undefined;
    const turns = promptTurns(path, { includeHistory: entry.includeHistory, seesImages });
    try {
      const images = await promptImages(turns, shelf);
      const outcome = await engine.generate({
        template: entry.template,
        includeHistory: entry.includeHistory,
        ...(entry.system === undefined ? {} : { system: entry.system }),
        messages: promptMessages(turns),
        ...(images.length > 0 ? { images, tiling, compressImages } : {}),
        ...(begunText ? { begun: { text: begunText, tokenIds: begunIds } } : {}),
        sampling,
        maxTokens: left,
        signal,
        onVision: vision => this.#setRun({ vision }),
        onPrefill: (done, total) => this.#setRun({ vision: null, prefill: { done, total } }),
        onText: (added, _tokens, ids) => {
          const { run } = chat.getState();
          const text = (run?.text ?? '') + added;
          const tokenIds = [...(run?.tokenIds ?? []), ...ids];
          const phase = signal.aborted ? 'stopping' : 'answering';
          this.#setRun({ phase, text, tokenIds, interruption: null });
          saver.saveSoon({ ...answer, text, tokenIds, model: entry.name });
        },
      });
      keeper.noteAnswered();
      const { text, stopReason, usage, droppedMessages, contextTokens, usedTokens, vision } = outcome;
      if (usage.tokensPerSecond > 0) models.setState({ tokensPerSecond: usage.tokensPerSecond });
      const readAlone = !entry.includeHistory && path.length > 1;
      const record = { text, stopReason, usage, droppedMessages, contextTokens, usedTokens, readAlone };
      const withoutImages = !seesImages && path.some(message => message.images);
      return {
        ...record,
        model: entry.name,
        ...(vision ? { vision } : {}),
        ...(withoutImages ? { withoutImages } : {}),
      };
    } catch (thrown) {
      const error = toErrorData(thrown);
      // Only the model that began it goes on with it.
      const begun = chat.getState().run?.text ? { model: entry.name } : {};
      return { ...begun, ...(error.code === 'aborted' ? { stopReason: 'aborted' } : { error }) };
    }
  }

  /**
   * A question with images needs a model that sees: where another one is loaded, one is brought first. So it is for
   * a question about earlier images, unless the reader has opened a model of their own and means that one.
   */
  async #whenReadyFor(path: readonly Message[], signal: AbortSignal): Promise<ErrorData | null> {
    const { keeper, model, models } = this.#use;
    keeper.wake(signal);
    let failure = await model.whenReady(signal);
    if (failure || signal.aborted) return failure;
    const isMeant = path.at(-1)?.images !== undefined;
    const isLikely = models.getState().entry?.kind === 'demonstration' && path.some(({ images }) => images);
    if (!isMeant && !isLikely) return null;
    const refusal = model.ensureVision();
    if (refusal) return isMeant ? refusal : null;
    failure = await model.whenReady(signal);
    if (failure || signal.aborted) return failure;
    const { info, error } = models.getState();
    return info?.vision || !isMeant ? null : (error ?? noVisionModel);
  }

  /** The newest copy: the reader may have renamed the conversation or changed its branch. */
  #indexRecord(conversation: Conversation): Conversation {
    const { tree, run } = this.#use.chat.getState();
    if (tree.conversation.id === conversation.id) return tree.conversation;
    return run?.conversation.id === conversation.id ? run.conversation : conversation;
  }

  #setRun(changes: Partial<Run>): void {
    this.#use.chat.setState(({ run }) => (run ? { run: { ...run, ...changes } } : {}));
  }
}

function endInWords(answer: Message): string {
  const words = answer.text.split(/\s+/).filter(Boolean).length;
  const count = `${words} ${words === 1 ? 'word' : 'words'}`;
  if (answer.error) return `The answer was interrupted after ${count}. ${answer.error.message}`;
  return answer.stopReason === 'aborted' ? `Answer stopped, ${count}` : `Answer complete, ${count}`;
}
