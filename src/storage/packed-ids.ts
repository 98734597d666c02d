/** Token ids as text: short where one follows itself many times, as those of an image do, and legible in a file. */

/** E.g. [1, 7, 7, 7, 9] as "1 7*3 9". */
export function packIds(ids: readonly number[]): string {
  const runs: string[] = [];
  for (let start = 0; start < ids.length; ) {
    let end = start + 1;
    while (ids[end] === ids[start]) end++;
    runs.push(end - start > 1 ? `${ids[start]}*${end - start}` : `${ids[start]}`);
    start = end;
  }
  return runs.join(' ');
}

/** No model reads more at once, and no file may make a page hold more. */
const mostIds = 2 ** 22;

/** Undefined for what `packIds` does not write. */
export function unpackIds(packed: string): number[] | undefined {
  const ids: number[] = [];
  for (const run of packed === '' ? [] : packed.split(' ')) {
    const [, id, length = '1'] = /^(\d{1,9})(?:\*(\d{1,7}))?$/.exec(run) ?? [];
    const count = Number(length);
    if (id === undefined || count < 1 || ids.length + count > mostIds) return undefined;
    for (let n = 0; n < count; n++) ids.push(Number(id));
  }
  return ids;
}
