/**
 * What was typed and not sent, in IndexedDB beside the conversations: one record a conversation, and one an image or a text of the
 * reader's own, so that typing does not write these again. A conversation that is deleted takes them with it.
 */
import { type Database, openDatabase } from './database.ts';
import { newId } from './random-id.ts';
import { isRawObject } from './raw-object.ts';
import { count, flag, objectOf, oneOf, wholly } from './record-fields.ts';
import { type DraftSource, draftSource } from './source-records.ts';
import { readTaskUse, type TaskUse } from './task-templates.ts';
import { type MessageImage, messageImageFields } from './vision-records.ts';

const draftImageFormats = ['png', 'jpeg', 'webp', 'bmp', 'gif', 'tiff', 'heic', 'avif', 'dicom'] as const;

export interface DraftImage extends MessageImage {
  format: (typeof draftImageFormats)[number];
  isAnimated: boolean;
  stretchedBits?: number;
  /** Where there are several. */
  frames?: number;
}

/** What waits in a conversation. */
export interface DraftContent {
  text: string;
  /** In order. */
  images: readonly DraftImage[];
  /** Texts of the reader's own, in order. */
  sources?: readonly DraftSource[];
  /** Questions being edited: the new text, by the message's id. */
  edits: Readonly<Record<string, string>>;
  /** The template with which the text was made. */
  task?: TaskUse;
}

export interface StoredDraft extends DraftContent {
  v: 1;
  conversationId: string;
  /** Another one for each write: by it a tab knows whether another tab has written since. */
  revision: string;
  updatedAt: number;
}

export interface SaveDraft {
  conversationId: string;
  content: DraftContent;
  /** The images, and the parts of texts (`partsAsBlob`), that are not stored yet, by id. */
  added: ReadonlyMap<string, Blob>;
  /** The revision that this tab has seen last; null where it has seen none. */
  seen: string | null;
}

