import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fixture, readJson } from '../../../../test/support/data.ts';
import { openDicom } from '../open-dicom.ts';
import { blankIdentity } from './blank-identity.ts';
import { readHeaderRows } from './header-rows.ts';

const text = (value: string) => [...new TextEncoder().encode(value)];
const u16 = (value: number) => [value & 255, value >> 8];
const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)];
const tagOf = (tag: number) => [...u16(tag >>> 16), ...u16(tag & 0xffff)];

/** Explicit VR, little endian. */
function element(tag: number, vr: string, value: number[]): number[] {
  const padded = value.length % 2 === 0 ? value : [...value, vr === 'UI' ? 0 : 0x20];
  const isLong = ['SQ', 'OB', 'OW', 'UN', 'UT'].includes(vr);
  const length = isLong ? [0, 0, ...u32(padded.length)] : u16(padded.length);
  return [...tagOf(tag), ...text(vr), ...length, ...padded];
}
const item = (...elements: number[][]) => [
  ...tagOf(0xfffee000),
  ...u32(elements.flat().length),
  ...elements.flat(),
];

const secret = 'Zyx^Wvu';
const meta = [
  ...element(0x00020010, 'UI', text('1.2.840.10008.1.2.1')),
  ...element(0x00020016, 'AE', text(secret)),
];
const file = Uint8Array.from([
  ...text(secret.padEnd(128, '.')),
  ...text('DICM'),
  ...element(0x00020000, 'UL', u32(meta.length)),
  ...meta,
  ...element(0x00080016, 'UI', text('1.2.840.10008.5.1.4.1.1.7')),
  ...element(0x00080020, 'DA', text('20260102')),
  ...element(0x00080060, 'CS', text('OT')),
  ...element(0x00080080, 'LO', text(secret)),
  ...element(
    0x00081110,
    'SQ',
    item(element(0x00081150, 'UI', text('1.2')), element(0x00100010, 'PN', text(secret))),
  ),
  ...element(0x00090010, 'LO', text(secret)),
  ...element(0x00091001, 'UN', text(secret)),
  ...element(0x00091002, 'SQ', item(element(0x00091003, 'LO', text(secret)))),
  ...element(0x00100010, 'PN', text(secret)),
  ...element(0x00100020, 'LO', text(secret)),
  ...element(0x00100040, 'CS', text('F')),
  ...element(0x0020000e, 'UI', text('1.2.3')),
  ...element(0x00280002, 'US', u16(1)),
  ...element(0x00280004, 'CS', text('MONOCHROME2')),
  ...element(0x00280010, 'US', u16(16)),
  ...element(0x00280011, 'US', u16(16)),
  ...element(0x00280100, 'US', u16(8)),
  ...element(0x00280101, 'US', u16(8)),
  ...element(0x00280102, 'US', u16(7)),
  ...element(0x00280103, 'US', u16(0)),
  ...element(0x00400275, 'SQ', item(element(0x00400007, 'LO', text(secret)))),
  ...element(
    0x7fe00010,
    'OW',
    Array.from({ length: 256 }, (_, i) => i),
  ),
]);

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

test('names are gone wherever they stood; pixels, the series and what is measured stay', async () => {
  const before = await openDicom(file);
  expect(before.identity).toMatchObject({ patientName: secret, seriesUid: '1.2.3' });
  const blank = await blankIdentity(file);
  expect(latin1(file).split(secret)).toHaveLength(11);
  expect(latin1(blank)).not.toContain('Zyx');
  expect(latin1(blank)).not.toContain('20260102');
  expect(blank).toHaveLength(file.length);
  const after = await openDicom(blank);
  expect(after.identity).toEqual({ ...before.identity, patientName: null });
  expect(after.meta).toEqual(before.meta);
  expect((await after.decodeFrame(0)).stored).toEqual((await before.decodeFrame(0)).stored);
  const sex = (await readHeaderRows(blank)).find(({ tag }) => tag === '(0010,0040)');
  expect(sex).toMatchObject({ value: 'F', identifies: false });
  // What was given is left alone.
  expect(latin1(file)).toContain(secret);
});

test('every file that can be opened can be opened after it, and shows the same', async () => {
  const goldens = readJson<{ file: string; status: string }[]>(fixture('dicom/golden.json'));
  const readable = goldens.filter(({ status }) => status === 'ok').map(({ file: name }) => name);
  expect(readable.length).toBeGreaterThan(40);
  for (const name of readable) {
    const bytes = readFileSync(fixture(`dicom/${name}`));
    const blanked = await blankIdentity(bytes).catch((error: { reason: string }) => error.reason);
    if (typeof blanked === 'string') {
      expect([name, blanked]).toEqual(['ts-deflated.dcm', 'deflated-header']);
      continue;
    }
    const [before, after] = [await openDicom(bytes), await openDicom(blanked)];
    expect([name, after.identity.patientName]).toEqual([name, null]);
    expect(after.identity.seriesUid).toBe(before.identity.seriesUid);
    const frames = [await before.decodeFrame(0), await after.decodeFrame(0)] as const;
    expect([name, frames[1].render(null)]).toEqual([name, frames[0].render(null)]);
  }
});

test('a header is listed by its tags, with names, values and what may identify', async () => {
  const rows = await readHeaderRows(file);
  expect(rows.map(({ tag }) => tag)).toEqual(rows.map(({ tag }) => tag).toSorted());
  const row = (tag: string) => rows.find(each => each.tag === tag);
  expect(row('(0010,0010)')).toEqual({
    ...{ tag: '(0010,0010)', name: "Patient's Name", value: secret, identifies: true },
  });
  expect(row('(0028,0010)')).toMatchObject({ name: 'Rows', value: '16', identifies: false });
  expect(row('(0008,1110)')).toMatchObject({ value: '1 item' });
  expect(row('(0009,1001)')).toMatchObject({ name: '', identifies: true });
  expect(row('(7FE0,0010)')).toMatchObject({ name: 'Pixel Data', value: '256 bytes', identifies: false });
});

test('of files without representations the usual ones are taken, and texts are in their own letters', async () => {
  const implicit = await readHeaderRows(readFileSync(fixture('dicom/parse-bare-implicit.dcm')));
  expect(implicit.find(({ tag }) => tag === '(0028,0010)')?.value).toMatch(/^\d+$/);
  const japanese = await readHeaderRows(readFileSync(fixture('dicom/charset-iso2022-ir87.dcm')));
  expect(japanese.find(({ tag }) => tag === '(0010,0010)')?.value).toMatch(/\p{Script=Han}/u);
});

test('whatever is in a header, its rows are lines of text', async () => {
  for (const name of readdirSync(fixture('dicom')).filter(each => each.endsWith('.dcm'))) {
    const rows = await readHeaderRows(readFileSync(fixture(`dicom/${name}`))).catch(() => []);
    expect([name, rows.filter(({ value }) => /\p{Cc}/u.test(value))]).toEqual([name, []]);
  }
});
