import {
  BedsideError,
  type DraftContent,
  type DraftImage,
  imageKey,
  isEmptyContent,
  mergeDrafts,
  newId,
  partsAsBlob,
  type StoredDraft,
  sentence,
  toErrorData,
} from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';
import type { ChatStore } from '../conversation/chat-store.ts';
import { draftKey, imagesKey, messagesKey } from '../saving/debt-keys.ts';
import type { StorageDebts } from '../saving/storage-debts.ts';
import { type Attachment, isReady, questionImage, type ReadyAttachment } from './attachment.ts';
import type { AttachmentsController } from './attachments-controller.ts';
import { isReadySource, keptSource } from './draft-source.ts';
import { changeDraft, type Draft, type DraftStore, draftOf, isEmpty } from './draft-store.ts';
import { createLeftDrafts, type LeftDraft } from './left-drafts.ts';

const intervalMs = 300;

interface Dependencies {
  services: Pick<Services, 'draftRecords' | 'conversationNews'>;
  chat: ChatStore;
  drafts: DraftStore;
  attachments: AttachmentsController;
  debts: StorageDebts;
}

/** What this tab knows to be stored of a draft. */
interface Kept {
  revision: string;
  content: DraftContent;
}

/**
 * Stores drafts as they change, a few times a second, and brings them back. Tabs that show one conversation follow each other;
 * what is being typed in a tab is never replaced, and of what two tabs wrote at once both is kept.
 */
export class DraftKeeper {
  readonly #use: Dependencies;
  readonly #kept = new Map<string, Kept>();
  readonly #left = createLeftDrafts();
  readonly #pending = new Set<string>();
  /** Changed in this tab since it came up. */
  readonly #touched = new Set<string>();
  /** Drafts that were sent: their records go when the question is stored, not before. */
  readonly #sent = new Map<string, Promise<unknown>>();
  readonly #firstId: string;
  #storedShownId: string | null = null;
  #isAdopting = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #queue: Promise<void> = Promise.resolve();
  #loading: Promise<void> | null = null;

