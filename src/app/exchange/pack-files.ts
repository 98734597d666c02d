import { BedsideError, inBytes, sentence } from '../../client/index.ts';
import { mostConversations, mostFileBytes } from './limits.ts';
import type { WrittenConversation } from './write-json.ts';

/** For what stands around the conversations of a file. */
const frameBytes = 4096;

/**
 * In as many files as can be read back, in order. A conversation that no file could hold is refused: 'invalid-request'.
 * `most` in bytes.
 */
export function packFiles(
  written: readonly WrittenConversation[],
  most = mostFileBytes,
): WrittenConversation[][] {
  const files: WrittenConversation[][] = [];
  let room = 0;
  for (const each of written) {
    const bytes = each.blob.size + 2;
    if (bytes > most - frameBytes) throw tooLarge(each.blob.size);
    const last = files.at(-1);
    if (last && bytes <= room && last.length < mostConversations) last.push(each);
    else {
      files.push([each]);
      room = most - frameBytes;
    }
    room -= bytes;
  }
  return files;
}

function tooLarge(bytes: number): BedsideError {
  return new BedsideError(
    'invalid-request',
    sentence`conversation-too-large-for-a-file: A conversation of ${{ bytes: inBytes(bytes) }} is larger than a file that Bedside could read again.`,
    'Export it as a page, or choose some of its messages.',
  );
}
