/** Conversations as files to be saved. Loaded when the first is asked for. */
import { type ConversationTree, pathTo } from '../../client/index.ts';
import { chooseMessages } from '../exchange/choose-messages.ts';
import { type ExportForm, fileName, forms } from '../exchange/forms.ts';
import { type OpenedConversation, openRecords } from '../exchange/open-records.ts';
import { packFiles } from '../exchange/pack-files.ts';
import { pictureKey, picturesToDraw } from '../exchange/pictures.ts';
import { type WrittenConversation, writeConversation, writeJson } from '../exchange/write-json.ts';
import type { App } from '../state/create-app.ts';

type Source = Pick<App, 'storedRecords' | 'saveFile' | 'pictures' | 'savePartial'>;

export interface Progress {
  done: number;
  total: number;
}

/** A conversation to be given out, with what was written of an answer until now. Rejects with what storage says. */
export async function openConversation(app: Source, id: string): Promise<OpenedConversation | undefined> {
  await app.savePartial();
  const records = await app.storedRecords.read(id);
  return records && openRecords(records);
}

/** The messages of the branch that is shown, or of all. */
export function idsOf({ tree }: OpenedConversation, part: 'branch' | 'all'): Set<string> {
  return new Set((part === 'branch' ? pathTo(tree) : tree.messages).map(({ id }) => id));
}

/** Offers one conversation, or the chosen messages of it, as a file. Returns the file's name. */
export async function giveOut(
  app: Source,
  opened: OpenedConversation,
  ids: ReadonlySet<string>,
  form: ExportForm,
  now: number,
): Promise<string> {
  const chosen = chooseMessages(opened, ids);
  const isDrawn = form !== 'json';
  const whole = isDrawn ? { ...chosen, pictures: await drawPictures(app, chosen) } : chosen;
  if (form === 'json') packFiles([await writeConversation(whole)]);
  const parts = await forms[form].write(whole, now);
  const name = fileName(form, now);
  app.saveFile(new Blob(parts, { type: forms[form].mediaType }), name);
  return name;
}

/** Offers all rated answers of this device as a table. Returns the file's name and how many there are; no file where there is none. */
export async function giveOutRatings(app: Source, now: number): Promise<{ name: string; count: number }> {
  const { writeRatings } = await import('../exchange/write-ratings.ts');
  await app.savePartial();
  const trees: ConversationTree[] = [];
  for (const id of await app.storedRecords.listIds()) {
    const records = await app.storedRecords.read(id);
    const { tree } = records ? openRecords(records) : {};
    if (tree?.messages.some(({ rating }) => rating)) trees.push(tree);
  }
  const { csv, count } = writeRatings(trees);
  const name = `bedside-ratings-${new Date(now).toISOString().slice(0, 10)}.csv`;
  if (count > 0) app.saveFile(new Blob([csv], { type: 'text/csv;charset=utf-8' }), name);
  return { name, count };
}

/** What cannot be drawn is named in the file instead. */
async function drawPictures(app: Source, opened: OpenedConversation): Promise<Map<string, Blob>> {
  const pictures = new Map<string, Blob>();
  for (const image of picturesToDraw(opened)) {
    const blob = opened.images.get(image.id)?.image.blob;
    const picture = blob && (await app.pictures.find({ ...image, blob }).catch(() => undefined));
    if (picture) pictures.set(pictureKey(image), picture);
  }
  return pictures;
}

/** Offers conversations, by default all, in one file or as many as can be read back. Rejects with 'aborted' as well. */
export async function giveOutAll(
  app: Source,
  now: number,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
  chosen?: readonly string[],
): Promise<{ conversations: number; files: number }> {
  await app.savePartial();
  const ids = chosen ?? (await app.storedRecords.listIds());
  const written: WrittenConversation[] = [];
  for (const [index, id] of ids.entries()) {
    signal.throwIfAborted();
    const records = await app.storedRecords.read(id);
    if (records) written.push(await writeConversation(openRecords(records)));
    onProgress({ done: index + 1, total: ids.length });
  }
  const files = packFiles(written);
  for (const [index, file] of files.entries()) {
    const blob = new Blob(writeJson(file, now), { type: forms.json.mediaType });
    const part = files.length > 1 ? `conversations-${index + 1}-of-${files.length}` : 'conversations';
    app.saveFile(blob, fileName('json', now, part));
  }
  return { conversations: written.length, files: files.length };
}
