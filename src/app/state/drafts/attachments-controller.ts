import {
  type ImagePresentation,
  type ImageReport,
  type ImageView,
  imageKey,
  newId,
  pathTo,
  plainPresentation,
  type Region,
  toErrorData,
  viewsOf,
} from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';
import type { ChatStore } from '../conversation/chat-store.ts';
import { nextQuestion, type Question } from '../model/choose-answerer.ts';
import type { ModelController } from '../model/model-controller.ts';
import type { ModelStore } from '../model/model-store.ts';
import type { UiStore } from '../page/ui-store.ts';
import type { SettingsStateStore } from '../settings/settings-controller.ts';
import { type Attachment, isReady, type ReadyAttachment } from './attachment.ts';
import { changeDraft, type DraftStore, draftOf } from './draft-store.ts';

/** Each takes hundreds to thousands of prompt positions; more would not fit any model that is listed. */
export const maxImages = 8;

interface Dependencies {
  engine: Services['engine'];
  drafts: DraftStore;
  chat: ChatStore;
  models: ModelStore;
  model: ModelController;
  settings: SettingsStateStore;
  ui: UiStore;
}

/**
 * The images of the questions being written: each belongs to the conversation in which it was attached, wherever the reader
 * goes meanwhile. Each is decoded whole by the engine before it can be asked about.
 */
export class AttachmentsController {
  readonly #use: Dependencies;
  #isInspecting = false;

  constructor(dependencies: Dependencies) {
    this.#use = dependencies;
    const { models, settings } = dependencies;
    // How an image would be cut depends on the loaded model and on the settings.
    models.subscribe((now, before) => {
      if (now.info !== before.info) this.#updateAllViews();
    });
    settings.subscribe((now, before) => {
      if (now.settings.tiling !== before.settings.tiling) this.#updateAllViews();
    });
  }

