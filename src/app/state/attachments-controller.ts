import {
  type ImagePlan,
  type ImageReport,
  newId,
  pathTo,
  planImage,
  toErrorData,
} from '../../client/index.ts';
import type { Services } from '../services.ts';
import { type Attachment, type AttachmentStore, isReady, type ReadyAttachment } from './attachment-store.ts';
import type { ChatStore } from './chat-store.ts';
import { nextQuestion, type Question } from './choose-answerer.ts';
import type { ModelController } from './model-controller.ts';
import type { ModelStore } from './model-store.ts';
import type { SettingsStateStore } from './settings-controller.ts';
import type { UiStore } from './ui-store.ts';

/** Each takes hundreds to thousands of prompt positions; more would not fit any model that is listed. */
export const maxImages = 8;

interface Dependencies {
  engine: Services['engine'];
  attachments: AttachmentStore;
  chat: ChatStore;
  models: ModelStore;
  model: ModelController;
  settings: SettingsStateStore;
  ui: UiStore;
}

/** The images of the question being written. Each is decoded whole by the engine before it can be asked about. */
export class AttachmentsController {
  readonly #use: Dependencies;
  #isInspecting = false;

  constructor(dependencies: Dependencies) {
    this.#use = dependencies;
    const { models, settings } = dependencies;
    // How an image would be cut depends on the loaded model and on the settings.
    models.subscribe((now, before) => {
      if (now.info !== before.info) this.#planAll();
    });
    settings.subscribe((now, before) => {
      if (now.settings.tiling !== before.settings.tiling) this.#planAll();
    });
  }

  get current(): Attachment[] {
    return this.#use.attachments.getState().attachments;
  }

  add(files: readonly File[]): void {
    const { chat, model, ui } = this.#use;
    const room = maxImages - this.current.length;
    const isFirst = this.current.length === 0;
    const added = files
      .slice(0, room)
      .map((file): Attachment => ({ key: newId(), name: file.name, blob: file, status: 'reading' }));
    if (files.length > room) {
      const rest = files.length - room;
      ui.getState().showToast(
        `A question can have ${maxImages} images. ${rest} ${rest === 1 ? 'was' : 'were'} left out.`,
      );
    }
    if (added.length === 0) return;
    this.#set([...this.current, ...added]);
    void this.#inspectWaiting();
    // An answer being written is not ended for it: the question brings the model when it is asked. What cannot be
    // brought is said there too.
    if (isFirst && !chat.getState().run) model.prepareFor(this.#nextQuestion());
  }

  remove(key: string): void {
    const wereThere = this.current.length > 0;
    this.#set(this.current.filter(attachment => attachment.key !== key));
    const { chat, model } = this.#use;
    // What was brought for the images alone makes room again for the model that will answer.
    if (wereThere && this.current.length === 0 && !chat.getState().run)
      model.prepareFor(this.#nextQuestion());
  }

  /** One place to the left or to the right. */
  move(key: string, step: 1 | -1): void {
    const place = this.current.findIndex(attachment => attachment.key === key);
    const moved = this.current[place];
    const other = this.current[place + step];
    if (!moved || !other) return;
    this.#set(this.current.with(place, other).with(place + step, moved));
    this.#use.ui.getState().announce(`${moved.name} is image ${place + step + 1} of ${this.current.length}`);
  }

  /** Resolves when every image has been read, or has turned out not to be one. */
  whenRead(): Promise<void> {
    return new Promise(resolve => {
      const settle = () => {
        if (this.current.some(({ status }) => status === 'reading')) return;
        unsubscribe();
        resolve();
      };
      const unsubscribe = this.#use.attachments.subscribe(settle);
      settle();
    });
  }

  /** Hands them over to the question that is sent. */
  take(): ReadyAttachment[] {
    const ready = this.current.filter(isReady);
    this.#set([]);
    return ready;
  }

  /** What would be asked with what is attached. */
  #nextQuestion(): Question {
    return nextQuestion(pathTo(this.#use.chat.getState().tree), this.current.length > 0);
  }

  #planAll(): void {
    if (!this.current.some(isReady)) return;
    this.#set(
      this.current.map(attachment =>
        isReady(attachment) ? { ...attachment, plan: this.#planOf(attachment.report) } : attachment,
      ),
    );
  }

  #planOf(report: ImageReport): ImagePlan | null {
    const { models, settings } = this.#use;
    const vision = models.getState().info?.vision;
    return vision ? planImage(report, vision, settings.getState().settings.tiling) : null;
  }

  /** One after the other: decoded side by side, a few large images would not fit in memory. */
  async #inspectWaiting(): Promise<void> {
    if (this.#isInspecting) return;
    this.#isInspecting = true;
    const nextWaiting = () => this.current.find(({ status }) => status === 'reading');
    for (let next = nextWaiting(); next; next = nextWaiting()) await this.#inspect(next);
    this.#isInspecting = false;
  }

  async #inspect({ key, name, blob }: Attachment): Promise<void> {
    const { engine, ui } = this.#use;
    let outcome: Attachment;
    try {
      const report = await engine.inspectImage(blob);
      outcome = { key, name, blob, status: 'ready', report, plan: this.#planOf(report) };
    } catch (thrown) {
      outcome = { key, name, blob, status: 'failed', error: toErrorData(thrown) };
    }
    if (!this.current.some(attachment => attachment.key === key)) return;
    const twin = this.current.find(
      other =>
        isReady(other) &&
        outcome.status === 'ready' &&
        other.key !== key &&
        other.report.id === outcome.report.id,
    );
    if (twin) {
      this.remove(key);
      ui.getState().showToast(`“${name}” is attached already.`);
      return;
    }
    this.#set(this.current.map(attachment => (attachment.key === key ? outcome : attachment)));
    if (outcome.status === 'failed') ui.getState().announce(`${name}: ${outcome.error.message}`);
  }

  #set(attachments: Attachment[]): void {
    this.#use.attachments.setState({ attachments });
  }
}
