import { expect, test } from 'vitest';
import { parseBlocks } from './parse-blocks.ts';
import { tableAsCsv, tableAsTsv } from './table-text.ts';
import type { Table } from './tokens.ts';

const table = (text: string): Table => {
  const [block] = parseBlocks(text);
  if (block?.type !== 'table') throw new Error('no table');
  return block;
};

const potassium = table(
  [
    '| Analyte | Result, unit | Range |',
    '| --- | ---: | --- |',
    '| **Potassium** | 5,9 mmol/L | `3.5-5.1` |',
    '| Note | said "high" |',
  ].join('\n'),
);

test('tab-separated, without markup, every row as wide as the head', () => {
  expect(tableAsTsv(potassium)).toBe(
    'Analyte\tResult, unit\tRange\nPotassium\t5,9 mmol/L\t3.5-5.1\nNote\tsaid "high"\t',
  );
});

test('comma-separated, with commas and quotation marks quoted', () => {
  expect(tableAsCsv(potassium)).toBe(
    'Analyte,"Result, unit",Range\r\nPotassium,"5,9 mmol/L",3.5-5.1\r\nNote,"said ""high""",',
  );
});

test('a break within a cell is one line on the clipboard, and stays one in a file', () => {
  const broken = table('| a | b |\n| --- | --- |\n| one<br>two | 3 |');
  expect(tableAsTsv(broken)).toBe('a\tb\none two\t3');
  expect(tableAsCsv(broken)).toBe('a,b\r\n"one\ntwo",3');
});

test.each(['=1+1', '@SUM(A1)', '+cmd', '-HYPERLINK("x")'])('%s is no formula', cell => {
  const [, row] = tableAsTsv(table(`| a |\n| --- |\n| ${cell} |`)).split('\n');
  expect(row).toBe(`'${cell}`);
});

test.each(['-2.5', '+', '++', '+ 3 mmol/L', '−2.5'])('%s is a result, and stays', cell => {
  expect(
    tableAsTsv(table(`| a | b |\n| --- | --- |\n| x | ${cell} |`))
      .split('\t')
      .at(-1),
  ).toBe(cell);
});
