// @vitest-environment jsdom
import '../../../test/support/readable-blobs.ts';
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readSchema, schemaProblems } from '../../../test/support/json-schema.ts';
import { BedsideError, readRegionFile, sentence } from '../../client/index.ts';
import { AppProvider } from '../state/app-context.tsx';
import { FileListing } from '../state/images/file-listing.ts';
import { polyfillDialog, pressEscapeIn } from '../testing/dialog-polyfill.ts';
import { FakeImageReader } from '../testing/fake-image-reader.ts';
import { FakeServices, startApp } from '../testing/fake-services.ts';
import { ctWindows, dicomFile, pictureFile, sliceFiles } from '../testing/studies.ts';
import type { SeriesSight } from './state/asked-series.ts';
import type { AskedView } from './state/asked-view.ts';
import { KeptMarks } from './state/kept-marks.ts';
import type { StudyFile } from './study/image-facts.ts';
import { StudyDialog } from './study-dialog.tsx';

// There is no layout here: panes of 600 by 400 screen pixels.
const measured = vi.hoisted(() => ({ frame: { width: 600, height: 400 }, pixelRatio: 1 }));
vi.mock('../viewer/use-frame-size.ts', () => ({ useFrameSize: () => measured }));

beforeEach(() => {
  polyfillDialog();
  HTMLElement.prototype.setPointerCapture ??= () => undefined;
  HTMLCanvasElement.prototype.getContext = () => null;
});
afterEach(cleanup);

async function open(
  files: readonly StudyFile[],
  prepare?: (reader: FakeImageReader) => void,
  sight: SeriesSight | null = null,
  keptMarks = new KeptMarks(),
) {
  const reader = new FakeImageReader();
  for (const { path, facts } of files) reader.known.set(path, facts);
  prepare?.(reader);
  const { app } = await startApp(new FakeServices());
  const asked: AskedView[] = [];
  const saved: { blob: Blob; name: string }[] = [];
  const onClose = vi.fn();
  const picked = FileListing.of(files.map(({ file, path }) => ({ file, path })));
  render(
    <AppProvider value={app}>
      <StudyDialog
        files={picked}
        reader={reader}
        keptMarks={keptMarks}
        onAsk={async view => void asked.push(view)}
        sight={sight}
        onAskSeries={async views => void asked.push(...views)}
        saveFile={(blob, name) => saved.push({ blob, name })}
        onClose={onClose}
      />
    </AppProvider>,
  );
  return { reader, asked, saved, onClose };
}

const stage = () => document.querySelector<HTMLElement>('[data-pane="0"]')!;
const press = (key: string, more: object = {}) =>
  fireEvent.keyDown(document.activeElement!, { key, ...more });
const words = () => stage().textContent!.replaceAll('\u00a0', ' ');
const said = async (pattern: RegExp) => {
  const room = screen.getByRole('dialog', { name: 'Images' });
  await waitFor(() =>
    expect(within(room).getAllByRole('status').at(-1)!.textContent!.replaceAll('\u00a0', ' ')).toMatch(
      pattern,
    ),
  );
};
const at = (x: number, y: number) => ({ clientX: x, clientY: y });
const lastWindow = (reader: FakeImageReader) => reader.shown.at(-1)!.presentation.window;

async function openSlices(count = 5) {
  const opened = await open(sliceFiles(count));
  await screen.findByRole('application', { name: `Phantom, image 1 of ${count}` });
  // The picture is there, and what is known of it.
  await screen.findByRole('button', { name: 'As the file says' });
  return opened;
}

test('a series opens at its first image, with the focus on it and the window of its file', async () => {
  const { reader } = await openSlices();
  expect(document.activeElement).toBe(stage());
  expect(lastWindow(reader)).toBeNull();
  await waitFor(() => expect(words()).toContain('Centre 40, width 400'));
  for (const letter of ['R', 'L', 'A', 'P']) expect(screen.getByText(letter)).toBeTruthy();
  expect(document.querySelector('.reading-ruler')!.textContent).toMatch(/mm|cm/);
});

test('keys and wheel scroll, and it is said where', async () => {
  const { reader } = await openSlices();
  press('PageDown');
  await said(/Image 2 of 5/);
  press('End');
  expect(words()).toContain('5 / 5');
  press('ArrowUp');
  expect(words()).toContain('4 / 5');
  fireEvent.wheel(stage(), { deltaY: -100 });
  expect(words()).toContain('3 / 5');
  await waitFor(() => expect(reader.shown.at(-1)!.file).toBe('2.25.1.2/IM2'));
});

