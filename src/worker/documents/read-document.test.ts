import { describe, expect, test } from 'vitest';
import { type WrittenText, writePdf } from '../../../test/support/pdf-writer.ts';
import { BedsideError } from '../../engine/errors.ts';
import { readDocument } from './read-document.ts';

const read = (content: BlobPart, name: string) => readDocument(new Blob([content]), name, () => undefined);

/** Why it is not read. */
async function refusal(content: BlobPart, name: string): Promise<string> {
  const thrown = await read(content, name).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(BedsideError);
  expect(thrown).toMatchObject({ code: 'unreadable-text' });
  expect((thrown as BedsideError).advice).not.toBe('');
  return (thrown as BedsideError).reason;
}

/** Lines from the top, 14 points apart. */
const column = (lines: readonly string[], x = 72, top = 760): WrittenText[] =>
  lines.map((text, at) => ({ text, x, y: top - 14 * at }));

describe('a PDF', () => {
  test('is read page by page, a line a line, with its page numbers', async () => {
    const file = writePdf([
      column(['Potassium was 5.1 mmol/L on admission.', 'It was 4.4 mmol/L at discharge.']),
      [],
      column(['Follow-up in two weeks.']),
    ]);
    expect(await read(file, 'report.pdf')).toEqual({
      kind: 'pdf',
      parts: [
        { number: 1, text: 'Potassium was 5.1 mmol/L on admission.\nIt was 4.4 mmol/L at discharge.' },
        { number: 3, text: 'Follow-up in two weeks.' },
      ],
      emptyPages: [2],
    });
  });

  test('is known by its bytes, whatever it is called', async () => {
    expect((await read(writePdf([column(['A text.'])]), 'letter.docx')).kind).toBe('pdf');
  });

  test('has a blank line between paragraphs', async () => {
    const file = writePdf([[...column(['First paragraph.']), ...column(['Second paragraph.'], 72, 720)]]);
    expect((await read(file, 'a.pdf')).parts[0]!.text).toBe('First paragraph.\n\nSecond paragraph.');
  });

  test('has words whole that a line has cut, and hyphens that belong to words', async () => {
    const lines = [
      'The patient has hyper-',
      'tension and takes a beta-',
      'blocker since COVID-',
      '19 of 2021.',
    ];
    const { parts } = await read(writePdf([column(lines)]), 'a.pdf');
    expect(parts[0]!.text).toBe(
      'The patient has hypertension and takes a beta-blocker since COVID-\n19 of 2021.',
    );
  });

  test('with fonts that have ligatures is read as letters', async () => {
    // As Computer Modern has them: one code a ligature.
    const differences = { 12: 'fi', 14: 'ffi' };
    const file = writePdf([column(['The \x0crst coe\x0ecient'])], { differences });
    expect((await read(file, 'a.pdf')).parts[0]!.text).toBe('The first coefficient');
  });

  const left = [
    'Metformin is the first choice in',
    'adults with type 2 diabetes and',
    'an eGFR above 45 ml/min. It is',
    'taken with meals, once or twice',
    'a day, and raised slowly.',
  ];
  const right = [
    'Sulfonylureas may be added where',
    'the goal is not reached. Warn of',
    'low glucose at night, above all',
    'in people older than 75 years and',
    'where the kidneys are impaired.',
  ];

  test('of two columns is read column by column, also where it is written row by row', async () => {
    const [a, b] = [column(left), column(right, 320)];
    const byColumn = await read(writePdf([[...a, ...b]]), 'a.pdf');
    const byRow = await read(writePdf([a.flatMap((line, at) => [line, b[at]!])]), 'a.pdf');
    expect(byColumn.parts[0]!.text).toBe([...left, ...right].join('\n'));
    expect(byRow.parts[0]!.text).toBe([...left, ...right].join('\n'));
  });

  test('keeps a table row by row', async () => {
    const rows = [
      ['Sodium', '141 mmol/L'],
      ['Potassium', '5.1 mmol/L'],
      ['Creatinine', '102 µmol/L'],
      ['Urea', '7.9 mmol/L'],
      ['Glucose', '6.2 mmol/L'],
    ];
    const texts = rows.flatMap(([name, value], at) => [
      { text: name!, x: 72, y: 700 - 14 * at },
      { text: value!, x: 320, y: 700 - 14 * at },
    ]);
    const { parts } = await read(writePdf([texts]), 'a.pdf');
    expect(parts[0]!.text.split('\n')).toEqual(rows.map(row => row.join('  ')));
  });

  test('in Hebrew is read from the right', async () => {
    const word = (text: string, x: number) => ({ text, x, y: 700 });
    // Codes 200 and on stand for letters: the words of the line as a file places them, the first one on the right.
    const meanings = { 200: 'ש', 201: 'ל', 202: 'ו', 203: 'ם', 204: 'ע', 205: 'ה', 32: ' ' };
    const file = writePdf([[word('\xcb\xca\xc9\xc8', 284), word('\xcb\xc9\xca\xcc', 250)]], { meanings });
    expect((await read(file, 'a.pdf')).parts[0]!.text).toBe('שלום עולם');
  });

  test('that is damaged, encrypted or a picture is refused, each in its own words', async () => {
    expect(await refusal(writePdf([[], []]), 'scan.pdf')).toBe('pdf-without-text');
    expect(await refusal(writePdf([column(['A'])], { isEncrypted: true }), 'a.pdf')).toBe('pdf-encrypted');
    expect(await refusal('%PDF-1.7\nand then nothing of one', 'a.pdf')).toBe('pdf-damaged');
  });

  test('of too many pages is refused before it is read', async () => {
    const pages = Array.from({ length: 1001 }, () => []);
    expect(await refusal(writePdf(pages), 'a.pdf')).toBe('pdf-of-too-many-pages');
  });

  test('tells each page before it is read, where it can be stopped', async () => {
    const seen: number[] = [];
    const file = new Blob([writePdf([column(['One']), column(['Two']), column(['Three'])])]);
    const stopped = readDocument(file, 'a.pdf', page => {
      seen.push(page);
      if (page === 2)
        throw new BedsideError('aborted', { reason: 'stopped', text: 'Stopped.', values: {} }, 'Again.');
    });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    expect(seen).toEqual([1, 2]);
  });
});

