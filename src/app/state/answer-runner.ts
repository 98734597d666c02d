import {
  type Conversation,
  type ErrorData,
  findMessage,
  type Message,
  toErrorData,
  updateMessage,
} from '../../client/index.ts';
import type { Services } from '../services.ts';
import { isModelLost } from './answer-status.ts';
import type { ChatStore, Run } from './chat-store.ts';
import type { LibraryController } from './library-controller.ts';
import type { ModelController } from './model-controller.ts';
import type { ModelStore } from './model-store.ts';
import { PartialSaver } from './partial-saver.ts';
import { promptMessages } from './prompt-messages.ts';
import type { SettingsController } from './settings-controller.ts';
import type { UiStore } from './ui-store.ts';

interface Dependencies {
  engine: Services['engine'];
  chat: ChatStore;
  models: ModelStore;
  ui: UiStore;
  library: LibraryController;
  model: ModelController;
  settings: SettingsController;
}

/** Writes one answer at a time into the tree and into storage. */
export class AnswerRunner {
  readonly #use: Dependencies;
  #abort: AbortController | null = null;
  #settled: Promise<void> = Promise.resolve();
  /** A second loss without an answer in between is not met with another attempt. */
  #mayRecover = true;

  constructor(dependencies: Dependencies) {
    this.#use = dependencies;
  }

  /** `path` ends with the question. Settles when the answer has ended; a failure becomes part of the answer. */
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

  /** Until the answer being written has ended and is stored. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  async #run(conversation: Conversation, path: Message[], answer: Message): Promise<void> {
    const { chat, library, ui } = this.#use;
    const abort = new AbortController();
    this.#abort = abort;
    chat.setState({
      run: { conversation, messageId: answer.id, phase: 'waiting', prefill: null, text: '', tokens: 0 },
    });
    ui.getState().announce('Answering…');
    let record = conversation;
    const saver = new PartialSaver((...messages) => {
      record = this.#indexRecord(record);
      return library.save(record, ...messages);
    });
    void saver.saveNow(...path.slice(-1), answer).then(() => library.refresh());

    const ending = await this.#generate(path, answer, abort.signal, saver);
    const final: Message = { ...answer, text: chat.getState().run?.text ?? '', ...ending };
    const saved = saver.finish(final);
    // The last save comes when the run, and a title given meanwhile with it, is gone.
    record = this.#indexRecord(record);
    this.#abort = null;
    chat.setState(({ tree }) => ({
      run: null,
      tree: findMessage(tree, final.id) ? updateMessage(tree, final.id, final) : tree,
    }));
    ui.getState().announce(endInWords(final));
    if (final.error) this.#recover(final.error);
    await saved;
    await library.refresh();
  }

  async #generate(
    path: Message[],
    answer: Message,
    signal: AbortSignal,
    saver: PartialSaver,
  ): Promise<Partial<Message>> {
    const { chat, models, model, settings, engine } = this.#use;
    const failure = await model.whenReady(signal);
    const { entry } = models.getState();
    if (failure) return { error: failure };
    if (signal.aborted || !entry) return { stopReason: 'aborted' };
    this.#setRun({ phase: 'reading' });
    const { sampling, maxTokens } = settings.current;
    try {
      const outcome = await engine.generate({
        template: entry.template,
        includeHistory: entry.includeHistory,
        messages: promptMessages(path),
        sampling,
        maxTokens,
        signal,
        onPrefill: (done, total) => this.#setRun({ prefill: { done, total } }),
        onText: (added, tokens) => {
          const text = (chat.getState().run?.text ?? '') + added;
          this.#setRun({ phase: signal.aborted ? 'stopping' : 'answering', text, tokens });
          saver.saveSoon({ ...answer, text });
        },
      });
      this.#mayRecover = true;
      const { text, stopReason, usage, droppedMessages, contextTokens, usedTokens } = outcome;
      if (usage.tokensPerSecond > 0) models.setState({ tokensPerSecond: usage.tokensPerSecond });
      const readAlone = !entry.includeHistory && path.length > 1;
      const record = { text, stopReason, usage, droppedMessages, contextTokens, usedTokens, readAlone };
      return { ...record, model: entry.name };
    } catch (thrown) {
      const error = toErrorData(thrown);
      return error.code === 'aborted' ? { stopReason: 'aborted' } : { error };
    }
  }

  /** The newest copy: the reader may have renamed the conversation or changed its branch. */
  #indexRecord(conversation: Conversation): Conversation {
    const { tree, run } = this.#use.chat.getState();
    if (tree.conversation.id === conversation.id) return tree.conversation;
    return run?.conversation.id === conversation.id ? run.conversation : conversation;
  }

  #recover(error: ErrorData): void {
    if (!isModelLost(error) || this.#use.models.getState().phase !== 'ready') return;
    if (!this.#mayRecover) {
      this.#use.models.setState({ phase: 'failed', info: null, error });
      return;
    }
    this.#mayRecover = false;
    void this.#use.model.reload();
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