test('the window by keys, by name and by figures', async () => {
  const { reader } = await openSlices();
  press('w');
  press('ArrowRight');
  await waitFor(() => expect(lastWindow(reader)).toMatchObject({ centre: 40, width: 421 }));
  await said(/Centre 40, width 421/);
  fireEvent.click(await screen.findByRole('button', { name: 'Lung' }));
  await waitFor(() => expect(lastWindow(reader)).toMatchObject({ centre: -600, width: 1500 }));
  expect(screen.getByRole('button', { name: 'Lung' }).getAttribute('aria-pressed')).toBe('true');
  fireEvent.change(screen.getByLabelText('Centre'), { target: { value: '-500' } });
  await waitFor(() => expect(lastWindow(reader)).toMatchObject({ centre: -500, width: 1500 }));
});

test('the window by dragging, with the right button whatever is chosen', async () => {
  const { reader } = await openSlices();
  press('l');
  fireEvent.pointerDown(stage(), { ...at(0, 0), button: 2, pointerId: 1 });
  fireEvent.pointerMove(stage(), { ...at(0, -30), buttons: 2, pointerId: 1 });
  fireEvent.pointerUp(stage(), { ...at(0, -30), pointerId: 1 });
  await waitFor(() => expect(lastWindow(reader)).toMatchObject({ centre: 0, width: 400 }));
});

test('letters typed in a field choose no tool, and they can be switched off', async () => {
  await openSlices();
  const field = await screen.findByLabelText('Centre');
  field.focus();
  press('l');
  expect(screen.getByRole('button', { name: 'Length' }).getAttribute('aria-pressed')).toBe('false');
  stage().focus();
  fireEvent.click(screen.getByRole('button', { name: 'Keys' }));
  fireEvent.click(screen.getByLabelText('Keys of a single character work'));
  stage().focus();
  press('l');
  expect(screen.getByRole('button', { name: 'Length' }).getAttribute('aria-pressed')).toBe('false');
  press('PageDown');
  expect(words()).toContain('2 / 5');
});

test('a length by the keyboard alone: two points ten pixels apart are five millimetres', async () => {
  await openSlices();
  press('l');
  press('Enter');
  press('ArrowRight', { shiftKey: true });
  press('Enter');
  const list = screen.getByRole('region', { name: 'Marks' });
  expect(list.textContent!.replaceAll('\u00a0', ' ')).toContain('5.0 mm');
  await said(/Length 1: 5\.0 mm/);
  fireEvent.change(screen.getByLabelText('Note'), { target: { value: 'the disc' } });
  fireEvent.change(screen.getByLabelText('x of point 2'), { target: { value: '50.5' } });
  expect(list.textContent!.replaceAll('\u00a0', ' ')).toContain('10.0 mm');
  stage().focus();
  press('Delete');
  expect(screen.queryByRole('region', { name: 'Marks' })).toBeNull();
});

test('a rectangle by the pointer: mean and deviation of the pixels inside', async () => {
  await openSlices(1);
  press('b');
  // The image of 60 × 40 fits at 9.7 screen pixels each; the element lies at the origin and has no size.
  const zoom = 0.97 * 10;
  const point = (x: number, y: number) => at((x - 30) * zoom, (y - 20) * zoom);
  fireEvent.pointerDown(stage(), { ...point(10, 10), pointerId: 1, button: 0 });
  fireEvent.pointerMove(stage(), { ...point(20, 14), pointerId: 1 });
  fireEvent.pointerUp(stage(), { ...point(20, 14), pointerId: 1 });
  // Columns 10 to 19, rows 10 to 13.
  await waitFor(() =>
    expect(screen.getByRole('region', { name: 'Marks' }).textContent!.replaceAll('\u00a0', ' ')).toContain(
      'Mean 11514.5 HU',
    ),
  );
});

test('the value under the cross', async () => {
  await openSlices(1);
  press('v');
  press('ArrowRight');
  await said(/x 31, y 20: 20031 HU/);
});

test('what is asked is what is shown: the frame, its window, turned, covered', async () => {
  const { asked } = await openSlices();
  press('PageDown');
  press('r');
  press('h');
  press('i');
  press('x');
  press('Enter');
  press('ArrowRight', { shiftKey: true });
  press('ArrowDown', { shiftKey: true });
  press('Enter');
  // What is not shown yet was seen by nobody.
  const ask = screen.getByRole('button', { name: 'Ask about this image' });
  await waitFor(() => expect(ask).toHaveProperty('disabled', false));
  await act(async () => fireEvent.click(ask));
  const [view] = asked;
  expect((view!.file as File).name).toBe('2.25.1.2/IM1');
  expect(view!.name).toBe('IM1');
  expect(view!.presentation).toMatchObject({
    frame: 0,
    window: ctWindows[0]!.choice,
    isInverted: true,
    turns: 1,
    isFlipped: true,
  });
  expect(view!.presentation.redactions).toHaveLength(1);
  const [box] = view!.presentation.redactions;
  expect(box!.width * box!.height).toBe(121);
});

