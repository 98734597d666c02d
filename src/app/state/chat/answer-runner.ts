import {
  type AnswerRecord,
  type Conversation,
  computedOn,
  type ErrorData,
  type Message,
  readThought,
  replaceMessage,
  type StopReason,
  toErrorData,
} from '../../../client/index.ts';
import { plural } from '../../format/quantities.ts';
import type { Services } from '../../services/services.ts';
import type { ChatStore, Run } from '../conversation/chat-store.ts';
import type { ConversationListController } from '../conversation/conversation-list-controller.ts';
import type { ImageCache } from '../images/image-cache.ts';
import { askingOf, requestFor, thinkingOptions } from '../model/asked-with.ts';
import { bringAnswerer } from '../model/bring-answerer.ts';
import { chooseAnswerer, questionOf } from '../model/choose-answerer.ts';
import { computedIn } from '../model/computed-in.ts';
import { isModelLost } from '../model/loss-counter.ts';
import type { ModelController } from '../model/model-controller.ts';
import { hasWritten, isSameModel, signatureOf, type Writer, writerOf } from '../model/model-identity.ts';
import type { ModelRecovery } from '../model/model-recovery.ts';
import { type ModelStore, onDuty } from '../model/model-store.ts';
import type { ModelSuspension } from '../model/model-suspension.ts';
import { samplingInForce } from '../model/sampling-in-force.ts';
import { wishesOf } from '../model/wishes.ts';
import type { UiStore } from '../page/ui-store.ts';
import { PartialSaver } from '../saving/partial-saver.ts';
import type { SettingsController } from '../settings/settings-controller.ts';
import { canGoOn } from './answer-status.ts';
import { promptImages, promptMessages, promptTurns } from './prompt-messages.ts';
import { recordAnswer } from './record-answer.ts';

interface Dependencies {
  engine: Services['engine'];
  chat: ChatStore;
  models: ModelStore;
  ui: UiStore;
  conversationList: ConversationListController;
  model: ModelController;
  recovery: ModelRecovery;
  suspension: ModelSuspension;
  settings: SettingsController;
  imageCache: ImageCache;
}

/** How an attempt to write an answer ended; `isGenerated`: the model was there and has tried. */
interface Ending {
  message: Partial<Message>;
  isGenerated: boolean;
  /** Of an answer that has ended. */
  record?: AnswerRecord;
}

/** Writes one answer at a time into the tree and into storage. */
export class AnswerRunner {
  readonly #use: Dependencies;
  #abort: AbortController | null = null;
  #settled: Promise<void> = Promise.resolve();
  #kept: Promise<unknown> = Promise.resolve();
  #saver: PartialSaver | null = null;
  /** Ended by what happened to the page or the model, not by the reader: it stays open to be continued. */
  #isCutOff = false;
  /** The model that has written what there is of the answer. */
  #writer: Writer = {};

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

  /** Stores what is written so far without waiting for the next partial save. */
  async savePartial(): Promise<void> {
    await this.#saver?.flush();
  }

  /** Until the latest question is stored with its images, or has turned out not to be storable. */
  get kept(): Promise<unknown> {
    return this.#kept;
  }

