import { type Sentence, sentence } from '../sentence.ts';
/**
 * What lies in the place of a file that did not come: to complete "it is ...". A Git LFS pointer (git-lfs, docs/spec.md: a small
 * text whose first line is its version), a web page that a server sent instead, or nothing. `head`: its first bytes.
 */
export function recogniseStandIn(head: Uint8Array, fileBytes: number): Sentence | undefined {
  if (fileBytes === 0) return sentence`empty: empty`;
  const text = String.fromCharCode(...head.subarray(0, 256));
  if (text.startsWith('version https://git-lfs'))
    return sentence`git-lfs-pointer: a Git LFS pointer, which only names the file`;
  const markup = text.replace(/^\u00ef\u00bb\u00bf/, '').trimStart();
  return /^<(!doctype html|html|head|body|\?xml)/i.test(markup)
    ? sentence`web-page: a web page (HTML)`
    : undefined;
}
