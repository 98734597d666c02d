/** Conversations of a file, added to those of this device. Loaded when the first is picked. */
import { type ConversationRecords, newId } from '../../client/index.ts';
import { isSameConversation, withId } from '../exchange/place-imported.ts';
import { type ReadProgress, readFile } from '../exchange/read-file.ts';
import { plural } from '../format/quantities.ts';
import type { App } from '../state/create-app.ts';

export interface Taken {
  added: string[];
  /** Here already, the same in all. */
  known: number;
  /** Beside one of the same id that differs. */
  beside: number;
  leftOut: number;
}

/** All of the file or nothing: what is wrong with it, or what storage says, rejects before anything has changed. */
export async function takeIn(
  { storedRecords }: Pick<App, 'storedRecords'>,
  file: Blob,
  now: number,
  onProgress: (progress: ReadProgress) => void,
  signal: AbortSignal,
): Promise<Taken> {
  const { conversations, leftOut } = await readFile(file, now, progress => {
    signal.throwIfAborted();
    onProgress(progress);
  });
  const added: ConversationRecords[] = [];
  let known = 0;
  let beside = 0;
  for (const each of conversations) {
    const stored = await storedRecords.read(each.id);
    signal.throwIfAborted();
    if (!stored) added.push(each);
    else if (isSameConversation(stored, each)) known += 1;
    else {
      beside += 1;
      added.push(withId(each, newId()));
    }
  }
  if (added.length > 0) await storedRecords.add(added);
  return { added: added.map(({ id }) => id), known, beside, leftOut };
}

export function takenInWords({ added, known, beside, leftOut }: Taken): string {
  const facts = [
    added.length > 0 && `${plural(added.length, 'conversation')} added.`,
    known > 0 && `${plural(known, 'conversation')} here already, and left as it is.`,
    beside > 0 && `${beside} of the added stand beside another version of the same.`,
    leftOut > 0 && `${plural(leftOut, 'message')} without text left out.`,
  ].filter(fact => fact !== false);
  return facts.length > 0 ? facts.join(' ') : 'This file holds no messages: nothing was added.';
}
