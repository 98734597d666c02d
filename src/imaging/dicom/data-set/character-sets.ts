/** Specific Character Set (PS3.3, C.12.1.1.2): defined terms to the names that browsers know the encodings by. */
const encodings: Readonly<Record<string, string>> = {
  '': 'utf-8',
  'ISO_IR 6': 'utf-8',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 100': 'iso-8859-1',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 148': 'iso-8859-9',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 192': 'utf-8',
  'ISO_IR 203': 'iso-8859-15',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

/** Sets that are reached by escape sequences alone. */
const multiByte = new Set(['ISO 2022 IR 87', 'ISO 2022 IR 159', 'ISO 2022 IR 149', 'ISO 2022 IR 58']);

/** What an escape sequence, without its ESC, switches to. */
const escapes: readonly (readonly [sequence: string, encoding: string])[] = [
  ['(B', 'ascii'],
  ['(J', 'shift_jis'],
  [')I', 'shift_jis'],
  ['$B', 'jis-x-0208'],
  ['$@', 'jis-x-0208'],
  ['$(D', 'jis-x-0212'],
  ['$)C', 'euc-kr'],
  ['$)A', 'gbk'],
  ['-A', 'iso-8859-1'],
  ['-B', 'iso-8859-2'],
  ['-C', 'iso-8859-3'],
  ['-D', 'iso-8859-4'],
  ['-F', 'iso-8859-7'],
  ['-G', 'iso-8859-6'],
  ['-H', 'iso-8859-8'],
  ['-L', 'iso-8859-5'],
  ['-M', 'iso-8859-9'],
  ['-T', 'windows-874'],
  ['-b', 'iso-8859-15'],
];

const escapeByte = 0x1b;
/** Where a text returns to its first set: ends of lines, and what divides values, components and groups of a name. */
const resets = new Set([0x0a, 0x0c, 0x0d, 0x5c, 0x5e, 0x3d]);

/** Whether every one of the terms is known. */
export function areKnown(characterSets: readonly string[]): boolean {
  return characterSets.every(term => encodingOf(term) !== undefined || multiByte.has(term));
}

/** Never fails: what cannot be read becomes U+FFFD. */
export function decodeText(bytes: Uint8Array, characterSets: readonly string[]): string {
  const initial = encodingOf(characterSets[0] ?? '') ?? 'utf-8';
  if (!bytes.includes(escapeByte)) return decodeBytes(bytes, initial);
  return splitAtEscapes(bytes, initial)
    .map(({ run, encoding }) => decodeBytes(run, encoding))
    .join('');
}

function encodingOf(term: string): string | undefined {
  return encodings[term.replace(/^ISO 2022 IR (\d+)$/, 'ISO_IR $1')];
}

interface Run {
  run: Uint8Array;
  encoding: string;
}

function splitAtEscapes(bytes: Uint8Array, initial: string): Run[] {
  const runs: Run[] = [];
  let encoding = initial;
  let start = 0;
  const endRun = (at: number) => {
    if (at > start) runs.push({ run: bytes.subarray(start, at), encoding });
    start = at;
  };
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === escapeByte) {
      const next = escapes.find(([sequence]) => startsWith(bytes, at + 1, sequence));
      endRun(at);
      encoding = next ? next[1] : encoding;
      at += next ? next[0].length : 0;
      start = at + 1;
    } else if (resets.has(bytes[at]!) && !encoding.startsWith('jis-')) {
      endRun(at);
      encoding = initial;
    }
  }
  endRun(bytes.length);
  return runs;
}

function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  return [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));
}

function decodeBytes(bytes: Uint8Array, encoding: string): string {
  switch (encoding) {
    case 'ascii':
      return new TextDecoder('utf-8').decode(bytes);
    case 'jis-x-0208':
      // The same rows and cells with their high bits set are EUC-JP's.
      return new TextDecoder('euc-jp').decode(bytes.map(byte => byte | 0x80));
    case 'jis-x-0212': {
      const marked = new Uint8Array(Math.ceil(bytes.length / 2) * 3);
      for (let i = 0; i + 1 < bytes.length; i += 2) {
        marked.set([0x8f, bytes[i]! | 0x80, bytes[i + 1]! | 0x80], (i / 2) * 3);
      }
      return new TextDecoder('euc-jp').decode(marked.subarray(0, Math.floor(bytes.length / 2) * 3));
    }
    default:
      return new TextDecoder(encoding).decode(bytes);
  }
}