export interface DraftRecords {
  /** Those of all conversations, latest first. */
  listDrafts(): Promise<StoredDraft[]>;
  loadDraft(conversationId: string): Promise<StoredDraft | undefined>;
  /** What is kept of the images and texts of a draft, by id. */
  loadDraftImages(conversationId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Blob>>;
  /**
   * Writes what waits in a conversation; where nothing does, its record is deleted. Where another tab has written since
   * `seen`, what waits there is kept beside it (`mergeDrafts`). Returns what is stored then.
   */
  saveDraft(save: SaveDraft): Promise<StoredDraft | undefined>;
  /** Which conversation is shown, for a page that comes up without an address. */
  saveShown(conversationId: string): Promise<void>;
  loadShown(): Promise<string | undefined>;
}

const draftPrefix = 'draft/';
const shownKey = 'shown';
const draftKey = (conversationId: string): string => `${draftPrefix}${conversationId}`;
const imagePrefix = (conversationId: string): string => `draft-image/${conversationId}/`;
const imageKey = (conversationId: string, id: string): string => `${imagePrefix(conversationId)}${id}`;

/** Whether a record belongs to what waits in a conversation. */
export function isDraftKey(key: string, conversationId: string): boolean {
  return key === draftKey(conversationId) || key.startsWith(imagePrefix(conversationId));
}

export function createDraftRecords(database: Database = openDatabase('bedside-chats')): DraftRecords {
  return {
    async listDrafts() {
      const drafts = (await database.getByPrefix(draftPrefix)).map(migrateDraft);
      return drafts.filter(draft => draft !== undefined).sort((a, b) => b.updatedAt - a.updatedAt);
    },

    loadDraft: async conversationId => migrateDraft(await database.get(draftKey(conversationId))),

    async loadDraftImages(conversationId, ids) {
      const records = await database.getMany(ids.map(id => imageKey(conversationId, id)));
      const blobs = records.map(blobOf);
      return new Map(ids.flatMap((id, i): [string, Blob][] => (blobs[i] ? [[id, blobs[i]]] : [])));
    },

    async saveDraft({ conversationId, content, added, seen }) {
      const images = await Promise.all(
        [...added].map(async ([id, blob]): Promise<[string, unknown]> => {
          const record = { v: 1, mediaType: blob.type, bytes: await blob.arrayBuffer() };
          return [imageKey(conversationId, id), record];
        }),
      );
      let stored: StoredDraft | undefined;
      await database.update([draftKey(conversationId)], ([record]) => {
        const before = migrateDraft(record);
        const isOthers = before !== undefined && before.revision !== seen;
        const next = isOthers ? mergeDrafts(content, before) : content;
        stored = isEmptyContent(next)
          ? undefined
          : { v: 1, conversationId, revision: newId(), updatedAt: Date.now(), ...next };
        const kept = new Set(filesOf(next));
        const dropped = before ? filesOf(before).filter(id => !kept.has(id)) : [];
        return [
          ...images,
          ...dropped.map((id): [string, unknown] => [imageKey(conversationId, id), undefined]),
          [draftKey(conversationId), stored],
        ];
      });
      return stored;
    },

    saveShown: conversationId => database.setMany([[shownKey, { v: 1, conversationId }]]),

    async loadShown() {
      const record = await database.get(shownKey);
      const isKnown = isRawObject(record) && record.v === 1 && typeof record.conversationId === 'string';
      return isKnown ? (record.conversationId as string) : undefined;
    },
  };
}

/** Ids of what is kept beside a draft. */
const filesOf = ({ images, sources = [] }: DraftContent): string[] =>
  [...images, ...sources].map(({ id }) => id);

export function isEmptyContent({ text, images, sources = [], edits }: DraftContent): boolean {
  return text === '' && images.length === 0 && sources.length === 0 && Object.keys(edits).length === 0;
}

/** Nothing of either is lost: of two texts of which none holds the other, the other tab's comes below. */
export function mergeDrafts(mine: DraftContent, theirs: DraftContent): DraftContent {
  const more = theirs.images.filter(image => !mine.images.some(({ id }) => id === image.id));
  const edits: Record<string, string> = { ...theirs.edits };
  for (const [id, text] of Object.entries(mine.edits)) {
    const other = theirs.edits[id];
    edits[id] = other === undefined ? text : mergeTexts(text, other);
  }
  const text = mergeTexts(mine.text, theirs.text);
  const task = [mine, theirs].find(each => each.text === text)?.task;
  const own = mine.sources ?? [];
  const sources = [...own, ...(theirs.sources ?? []).filter(({ id }) => !own.some(each => each.id === id))];
  return {
    text,
    images: [...mine.images, ...more],
    ...(sources.length > 0 ? { sources } : {}),
    edits,
    ...(task ? { task } : {}),
  };
}

function mergeTexts(mine: string, theirs: string): string {
  if (mine.includes(theirs)) return mine;
  if (theirs.includes(mine)) return theirs;
  return `${mine}\n\n${theirs}`;
}

/** Reads a stored draft of any version. What of it cannot be read is left out: the text is worth most. */
export function migrateDraft(record: unknown): StoredDraft | undefined {
  if (!isRawObject(record) || record.v !== 1) return undefined;
  const { conversationId, revision, updatedAt, text, images, edits } = record;
  const task = readTaskUse(record.task);
  const sources = Array.isArray(record.sources)
    ? record.sources.map(draftSource).filter(source => source !== undefined)
    : [];
  if (typeof conversationId !== 'string' || typeof revision !== 'string') return undefined;
  return {
    v: 1,
    conversationId,
    revision,
    updatedAt: typeof updatedAt === 'number' ? updatedAt : 0,
    text: typeof text === 'string' ? text : '',
    images: Array.isArray(images) ? images.map(draftImage).filter(image => image !== undefined) : [],
    ...(sources.length > 0 ? { sources } : {}),
    edits: isRawObject(edits)
      ? Object.fromEntries(
          Object.entries(edits).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
        )
      : {},
    ...(task ? { task } : {}),
  };
}

const draftImage = wholly(
  objectOf<DraftImage>(
    {
      ...messageImageFields,
      format: oneOf(draftImageFormats),
      isAnimated: flag,
      stretchedBits: count,
      frames: count,
    },
    ['id', 'name', 'width', 'height', 'format', 'isAnimated'],
  ),
  ['presentation', 'regions'],
);

/** Bytes, since not every browser can store a Blob wherever it runs. */
function blobOf(record: unknown): Blob | undefined {
  if (!isRawObject(record) || record.v !== 1) return undefined;
  const { mediaType, bytes } = record;
  if (!(bytes instanceof ArrayBuffer) || bytes.byteLength === 0) return undefined;
  return new Blob([bytes], { type: typeof mediaType === 'string' ? mediaType : '' });
}