  /** Of a conversation: by default of the one that is shown. */
  of(conversationId: string = this.#shownId): Attachment[] {
    return draftOf(this.#use.drafts.getState(), conversationId).attachments;
  }

  /** Returns the keys of what was added. `most`: that the question can have. */
  add(files: readonly File[], conversationId: string = this.#shownId, most = maxImages): string[] {
    const { ui } = this.#use;
    const before = this.of(conversationId);
    const room = Math.max(0, most - before.length);
    const added = files
      .slice(0, room)
      .map((file): Attachment => ({ key: newId(), name: file.name, blob: file, status: 'reading' }));
    if (files.length > room) {
      const rest = files.length - room;
      ui.getState().showToast(
        `A question can have ${most} images. ${rest} ${rest === 1 ? 'was' : 'were'} left out.`,
      );
    }
    if (added.length === 0) return [];
    this.#set(conversationId, [...before, ...added]);
    void this.#inspectWaiting();
    // An answer being written is not ended for it: the question brings the model when it is asked. What cannot be
    // brought is said there too.
    if (before.length === 0) this.#prepare(conversationId);
    return added.map(({ key }) => key);
  }

  /** Adds a file to be asked about as it is presented. False where it could not be read, or is attached already in another way. */
  async addPresented(
    file: File,
    shown: { presentation: ImagePresentation; regions?: readonly Region[] },
    most = maxImages,
  ): Promise<boolean> {
    const [key] = this.add([file], this.#shownId, most);
    if (key === undefined) return false;
    await this.whenRead();
    const added = this.#find(key)?.attachments.find(each => each.key === key);
    if (!added || !isReady(added)) return false;
    this.present(key, shown);
    return true;
  }

  remove(key: string): void {
    const found = this.#find(key);
    if (!found) return;
    this.#set(found.id, without(found.attachments, key));
    // What was brought for the images alone makes room again for the model that will answer.
    if (found.attachments.length === 1) this.#prepare(found.id);
  }

  /** Of the conversation that is shown, what cannot be read. */
  removeFailed(): void {
    const id = this.#shownId;
    const readable = this.of().filter(({ status }) => status !== 'failed');
    this.#set(id, readable);
    if (readable.length === 0) this.#prepare(id);
  }

  /** What was taken away while it was read, and put back, is read. */
  resume(): void {
    void this.#inspectWaiting();
  }

  /** How an attached image is shown and will be asked about, and what is marked on it. */
  present(key: string, changes: { presentation?: ImagePresentation; regions?: readonly Region[] }): void {
    const { id, attachments } = this.#find(key) ?? { id: '', attachments: [] };
    if (!id) return;
    this.#set(
      id,
      attachments.map(attachment =>
        attachment.key === key && isReady(attachment)
          ? {
              ...attachment,
              ...changes,
              views: this.#viewsOf(attachment.report, changes.presentation ?? attachment.presentation),
            }
          : attachment,
      ),
    );
  }

  /**
   * Makes black for good what the attachment's presentation says is redacted: in its place comes a picture of it without a header, and
   * nothing of the file is kept. Its window and frame are in the picture; turns, the region and the marks stay as they were. Rejects
   * as `redactImage` does, and then leaves it as it is.
   */
  async redact(key: string): Promise<void> {
    const before = this.#find(key)?.attachments.find(each => each.key === key);
    if (!before || !isReady(before) || !before.presentation) return;
    const { presentation, regions = [] } = before;
    const { turns, isFlipped, region, frame } = presentation;
    const { report, blob } = await this.#use.engine.redactImage({ file: before.blob, presentation });
    this.#replace(before, {
      ...before,
      report,
      blob,
      presentation: { ...plainPresentation, turns, isFlipped, region },
      // Of the frame that is left.
      regions: regions.filter(each => each.frame === frame).map(each => ({ ...each, frame: 0 })),
    });
  }

  /** Keeps the file without what its header says of the patient. Rejects as `withoutIdentity` does, and then leaves it as it is. */
  async leaveOutIdentity(key: string): Promise<void> {
    const before = this.#find(key)?.attachments.find(each => each.key === key);
    if (!before || !isReady(before)) return;
    const { report, blob } = await this.#use.engine.withoutIdentity(before.blob);
    this.#replace(before, { ...before, report, blob });
  }

  /** Unless it was changed or taken away meanwhile: what is there now is not what was made over. */
  #replace(before: ReadyAttachment, next: ReadyAttachment): void {
    const { id, attachments } = this.#find(before.key) ?? { id: '', attachments: [] };
    if (!attachments.includes(before)) return;
    const views = this.#viewsOf(next.report, next.presentation);
    this.#set(
      id,
      attachments.map(each => (each === before ? { ...next, views } : each)),
    );
  }

  /** One place to the left or to the right. */
  move(key: string, step: 1 | -1): void {
    const { id, attachments } = this.#find(key) ?? { id: '', attachments: [] };
    const place = attachments.findIndex(attachment => attachment.key === key);
    const moved = attachments[place];
    const other = attachments[place + step];
    if (!moved || !other) return;
    this.#set(id, attachments.with(place, other).with(place + step, moved));
    this.#use.ui.getState().announce(`${moved.name} is image ${place + step + 1} of ${attachments.length}`);
  }

  /** Resolves when every image of a conversation has been read, or has turned out not to be one. */
  whenRead(conversationId: string = this.#shownId): Promise<void> {
    return new Promise(resolve => {
      const settle = () => {
        if (this.of(conversationId).some(({ status }) => status === 'reading')) return;
        unsubscribe();
        resolve();
      };
      const unsubscribe = this.#use.drafts.subscribe(settle);
      settle();
    });
  }

  /** Hands those of a conversation over to the question that is sent. */
  take(conversationId: string): ReadyAttachment[] {
    const ready = this.of(conversationId).filter(isReady);
    this.#set(conversationId, []);
    return ready;
  }

  /** The model that would answer what is asked where the reader is. */
  #prepare(conversationId: string): void {
    const { chat, model } = this.#use;
    const { tree, run } = chat.getState();
    if (run || tree.conversation.id !== conversationId) return;
    model.prepareFor(this.#nextQuestion());
  }

  /** What would be asked with what is attached. */
  #nextQuestion(): Question {
    return nextQuestion(pathTo(this.#use.chat.getState().tree), this.of().length > 0);
  }

  get #shownId(): string {
    return this.#use.chat.getState().tree.conversation.id;
  }

  /** Where an image is: it may have been attached in a conversation that is not shown any more. */
  #find(key: string): { id: string; attachments: Attachment[] } | undefined {
    for (const [id, { attachments }] of Object.entries(this.#use.drafts.getState().drafts)) {
      if (attachments.some(attachment => attachment.key === key)) return { id, attachments };
    }
    return undefined;
  }

  /** What the loaded model would see of those of a conversation, once they are there. */
  updateViews(conversationId: string): void {
    const attachments = this.of(conversationId);
    if (!attachments.some(isReady)) return;
    this.#set(
      conversationId,
      attachments.map(attachment =>
        isReady(attachment)
          ? { ...attachment, views: this.#viewsOf(attachment.report, attachment.presentation) }
          : attachment,
      ),
    );
  }

  #updateAllViews(): void {
    for (const id of Object.keys(this.#use.drafts.getState().drafts)) this.updateViews(id);
  }

  #viewsOf(report: ImageReport, presentation: ImagePresentation = plainPresentation): ImageView[] | null {
    const { models, settings } = this.#use;
    const vision = models.getState().info?.vision;
    return vision ? viewsOf(report, presentation, vision, settings.getState().settings.tiling) : null;
  }

  /** One after the other: decoded side by side, a few large images would not fit in memory. */
  async #inspectWaiting(): Promise<void> {
    if (this.#isInspecting) return;
    this.#isInspecting = true;
    try {
      for (let next = this.#nextWaiting(); next; next = this.#nextWaiting()) await this.#inspect(next);
    } finally {
      this.#isInspecting = false;
    }
  }

  #nextWaiting(): Attachment | undefined {
    const all = Object.values(this.#use.drafts.getState().drafts).flatMap(({ attachments }) => attachments);
    return all.find(({ status }) => status === 'reading');
  }

  async #inspect({ key, name, blob }: Attachment): Promise<void> {
    const { engine, ui } = this.#use;
    let outcome: Attachment;
    try {
      const { report, blob: taken, presentation } = await engine.inspectImage(blob);
      const views = this.#viewsOf(report, presentation);
      const shown = presentation ? { presentation } : {};
      outcome = { key, name, blob: taken, status: 'ready', report, views, ...shown };
    } catch (thrown) {
      outcome = { key, name, blob, status: 'failed', error: toErrorData(thrown) };
    }
    const found = this.#find(key);
    if (!found) return;
    const { id, attachments } = found;
    const twin = attachments.find(
      other =>
        isReady(other) &&
        outcome.status === 'ready' &&
        other.key !== key &&
        imageKey(other.report.id, other.presentation) === imageKey(outcome.report.id, outcome.presentation),
    );
    if (twin) {
      this.remove(key);
      ui.getState().showToast(`“${name}” is attached already.`);
      return;
    }
    this.#set(
      id,
      attachments.map(attachment => (attachment.key === key ? outcome : attachment)),
    );
    if (outcome.status === 'failed') ui.getState().announce(`${name}: ${outcome.error.message}`);
  }

  #set(conversationId: string, attachments: Attachment[]): void {
    changeDraft(this.#use.drafts, conversationId, { attachments });
  }
}

function without(attachments: readonly Attachment[], key: string): Attachment[] {
  return attachments.filter(attachment => attachment.key !== key);
}
