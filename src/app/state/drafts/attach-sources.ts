/** Texts of the reader's own, read for the question being written; fetched when the first one is attached. */
import { mostSources, newId, type ReadText, type SourcePart, toErrorData } from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';
import type { UiStore } from '../page/ui-store.ts';
import type { SourceAttachment } from './draft-source.ts';
import { changeDraft, type DraftStore, draftOf } from './draft-store.ts';

export interface SourceTakers {
  documents: Services['documents'];
  drafts: DraftStore;
  ui: UiStore;
}

/** Reads files beside the question of a conversation, one after the other. Settles when all are read or refused. */
export async function attachSources(
  files: readonly File[],
  conversationId: string,
  takers: SourceTakers,
): Promise<void> {
  const { drafts, ui } = takers;
  const before = draftOf(drafts.getState(), conversationId).sources;
  const taken = files.slice(0, Math.max(0, mostSources - before.length));
  if (taken.length < files.length) {
    ui.getState().showToast(`A question can have ${mostSources} texts.`);
  }
  const added = taken.map((file): Extract<SourceAttachment, { status: 'reading' }> => {
    return { key: newId(), name: file.name, status: 'reading', file };
  });
  changeDraft(drafts, conversationId, { sources: [...before, ...added] });
  for (const each of added) await read(each, takers);
}

async function read(
  { key, name, file }: Extract<SourceAttachment, { status: 'reading' }>,
  { documents, drafts, ui }: SourceTakers,
): Promise<void> {
  const stop = new AbortController();
  const unsubscribe = drafts.subscribe(() => {
    if (!placeOf(drafts, key)) stop.abort();
  });
  let outcome: SourceAttachment;
  try {
    outcome = readySource(key, name, await documents.readDocument(file, name, { signal: stop.signal }));
  } catch (thrown) {
    outcome = { key, name, status: 'failed', error: toErrorData(thrown) };
  } finally {
    unsubscribe();
  }
  if (stop.signal.aborted) return;
  if (hasTwin(drafts, outcome)) {
    removeSource(drafts, key);
    ui.getState().showToast(`“${name}” is attached already.`);
    return;
  }
  replaceSource(drafts, outcome);
  const said = outcome.status === 'failed' ? outcome.error.message : 'attached';
  ui.getState().announce(`${name}: ${said}`);
}

/** Whether the same text is beside the same question, by the same name and to the last letter. */
function hasTwin(drafts: DraftStore, outcome: SourceAttachment): boolean {
  const place = placeOf(drafts, outcome.key);
  if (!place || outcome.status !== 'ready') return false;
  const isSame = ({ text, number }: SourcePart, at: number) =>
    text === outcome.parts[at]?.text && number === outcome.parts[at]?.number;
  return draftOf(drafts.getState(), place.conversationId).sources.some(
    other =>
      other.status === 'ready' &&
      other.key !== outcome.key &&
      other.name === outcome.name &&
      other.parts.length === outcome.parts.length &&
      other.parts.every(isSame),
  );
}

function readySource(key: string, name: string, found: ReadText): SourceAttachment {
  const { kind, parts, emptyPages, guessedEncoding } = found;
  return {
    key,
    name,
    status: 'ready',
    source: {
      id: key,
      name,
      kind,
      partCount: parts.length + emptyPages.length,
      ...(emptyPages.length > 0 ? { emptyPages } : {}),
      ...(guessedEncoding ? { guessedEncoding } : {}),
    },
    parts,
  };
}

/** What was pasted as a text of its own. It is known as such, and is a text without pages. */
export function attachPasted(parts: readonly SourcePart[], conversationId: string, drafts: DraftStore): void {
  const { sources } = draftOf(drafts.getState(), conversationId);
  const key = newId();
  const count = sources.filter(({ name }) => name.startsWith('Pasted text')).length;
  const name = count === 0 ? 'Pasted text' : `Pasted text ${count + 1}`;
  const source = { id: key, name, kind: 'pasted' as const, partCount: parts.length };
  changeDraft(drafts, conversationId, {
    sources: [...sources, { key, name, status: 'ready', source, parts }],
  });
}

/** Which parts are given to the model; null: all of them. */
export function chooseParts(drafts: DraftStore, key: string, chosen: readonly number[] | null): void {
  const found = placeOf(drafts, key)?.source;
  if (found?.status !== 'ready') return;
  const { chosen: _, ...source } = found.source;
  replaceSource(drafts, { ...found, source: chosen ? { ...source, chosen: [...chosen] } : source });
}

export function removeSource(drafts: DraftStore, key: string): void {
  const place = placeOf(drafts, key);
  if (!place) return;
  const { sources } = draftOf(drafts.getState(), place.conversationId);
  changeDraft(drafts, place.conversationId, { sources: sources.filter(each => each.key !== key) });
}

function replaceSource(drafts: DraftStore, next: SourceAttachment): void {
  const place = placeOf(drafts, next.key);
  if (!place) return;
  const { sources } = draftOf(drafts.getState(), place.conversationId);
  changeDraft(drafts, place.conversationId, {
    sources: sources.map(each => (each.key === next.key ? next : each)),
  });
}

/** Where a text is: it may have been attached in a conversation that is not shown any more. */
function placeOf(
  drafts: DraftStore,
  key: string,
): { conversationId: string; source: SourceAttachment } | undefined {
  for (const [conversationId, { sources }] of Object.entries(drafts.getState().drafts)) {
    const source = sources.find(each => each.key === key);
    if (source) return { conversationId, source };
  }
  return undefined;
}
