import { expect, test } from 'vitest';
import { areKnown, decodeText } from './character-sets.ts';

/** Bytes written as Latin-1; \x1b is the escape. */
const bytes = (text: string) => Uint8Array.from(text, letter => letter.charCodeAt(0));

// PS3.5, annexes H (Japanese), I (Korean) and K (Chinese), and C.12.1.1.2 of PS3.3.
test.each<[string, string[], string, string]>([
  [
    'kanji in half of a name, by escapes',
    ['', 'ISO 2022 IR 87'],
    'Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B',
    'Yamada^Tarou=山田^太郎=やまだ^たろう',
  ],
  [
    'half-width katakana first, kanji by escapes',
    ['ISO 2022 IR 13', 'ISO 2022 IR 87'],
    '\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J',
    'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
  ],
  [
    'Korean',
    ['', 'ISO 2022 IR 149'],
    'Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf',
    'Hong^Gildong=洪^吉洞=홍^길동',
  ],
  [
    'simplified Chinese by escapes',
    ['', 'ISO 2022 IR 58'],
    'Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=',
    'Zhang^XiaoDong=张^小东=',
  ],
  ['GB18030', ['GB18030'], 'Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab=', 'Wang^XiaoDong=王^小东='],
  ['Latin 1 and Greek, by escapes', ['', 'ISO 2022 IR 126'], 'A\x1b-F\xc4\xe9\xef\xed^B', 'AΔιον^B'],
  ['Arabic', ['ISO_IR 127'], '\xe2\xc8\xc7\xe6\xea', 'قباني'],
  ['nothing named, which is UTF-8 more often than anything else', [], 'Gr\xc3\xb6\xc3\x9fe', 'Größe'],
])('%s', (_, sets, written, text) => {
  expect(decodeText(bytes(written), sets)).toBe(text);
  expect(areKnown(sets)).toBe(true);
});

test('never fails', () => {
  for (const sets of [[], ['ISO_IR 999'], ['', 'ISO 2022 IR 87'], ['ISO 2022 IR 13', 'ISO 2022 IR 159']]) {
    for (const text of ['\x1b', '\x1b$', '\x1b$B\xff', '\x1b$(D0', '\xff\xfe', '']) {
      expect(typeof decodeText(bytes(text), sets)).toBe('string');
    }
  }
  expect(areKnown(['ISO_IR 999'])).toBe(false);
});
