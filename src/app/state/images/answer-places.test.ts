import { expect, test } from 'vitest';
import { type Message, type MessageImage, plainPresentation, type Region } from '../../../client/index.ts';
import { visionUseOf } from '../../testing/fixtures.ts';
import { drawnPlaces, imagesToPointAt, placesIn } from './answer-places.ts';
import { drawnMarks } from './drawn-shapes.ts';

const message = (id: string, changes: Partial<Message>): Message => ({
  v: 4,
  id,
  conversationId: 'c',
  parentId: null,
  createdAt: 1,
  role: id.startsWith('q') ? 'user' : 'assistant',
  text: 'words',
  stopReason: 'end',
  ...changes,
});
const image = (id: string, changes: Partial<MessageImage> = {}): MessageImage => ({
  ...{ id, name: `${id}.png`, width: 400, height: 200 },
  ...changes,
});
const mark = (number: number, shape: Region['shape'], frame = 0): Region => ({
  ...{ number, note: '', frame, shape },
});
const seen = (...ids: string[]) => ({
  ...visionUseOf(ids[0]!),
  images: ids.flatMap(id => visionUseOf(id).images),
});

test('an answer names places in the image of its own question', () => {
  const path = [
    message('q1', { images: [image('old')] }),
    message('a1', { vision: seen('old') }),
    message('q2', { images: [image('new')] }),
    message('a2', { vision: seen('old', 'new') }),
  ];
  expect(imagesToPointAt(path, path[3]!).map(({ id }) => id)).toEqual(['new']);
  expect(imagesToPointAt(path.slice(0, 2), path[1]!).map(({ id }) => id)).toEqual(['old']);
});

test('a question without an image asks about those before it', () => {
  const path = [
    message('q1', { images: [image('old')] }),
    message('q2', {}),
    message('a2', { vision: seen('old') }),
  ];
  expect(imagesToPointAt(path, path[2]!)).toEqual([image('old')]);
});

test('while it is written, those of the question count; of an answer that saw none, none do', () => {
  const question = message('q', { images: [image('one'), image('two')] });
  const { stopReason: _, ...running } = message('a', {});
  expect(imagesToPointAt([question, running], running)).toHaveLength(2);
  const blind = message('a', { withoutImages: true });
  expect(imagesToPointAt([question, blind], blind)).toEqual([]);
});

test('a place is compared with the mark that it agrees with best', () => {
  const regions = [
    mark(1, { kind: 'box', extent: { x: 0, y: 0, width: 100, height: 100 } }),
    mark(2, { kind: 'ellipse', extent: { x: 200, y: 100, width: 200, height: 100 } }),
    mark(3, { kind: 'box', extent: { x: 0, y: 100, width: 200, height: 100 } }, 1),
  ];
  const answer =
    '<think><box>[[0, 0, 10, 10]]</box></think><ref>it</ref><box>[[500, 500, 1000, 1000],[0, 500, 500, 1000],[0, 0, 500, 500]]</box>';
  const places = placesIn(answer, image('a', { regions }));
  expect(places.map(({ number, agreement }) => [number, agreement])).toEqual([
    [1, { with: { kind: 'mark', number: 2 }, found: { kind: 'overlap', share: 1 } }],
    [2, { with: { kind: 'mark', number: 1 }, found: { kind: 'overlap', share: 0 } }],
    [3, { with: { kind: 'mark', number: 1 }, found: { kind: 'overlap', share: 0.5 } }],
  ]);
  expect(drawnPlaces(places)[0]).toEqual({
    shape: { kind: 'box', extent: { x: 200, y: 100, width: 200, height: 100 } },
    label: '1',
    by: 'model',
    words: 'Place 1, it: Box of 200 × 100 pixels, 200 from the left, 100 from the top',
  });
});

test('in a turned picture a place is where the model was shown it, and compared where the mark lies', () => {
  const presentation = {
    ...plainPresentation,
    turns: 1 as const,
    region: { x: 0, y: 0, width: 200, height: 100 },
  };
  const turned = image('a', {
    presentation,
    regions: [mark(1, { kind: 'point', at: [390, 190] })],
  });
  // The upper left quarter of the image is the upper right one of the picture, which is 200 wide and 400 high.
  const [place] = placesIn('<box>[[500, 0, 1000, 500]]</box>', turned);
  expect(place).toMatchObject({
    place: { kind: 'box', extent: { x: 100, y: 0, width: 100, height: 200 } },
    agreement: { with: { kind: 'asked' }, found: { kind: 'overlap', share: 1 } },
  });
  expect(drawnMarks(turned)[0]!.shape).toEqual({ kind: 'point', at: [10, 390] });
});
