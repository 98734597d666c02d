import type { Network } from './network.ts';

/**
 * What the reader should know of a download that goes on: the server cannot send parts, so that an interrupted download
 * starts again; the file on the server is another one than the one begun with; the connection broke, or the server never
 * answered, or this device is offline, and it is tried again; another tab fetches the same file.
 */
export type DownloadNotice = 'no-ranges' | 'file-changed' | 'waiting' | 'no-answer' | 'offline' | 'other-tab';

/** Why nothing comes, as far as that is known. */
export function noticeOfWaiting(network: Network, isKnown: boolean): DownloadNotice {
  if (!network.isOnline()) return 'offline';
  return isKnown ? 'waiting' : 'no-answer';
}