test('a region that is chosen is asked about closely', async () => {
  const { asked } = await openSlices(1);
  press('b');
  press('Enter');
  press('ArrowRight', { shiftKey: true });
  press('ArrowDown', { shiftKey: true });
  press('Enter');
  await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Ask about this region' })));
  expect(asked[0]!.presentation).toMatchObject({
    region: { x: 30, y: 20, width: 11, height: 11 },
    redactions: [],
  });
});

test('two panes: prior beside current, scrolled together', async () => {
  await open([...sliceFiles(10, 2, 'prior', 'a'), ...sliceFiles(5, 4, 'current', 'b')]);
  await screen.findByRole('application', { name: /image 1 of 10/ });
  fireEvent.click(screen.getByLabelText('Two'));
  fireEvent.click(screen.getByLabelText('Scroll together'));
  stage().focus();
  for (let times = 0; times < 4; times++) press('PageDown');
  expect(screen.getByRole('application', { name: /image 5 of 10/ })).toBeTruthy();
  expect(screen.getByRole('application', { name: /image 3 of 5/ })).toBeTruthy();
  fireEvent.click(screen.getByLabelText('Four'));
  expect(screen.getAllByText('Choose a series for this pane.')).toHaveLength(2);
});

test('a colour picture has no window; burned-in text is warned of', async () => {
  await open([pictureFile('a.png'), dicomFile('us', { burnedIn: 'YES' })]);
  await screen.findByText(/may show a name/);
  fireEvent.click(screen.getByRole('button', { name: /a\.png/ }));
  expect(await screen.findByText('A coloured picture has no window.')).toBeTruthy();
});

test('what the file says is found by its words', async () => {
  const row = (tag: string, name: string, value: string) => ({
    tag,
    name,
    value,
    identifies: name === "Patient's Name",
  });
  await open(sliceFiles(1), reader => {
    reader.headers = [
      row('(0008,0060)', 'Modality', 'CT'),
      row('(0010,0010)', "Patient's Name", 'Phantom'),
      row('(0009,0010)', '', 'x'),
    ];
  });
  const details = (await screen.findByText('What the file says')).closest('details')!;
  details.open = true;
  fireEvent(details, new Event('toggle'));
  await screen.findByText('Phantom', { selector: 'dd' });
  expect(screen.getByText('3 of 3')).toBeTruthy();
  fireEvent.change(screen.getByLabelText('Find'), { target: { value: 'patient' } });
  expect(screen.getByText('1 of 3')).toBeTruthy();
  expect(screen.queryByText('CT', { selector: 'dd' })).toBeNull();
  expect(screen.getByText('identifies')).toBeTruthy();
});