  constructor(dependencies: Dependencies) {
    this.#use = dependencies;
    const { chat, drafts } = dependencies;
    this.#firstId = chat.getState().tree.conversation.id;
    drafts.subscribe((now, before) => {
      if (this.#isAdopting) return;
      for (const id of new Set([...Object.keys(now.drafts), ...Object.keys(before.drafts)])) {
        if (hasChanged(draftOf(now, id), draftOf(before, id))) this.#noteChange(id);
      }
    });
    chat.subscribe((now, before) => {
      if (now.tree.conversation.id !== before.tree.conversation.id) this.#flushSoon();
    });
  }

  /** Brings back what waits in every conversation. Beside what was typed meanwhile; never rejects. */
  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** The conversation that was shown last, where something waits in it. */
  async findShown(): Promise<string | null> {
    try {
      const id = await this.#use.services.draftRecords.loadShown();
      return id !== undefined && !isEmpty(draftOf(this.#use.drafts.getState(), id)) ? id : null;
    } catch {
      return null; // `load` has told it.
    }
  }

  /** What waits where the reader is, or was since the page came up. */
  hasUnsent(): boolean {
    const { chat, drafts } = this.#use;
    const ids = [...this.#touched, chat.getState().tree.conversation.id];
    return ids.some(id => !isEmpty(draftOf(drafts.getState(), id)));
  }

  /** The question that a draft became is stored once `stored` settles. */
  noteSent(conversationId: string, stored: Promise<unknown>): void {
    this.#sent.set(conversationId, stored);
  }

  /** What waits to be stored is stored now: the page may not live to do it later. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const ids = [...this.#pending];
    this.#pending.clear();
    const { debts } = this.#use;
    this.#queue = this.#queue.then(async () => {
      // First: a page that is killed between the two comes up where its reader was, and not where a draft of before waits.
      if (this.#loading) await this.#writeShown();
      for (const id of ids) await debts.attempt(draftKey(id), () => this.#write(id));
    });
    return this.#queue;
  }

  /** The page may be gone before anything is stored: what is typed is left where the next one finds it. */
  leave(): void {
    const { drafts } = this.#use.drafts.getState();
    for (const id of new Set([...Object.keys(drafts), ...this.#kept.keys()])) {
      const kept = this.#kept.get(id);
      const content = contentOf(draftOf({ drafts }, id));
      // What was sent is a draft until its question is stored.
      const isStored = kept ? isSame(content, kept.content) : isEmptyContent(content);
      const isSent = this.#sent.has(id) && isEmptyContent(content);
      if (isStored || isSent) continue;
      this.#left.leave(id, { seen: kept?.revision ?? null, text: content.text, edits: content.edits });
    }
  }

  /** A conversation, or all of them, was deleted: nothing that a page before has left of it comes back. */
  noteDeleted(conversationId?: string): void {
    if (conversationId === undefined) this.#left.dropAll();
    else this.#left.drop(conversationId);
  }

  /** Another tab has stored what waits in a conversation. */
  async noteChanged(conversationId: string): Promise<void> {
    await this.#queue;
    if (this.#pending.has(conversationId)) return;
    try {
      const stored = await this.#use.services.draftRecords.loadDraft(conversationId);
      await this.#adopt(conversationId, stored);
    } catch {
      // Storage fails: what is here stays, and its own next save tells.
    }
  }

  async #load(): Promise<void> {
    const read = async () => {
      for (const stored of await this.#use.services.draftRecords.listDrafts()) {
        await this.#adopt(stored.conversationId, stored);
      }
    };
    await this.#use.debts.attempt('drafts', read, true);
    for (const [id, left] of this.#left.list()) this.#takeUp(id, left);
  }

  /** What the page before had typed last is newer than what it had stored; beside what anyone else wrote it is kept too. */
  #takeUp(id: string, left: LeftDraft): void {
    const { drafts } = this.#use;
    const own = contentOf(draftOf(drafts.getState(), id));
    const kept = this.#kept.get(id);
    const isUntouched = kept ? isSame(own, kept.content) : isEmptyContent(own);
    const isNewer = isUntouched && (kept?.revision ?? null) === left.seen;
    const { text, edits } = isNewer ? left : mergeDrafts({ ...left, images: [] }, own);
    changeDraft(drafts, id, { text, edits });
    // Until it is stored: also where it is what is stored already.
    this.#noteChange(id);
  }

  #noteChange(id: string): void {
    this.#touched.add(id);
    this.#pending.add(id);
    this.#flushSoon();
  }

  #flushSoon(): void {
    // A slow disk is not given more than it can write.
    this.#timer ??= setTimeout(() => {
      void this.#queue.then(() => this.flush());
    }, intervalMs);
  }

  async #write(id: string): Promise<void> {
    const { draftRecords, conversationNews } = this.#use.services;
    await this.#sent.get(id);
    const draft = draftOf(this.#use.drafts.getState(), id);
    const content = contentOf(draft);
    // A question that storage refuses is in memory alone: until it is stored, its draft is all that a crash would leave.
    const refusal = this.#use.debts.refusalOf(messagesKey(id), imagesKey(id));
    if (refusal !== undefined && this.#sent.has(id) && isEmptyContent(content)) throw refusal;
    this.#sent.delete(id);
    const kept = this.#kept.get(id);
    if (kept ? isSame(content, kept.content) : isEmptyContent(content)) return this.#left.drop(id);
    const known = new Set(
      [...(kept?.content.images ?? []), ...(kept?.content.sources ?? [])].map(({ id }) => id),
    );
    const images = draft.attachments.filter(isReady).map(({ report, blob }) => [report.id, blob] as const);
    const texts = draft.sources.filter(isReadySource).map(each => [each.source.id, each.parts] as const);
    const added = [
      ...images.filter(([id]) => !known.has(id)),
      ...texts.filter(([id]) => !known.has(id)).map(([id, parts]) => [id, partsAsBlob(parts)] as const),
    ];
    const stored = await draftRecords.saveDraft({
      conversationId: id,
      content,
      added: new Map(added),
      seen: kept?.revision ?? null,
    });
    this.#left.drop(id);
    this.#note(id, stored);
    conversationNews.tell({ kind: 'draft', id });
    if (!stored || isSame(stored, content)) return;
    // What another tab wrote comes below. Where something was typed by now, the next save puts them together again.
    if (!(await this.#show(id, stored))) this.#kept.set(id, { revision: '', content: stored });
  }

  async #writeShown(): Promise<void> {
    const { id } = this.#use.chat.getState().tree.conversation;
    const isUntouched = id === this.#firstId && isEmpty(draftOf(this.#use.drafts.getState(), id));
    if (id === this.#storedShownId || isUntouched) return;
    const write = () => this.#use.services.draftRecords.saveShown(id);
    if (await this.#use.debts.attempt('shown', write, true)) this.#storedShownId = id;
  }

  /** Takes what is stored, unless this tab has something that is not stored yet: then its save puts both together. */
  async #adopt(id: string, stored: StoredDraft | undefined): Promise<void> {
    const kept = this.#kept.get(id);
    const own = contentOf(draftOf(this.#use.drafts.getState(), id));
    const isClean = kept ? isSame(own, kept.content) : isEmptyContent(own);
    if (!isClean || stored?.revision === kept?.revision) return;
    if (await this.#show(id, stored)) this.#note(id, stored);
  }

  #note(id: string, stored: StoredDraft | undefined): void {
    if (stored) this.#kept.set(id, { revision: stored.revision, content: stored });
    else this.#kept.delete(id);
  }

  /** False where something was typed meanwhile: that stays. */
  async #show(id: string, stored: StoredDraft | undefined): Promise<boolean> {
    const { drafts, services } = this.#use;
    const before = draftOf(drafts.getState(), id);
    const here = new Map(before.attachments.filter(isReady).map(each => [keyOf(imageOf(each)), each]));
    const textsHere = new Map(before.sources.filter(isReadySource).map(each => [each.source.id, each]));
    const images = stored?.images ?? [];
    const texts = stored?.sources ?? [];
    const missing = [
      ...images.filter(image => !here.has(keyOf(image))),
      ...texts.filter(text => !textsHere.has(text.id)),
    ].map(({ id }) => id);
    const blobs =
      missing.length > 0 ? await services.draftRecords.loadDraftImages(id, missing) : new Map<string, Blob>();
    const sources = await Promise.all(
      texts.map(source => {
        const known = textsHere.get(source.id);
        return known ? { ...known, source } : keptSource(source, blobs.get(source.id));
      }),
    );
    if (draftOf(drafts.getState(), id) !== before) return false;
    const waiting = before.attachments.filter(each => !isReady(each));
    this.#isAdopting = true;
    try {
      changeDraft(drafts, id, {
        text: stored?.text ?? '',
        edits: stored?.edits ?? {},
        task: stored?.task ?? null,
        attachments: [
          ...images.map(image => here.get(keyOf(image)) ?? attachmentOf(image, blobs)),
          ...waiting,
        ],
        sources: [...sources, ...before.sources.filter(each => !isReadySource(each))],
      });
    } finally {
      this.#isAdopting = false;
    }
    this.#use.attachments.updateViews(id);
    return true;
  }
}

/** How an image will be cut is none of it. */
function hasChanged(now: Draft, before: Draft): boolean {
  if (now === before) return false;
  return (
    now.attachments.length !== before.attachments.length ||
    now.sources.length !== before.sources.length ||
    !isSame(contentOf(now), contentOf(before))
  );
}

function contentOf({ text, attachments, sources: texts, edits, task }: Draft): DraftContent {
  const images = attachments.filter(isReady).map(imageOf);
  const sources = texts.filter(isReadySource).map(({ source }) => source);
  return { text, images, ...(sources.length > 0 ? { sources } : {}), edits, ...(task ? { task } : {}) };
}

/** Of a file that is attached twice, each way of showing it is an image. */
const keyOf = ({ id, presentation, regions = [] }: DraftImage) =>
  [imageKey(id, presentation), JSON.stringify(regions)].join();

function imageOf(attachment: ReadyAttachment): DraftImage {
  return { ...attachment.report, ...questionImage(attachment) };
}

function attachmentOf(image: DraftImage, blobs: ReadonlyMap<string, Blob>): Attachment {
  const { name, presentation, regions, ...report } = image;
  const shown = { ...(presentation ? { presentation } : {}), ...(regions ? { regions } : {}) };
  const blob = blobs.get(image.id);
  if (blob) return { key: newId(), name, blob, status: 'ready', report, views: null, ...shown };
  const error = toErrorData(
    new BedsideError(
      'damaged-image',
      sentence`image-of-draft-not-kept: This image is no longer kept on this device.`,
      'Remove it, and attach it again from where it came from.',
    ),
  );
  return { key: newId(), name, blob: new Blob(), status: 'failed', error };
}

function isSame(a: DraftContent, b: DraftContent): boolean {
  return (
    a.text === b.text &&
    a.images.map(({ id }) => id).join() === b.images.map(({ id }) => id).join() &&
    JSON.stringify(a.sources ?? []) === JSON.stringify(b.sources ?? []) &&
    isSameEdits(a.edits, b.edits) &&
    JSON.stringify(a.task) === JSON.stringify(b.task)
  );
}

function isSameEdits(a: DraftContent['edits'], b: DraftContent['edits']): boolean {
  const ids = Object.keys(a);
  return ids.length === Object.keys(b).length && ids.every(id => a[id] === b[id]);
}
