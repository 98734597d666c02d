import { expect, test } from 'vitest';
import { printableText } from './printable-text.ts';

test.each<[string, unknown, string | undefined]>([
  ['a plain text is as it is', 'SmolLM2 135M', 'SmolLM2 135M'],
  ['other scripts too', '书生 · Žižka 模型', '书生 · Žižka 模型'],
  ['blanks are single, and none is at the ends', '  a \t\n\r\n b\u00a0\u2003c ', 'a b c'],
  ['what clears or colours a terminal goes', '\u001b[2J\u001b[31mred\u0007', '[2J [31mred'],
  ['so does what turns the direction', 'safe\u202efdp.exe\u2066x\u2069', 'safefdp.exex'],
  ['and what is not seen', 'a\u200b\u2060\ufeff\u00ad\u3164\u{e0041}b', 'ab'],
  ['and half a character', 'a\ud800b\udfffc', 'abc'],
  ['lines are one line', 'a\u2028b\u2029c', 'a b c'],
  ['marks on marks are few', `e${'\u0301'.repeat(200)}!`, `e${'\u0301'.repeat(4)}!`],
  ['nothing that is seen is nothing', ' \u200b\n ', undefined],
  ['nothing is nothing', '', undefined],
  ['a number is no text', 7, undefined],
  ['nor is nothing at all', undefined, undefined],
])('%s', (_, text, printed) => {
  expect(printableText(text, 40)).toBe(printed);
});

test('is as long as it may be, in characters', () => {
  expect(printableText('x'.repeat(40), 40)).toBe('x'.repeat(40));
  expect(printableText('x'.repeat(41), 40)).toBe(`${'x'.repeat(39)}…`);
  expect(printableText('💊'.repeat(41), 40)).toBe(`${'💊'.repeat(39)}…`);
  expect(printableText(`${'x'.repeat(38)} y z`, 40)).toBe(`${'x'.repeat(38)}…`);
  expect(printableText('\u0000'.repeat(2 ** 20), 40)).toBeUndefined();
});
