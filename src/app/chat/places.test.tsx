// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeServices, imageFile, lastMessage, type Started } from '../testing/fake-services.ts';
import { demonstration, imageReportOf, seeing, visionUseOf } from '../testing/fixtures.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

let started: Started;

beforeEach(async () => {
  const services = new FakeServices();
  services.catalogue = [demonstration, seeing];
  started = await renderPage(services);
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const answered =
  'There is <ref>a nodule</ref><box>[[100, 100, 300, 300]]</box> and <ref>a nodule</ref><box>[[500, 500, 600, 600]]</box>.';
const extent = { x: 64, y: 48, width: 128, height: 96 };

/** About an image of 640 by 480 pixels with a mark on it. */
async function ask(): Promise<void> {
  const { attachmentsController, chatController } = started.app;
  await settled(() => attachmentsController.add([imageFile('scan.png')]));
  await settled();
  const { key } = attachmentsController.of()[0]!;
  const region = { number: 1, note: 'this one', frame: 0, shape: { kind: 'box' as const, extent } };
  await settled(() => attachmentsController.present(key, { regions: [region] }));
  await settled(() => void chatController.send('Where is it?'));
}

const finish = () =>
  settled(() => {
    started.engine.lastAnswer.finish({ vision: visionUseOf(imageReportOf('scan.png').id) });
  });
const section = () => screen.getByRole('region', { name: 'Places in the picture' });

test('places of an answer are counted, listed, drawn, and compared with the reader’s mark', async () => {
  await ask();
  await settled(() => started.engine.lastAnswer.write('There is <ref>a nod'));
  const text = () => document.querySelector('.message-answer .markdown')!.textContent;
  expect(text()).toBe('There is');
  await settled(() => started.engine.lastAnswer.write(answered.slice('There is <ref>a nod'.length)));
  await finish();
  await settled();
  expect(text()).toBe('There is a nodule (place 1) and a nodule (place 2).');
  expect(section().textContent).toContain('2 places: a nodule 2');
  const items = within(section()).getAllByRole('listitem');
  expect(items.map(({ textContent }) => textContent)).toEqual([
    'a noduleBox of 128 × 96 pixels, 64 from the left, 48 from the topIoU with your mark 1: 1.00',
    'a noduleBox of 64 × 48 pixels, 320 from the left, 240 from the topNo overlap with your mark 1',
  ]);
  const drawn = [...section().querySelectorAll('.drawn-shape')].map(each => each.getAttribute('data-by'));
  expect(drawn).toEqual(['reader', 'model', 'model']);
  expect(lastMessage(started.app).text).toBe(answered);
});

test('a place that is pressed in the list stands out in the picture', async () => {
  await ask();
  await settled(() => started.engine.lastAnswer.write(answered));
  await finish();
  await settled();
  const pressed = () => within(section()).getAllByRole('button', { pressed: true });
  await settled(() => fireEvent.click(within(section()).getAllByRole('button', { name: 'a nodule' })[1]!));
  expect(pressed()).toHaveLength(1);
  const shapes = [...section().querySelectorAll('.drawn-shape')];
  expect(shapes.map(each => each.getAttribute('data-chosen'))).toEqual(['false', 'false', 'true']);
});

test('what is copied stays as it was written', async () => {
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal('navigator', Object.assign(Object.create(navigator), { clipboard: { writeText } }));
  await ask();
  await settled(() => started.engine.lastAnswer.write(answered));
  await finish();
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Copy answer' })));
  expect(writeText).toHaveBeenCalledWith(expect.stringContaining(answered));
});

test('the marks of a question are listed beside its image', async () => {
  await ask();
  await finish();
  const marks = screen.getByRole('list', { name: 'Marks on scan.png' });
  expect(marks.textContent).toBe('1, rectangle: “this one”');
});