describe('a text', () => {
  const words = 'Müller, 5 µg, “ok”';
  const utf16 = (isBig: boolean) => {
    const bytes = new Uint8Array(2 + 2 * words.length);
    const view = new DataView(bytes.buffer);
    for (const [at, unit] of [0xfeff, ...Array.from(words, each => each.charCodeAt(0))].entries()) {
      view.setUint16(2 * at, unit, !isBig);
    }
    return bytes;
  };

  test.each([
    ['UTF-8', new TextEncoder().encode(words)],
    ['UTF-8 with its mark', new TextEncoder().encode(`\ufeff${words}`)],
    ['UTF-16, little end first', utf16(false)],
    ['UTF-16, big end first', utf16(true)],
  ])('in %s is read as it is', async (_, bytes) => {
    const { parts, guessedEncoding } = await read(bytes, 'a.txt');
    expect(parts).toEqual([{ number: 1, text: words }]);
    expect(guessedEncoding).toBeUndefined();
  });

  test('in no encoding that says itself is read as Windows-1252, which is said', async () => {
    const bytes = Uint8Array.from([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72, 0x20, 0x93, 0x35, 0x80, 0x94]);
    const found = await read(bytes, 'a.txt');
    expect(found.parts[0]!.text).toBe('Müller “5€”');
    expect(found.guessedEncoding).toBe('Windows-1252');
  });

  test('without pages is cut into passages that are the text, one behind the other', async () => {
    const text = Array.from({ length: 400 }, (_, i) => `Sentence ${i} of the report. 漢字と𝛼.`).join('\n\n');
    const { parts } = await read(text, 'a.md');
    expect(parts.length).toBeGreaterThan(3);
    expect(parts.map(part => part.text).join('')).toBe(text);
    expect(parts.map(({ number }) => number)).toEqual(parts.map((_, i) => i + 1));
    for (const { text: part } of parts) expect(part).not.toMatch(/[\ud800-\udbff]$|^[\udc00-\udfff]/);
  });

  test('that is none is refused', async () => {
    expect(await refusal(' \n ', 'a.txt')).toBe('text-file-empty');
    expect(await refusal(Uint8Array.from([80, 0, 3, 4]), 'a.txt')).toBe('text-file-is-binary');
    expect(await refusal('PK', 'letter.docx')).toBe('text-file-of-an-office-program');
    expect(await refusal('{\\rtf1 a}', 'letter')).toBe('text-file-of-an-office-program');
    expect(await refusal('x'.repeat(9 * 1024 * 1024), 'a.txt')).toBe('text-file-too-large');
    expect(await refusal('x '.repeat(1_300_000), 'a.txt')).toBe('text-of-too-many-characters');
  });
});

test('a page of the web is its words, block by block, without what runs or styles', async () => {
  const page = `<!doctype html><html><head><title>No</title><style>p{}</style></head><body><h1>Dose</h1>
    <p>Give 5&nbsp;mg &amp; wait &lt; 2 h.<br>Then ask.</p><script>alert("no")</script><!-- no -->
    <ul><li>One</li><li>Two</li></ul><table><tr><td>K</td><td>5.1 &micro;mol</td></tr></table></body></html>`;
  const { kind, parts } = await read(page, 'a.html');
  expect(kind).toBe('html');
  expect(parts[0]!.text).toBe('Dose\n\nGive 5\u00a0mg & wait < 2 h.\nThen ask.\n\nOne\nTwo\n\nK  5.1 µmol');
});