test('marks are given out as data', async () => {
  const { saved } = await openSlices(1);
  press('n');
  press('Enter');
  fireEvent.click(screen.getByRole('button', { name: 'Save marks as data' }));
  await waitFor(() => expect(saved).toHaveLength(1));
  expect(saved[0]!.name).toBe('IM0 marks.json');
  const { image, regions } = readRegionFile(await saved[0]!.blob.text());
  expect(image).toMatchObject({ width: 60, height: 40, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(regions).toEqual([{ number: 1, note: '', frame: 0, shape: { kind: 'point', at: [30.5, 20.5] } }]);
});

test('how a series is shown is given out as data, without a name', async () => {
  const { saved } = await openSlices(3);
  press('n');
  press('Enter');
  press('i');
  press('PageDown');
  fireEvent.click(screen.getByRole('button', { name: 'Save views as data' }));
  await waitFor(() => expect(saved).toHaveLength(1));
  expect(saved[0]!.name).toBe('views.json');
  const list = JSON.parse(await saved[0]!.blob.text());
  expect(schemaProblems(list, readSchema('views'))).toEqual([]);
  const uids = sliceFiles(3).map(({ facts }) => facts.dicom!.identity);
  expect(list.seriesUid).toBe(uids[0]!.seriesUid);
  expect(list.views).toHaveLength(3);
  for (const [at, { image, presentation, regions }] of list.views.entries()) {
    expect(image).toEqual({ instanceUid: uids[at]!.instanceUid, width: 60, height: 40 });
    expect(presentation).toMatchObject({ frame: 0, isInverted: true, turns: 0, redactions: [] });
    expect(regions).toHaveLength(at === 0 ? 1 : 0);
  }
});

test('pictures of a folder are known by their bytes', async () => {
  const { saved } = await open([pictureFile('Doe/a.png'), pictureFile('Doe/b.png')]);
  await screen.findByRole('application', { name: /image 1 of 2/ });
  fireEvent.click(screen.getByRole('button', { name: 'Save views as data' }));
  await waitFor(() => expect(saved).toHaveLength(1));
  const text = await saved[0]!.blob.text();
  expect(text).not.toContain('Doe');
  for (const { image } of JSON.parse(text).views) expect(image.sha256).toMatch(/^[0-9a-f]{64}$/);
});

test('what is marked goes with what is asked, with what it measures', async () => {
  const { asked } = await openSlices(1);
  press('l');
  press('Enter');
  press('ArrowRight', { shiftKey: true });
  press('Enter');
  await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Ask about this image' })));
  expect(asked[0]!.regions).toEqual([
    {
      ...{ number: 1, note: '', frame: 0 },
      shape: { kind: 'length', from: [30.5, 20.5], to: [40.5, 20.5] },
      measured: [{ name: 'length', value: 5, unit: 'mm' }],
    },
  ]);
  expect(asked[0]!.presentation.region).toBeNull();
});

test('marks are there again when the study is opened again', async () => {
  const keptMarks = new KeptMarks();
  const files = sliceFiles(2);
  await open(files, undefined, null, keptMarks);
  await screen.findByRole('button', { name: 'As the file says' });
  press('n');
  press('Enter');
  await screen.findByRole('region', { name: 'Marks' });
  cleanup();
  await open(files, undefined, null, keptMarks);
  const marks = await screen.findByRole('region', { name: 'Marks' });
  expect(marks.textContent).toContain('Point 1');
});

test('a place that is typed outside of the image is moved to its edge', async () => {
  await openSlices(1);
  press('n');
  press('Enter');
  const field = await screen.findByLabelText('x of point 1');
  fireEvent.change(field, { target: { value: '900' } });
  await waitFor(() => expect(field).toHaveProperty('value', '60'));
});

test('a picture is given out as it is asked about', async () => {
  const { reader, saved } = await openSlices(1);
  fireEvent.click(screen.getByRole('button', { name: 'Save picture' }));
  await waitFor(() => expect(saved.map(({ name }) => name)).toEqual(['IM0.png']));
  expect(reader.pictures).toHaveLength(1);
});

test('Escape gives up a mark before it closes', async () => {
  const { onClose } = await openSlices();
  press('l');
  press('Enter');
  expect(document.querySelectorAll('.reading-mark')).toHaveLength(1);
  const room = screen.getByRole('dialog', { name: 'Images' });
  act(() => pressEscapeIn(room));
  expect(document.querySelectorAll('.reading-mark')).toHaveLength(0);
  expect(onClose).not.toHaveBeenCalled();
  act(() => pressEscapeIn(room));
  expect(onClose).toHaveBeenCalledOnce();
});

test('a frame that cannot be decoded says why, in its place', async () => {
  const damaged = new BedsideError(
    'damaged-image',
    sentence`in-a-test: The frame is damaged.`,
    'Get it again.',
  );
  await open(sliceFiles(1), reader => {
    reader.failure = damaged;
  });
  expect((await screen.findByRole('alert')).textContent).toBe('The frame is damaged. Get it again.');
});

test('where nothing can be shown it says why', async () => {
  const refused = new BedsideError(
    'not-an-image',
    sentence`in-a-test: It is a report.`,
    'Read it elsewhere.',
  );
  await open([dicomFile('report')], reader => reader.known.set('report', refused));
  await screen.findByRole('dialog', { name: 'There is nothing to show' });
  expect(screen.getByText('It is a report.')).toBeTruthy();
});

test('a series is asked about in as many images as there is room for, or fewer', async () => {
  const sight: SeriesSight = { model: 'Seer', seesColours: true, tokensOf: () => 256, roomTokens: 1100 };
  const { asked } = await open(sliceFiles(10), undefined, sight);
  const section = within(await screen.findByRole('region', { name: 'The whole series' }));
  expect(section.getByText(/more than 4 of its 10 do not fit in a question to Seer/)).toBeDefined();
  expect(section.getByText(/red, green and blue/)).toBeDefined();
  fireEvent.change(section.getByRole('spinbutton', { name: 'Images to ask about' }), {
    target: { value: '3' },
  });
  await act(async () => fireEvent.click(section.getByRole('button', { name: 'Ask about this series' })));
  expect(asked.map(({ name }) => name)).toEqual(['IM3', 'IM6', 'IM9']);
  expect(asked.map(({ presentation }) => presentation.window?.kind)).toEqual(Array(3).fill('ct-colours'));
});

test('without a model that sees, a series is not asked about', async () => {
  await open(sliceFiles(10));
  await screen.findByRole('button', { name: 'Ask about this image' });
  expect(screen.queryByRole('region', { name: 'The whole series' })).toBeNull();
});