  /** Until the answer being written has ended and is stored. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  async #run(conversation: Conversation, path: Message[], answer: Message): Promise<void> {
    const { chat, recovery, conversationList, imageCache, ui } = this.#use;
    const abort = new AbortController();
    this.#abort = abort;
    this.#isCutOff = false;
    this.#writer = writerOf(answer);
    chat.setState({
      run: {
        conversation,
        messageId: answer.id,
        phase: 'waiting',
        vision: null,
        prefill: null,
        text: answer.text,
        tokenIds: answer.tokenIds ?? [],
        thoughtTokens: 0,
        interruption: null,
      },
    });
    ui.getState().announce('Answering…');
    let record = conversation;
    const saver = new PartialSaver((...messages) => {
      record = this.#indexRecord(record);
      return conversationList.save(record, ...messages);
    });
    this.#saver = saver;
    const kept = saver.saveNow(...path.slice(-1), answer).then(() => imageCache.store(conversation.id));
    this.#kept = kept;

    const ending = await this.#generateThroughLosses(conversation, path, answer, abort.signal, saver);
    const final = this.#finalOf(answer, ending.message);
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
    // What could not be loaded for the question says nothing of the model that is loaded.
    if (final.error && ending.isGenerated) void recovery.noteFailure(final.error);
    await Promise.all([saved, kept]);
    if (ending.record) await conversationList.saveAnswerRecord(ending.record);
  }

  /** A model that is lost meanwhile is brought back, and the answer goes on where it was. */
  async #generateThroughLosses(
    { createdAt }: Conversation,
    path: Message[],
    answer: Message,
    signal: AbortSignal,
    saver: PartialSaver,
  ): Promise<Ending> {
    for (;;) {
      const ending = await this.#generate(createdAt, path, answer, signal, saver);
      const { error } = ending.message;
      if (!ending.isGenerated || !error || !isModelLost(error) || signal.aborted) return ending;
      const recovered = this.#use.recovery.recover(error);
      this.#setRun({ phase: 'waiting', vision: null, prefill: null, interruption: error });
      void saver.flush();
      const refusal = await recovered;
      if (refusal) return { ...ending, message: { ...ending.message, error: refusal } };
    }
  }

  #finalOf(answer: Message, { stopReason, ...ending }: Partial<Message>): Message {
    const { text = answer.text, tokenIds = [] } = this.#use.chat.getState().run ?? {};
    const reason: StopReason | undefined =
      this.#isCutOff && stopReason === 'aborted' ? undefined : stopReason;
    const final: Message = { ...answer, text, ...ending, ...(reason ? { stopReason: reason } : {}) };
    // What a whole answer was made of is of no use any more.
    const { tokenIds: _, ...whole } = final;
    return canGoOn(reason) && tokenIds.length > 0 ? { ...whole, tokenIds } : whole;
  }

  async #generate(
    createdAt: number,
    path: Message[],
    answer: Message,
    signal: AbortSignal,
    saver: PartialSaver,
  ): Promise<Ending> {
    const { chat, models, settings, engine, imageCache, recovery } = this.#use;
    const failure = await this.#bringAnswerer(path, signal);
    const onlyEnding = (message: Partial<Message>): Ending => {
      // What is there already was written by a model, however it ends.
      const begun = chat.getState().run?.text ? this.#writer : {};
      return { message: { ...begun, ...message }, isGenerated: false };
    };
    if (failure && failure !== 'stopped') return onlyEnding({ error: failure });
    const { entry, files, info, device } = models.getState();
    if (failure || signal.aborted || !entry) return onlyEnding({ stopReason: 'aborted' });
    const duty = { entry, files };
    // Only the model that began it goes on with it.
    if (chat.getState().run?.text && this.#writer.model && !hasWritten(duty, this.#writer)) {
      return onlyEnding(this.#writer);
    }
    const { tiling, compressImages } = settings.current;
    const wishes = wishesOf(settings.current, chat.getState().run?.conversation, entry.id);
    const { maxTokens, thoughtTokens, asked } = wishes;
    const { template, includeHistory } = askingOf(entry, asked);
    const computedBefore = chat.getState().run?.text ? this.#writer.computedOn : [];
    const signature = {
      ...signatureOf(duty, { info, template }),
      ...computedIn(computedBefore, device.status === 'ready' ? computedOn(device.report) : undefined),
    };
    this.#writer = signature;
    chat.setState(({ tree }) => ({ tree: replaceMessage(tree, { ...answer, ...signature }) }));
    this.#setRun({ phase: 'reading' });
    const { settings: inForce } = samplingInForce(wishes.sampling, { entry, info });
    const { text: begunText, tokenIds: begunIds } = chat.getState().run ?? { text: '', tokenIds: [] };
    // What was thought has a limit of its own.
    const written = begunIds.length - (answer.tokenIds?.length ?? 0);
    const left = maxTokens - (written - (chat.getState().run?.thoughtTokens ?? 0));
    if (left < 1) return onlyEnding({ ...signature, stopReason: 'max-tokens' });
    const seesImages = info?.vision !== undefined;
    const turns = promptTurns(path, { includeHistory, seesImages });
    try {
      const images = await promptImages(turns, imageCache);
      const askedAt = Date.now();
      const request = {
        ...requestFor(entry, asked),
        ...thinkingOptions({ template }, info?.template, asked),
        messages: promptMessages(turns),
        // The day on which it began, or its prompt would be another one tomorrow.
        date: createdAt,
        ...(images.length > 0 ? { images, tiling, compressImages } : {}),
        ...(begunText ? { begun: { text: begunText, tokenIds: begunIds } } : {}),
        sampling: inForce,
        maxTokens: left,
        thoughtTokens,
      };
      const outcome = await engine.generate(request, {
        signal,
        onVision: vision => this.#setRun({ vision }),
        onPrefill: (done, total) => this.#setRun({ vision: null, prefill: { done, total } }),
        onText: (added, _tokens, ids) => {
          const { run } = chat.getState();
          const text = (run?.text ?? '') + added;
          const tokenIds = [...(run?.tokenIds ?? []), ...ids];
          const phase = signal.aborted ? 'stopping' : 'answering';
          const thought = readThought(text).isOpen ? ids.length : 0;
          const thoughtTokens = (run?.thoughtTokens ?? 0) + thought;
          this.#setRun({ phase, text, tokenIds, thoughtTokens, interruption: null });
          saver.saveSoon({ ...answer, text, tokenIds, ...signature });
        },
      });
      recovery.noteAnswered();
      const { text, stopReason, usage, droppedMessages, contextTokens, usedTokens, vision } = outcome;
      const now = models.getState();
      // Another model may have been loaded meanwhile: the rate is not its own.
      if (usage.tokensPerSecond > 0 && now.phase === 'ready' && isSameModel(duty, onDuty(now))) {
        models.setState({ tokensPerSecond: usage.tokensPerSecond });
      }
      const readAlone = !includeHistory && path.length > 1;
      const withoutImages = !seesImages && path.some(message => message.images);
      const message = {
        // A tokenizer may spell what was begun in its own way, and those words may be the reader's.
        text: text.startsWith(begunText) ? text : begunText + text.slice(begunText.length),
        stopReason,
        // Of an answer that went on, how long its own beginning took is not known any more.
        usage: begunText ? { ...usage, timeToFirstTokenMs: 0 } : usage,
        droppedMessages,
        contextTokens,
        usedTokens,
        readAlone,
        ...signature,
        ...computedIn(computedBefore, outcome.computedOn),
        ...(vision ? { vision } : {}),
        ...(withoutImages ? { withoutImages } : {}),
      };
      const record = info && recordAnswer({ answer, askedAt, model: duty, info, request, outcome });
      return { message, isGenerated: true, ...(record ? { record } : {}) };
    } catch (thrown) {
      const error = toErrorData(thrown);
      const begun = chat.getState().run?.text ? signature : {};
      const end: Partial<Message> = error.code === 'aborted' ? { stopReason: 'aborted' } : { error };
      return { message: { ...begun, ...end }, isGenerated: true };
    }
  }

  /** The model that answers what is asked, whichever is loaded. */
  async #bringAnswerer(path: readonly Message[], signal: AbortSignal): Promise<ErrorData | 'stopped' | null> {
    const { model, models, suspension } = this.#use;
    const question = questionOf(path);
    const outcome = await bringAnswerer(question, signal, { model, models, suspension });
    const { meant } = models.getState();
    // What follows on these images is about them, whatever the reader meant before.
    if (meant && chooseAnswerer(question, models.getState()).because === 'images') {
      models.setState({ meant: { ...meant, isChosen: false } });
    }
    return outcome;
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
  const { answer: said, isOpen } = readThought(answer.text);
  const words = said.split(/\s+/).filter(Boolean).length;
  const count = plural(words, 'word');
  if (answer.error) {
    const begun = words > 0 ? `The answer was interrupted after ${count}.` : 'No answer was written.';
    return `${begun} ${answer.error.message}`;
  }
  if (isOpen) return 'The model stopped while it was thinking. There is no answer.';
  if (answer.stopReason === 'aborted') return `Answer stopped, ${count}`;
  if (answer.stopReason === 'repetition') return `Answer ended because it repeated itself, ${count}`;
  return `Answer complete, ${count}`;
}
