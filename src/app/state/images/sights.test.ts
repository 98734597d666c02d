import { expect, test } from 'vitest';
import type { ImageUse, Message } from '../../../client/index.ts';
import { visionUseOf } from '../../testing/fixtures.ts';
import { blindAnswererOf, sightOf, sightsOfQuestion } from './sights.ts';

const message = (id: string, changes: Partial<Message>): Message => ({
  v: 4,
  id,
  conversationId: 'c',
  parentId: null,
  createdAt: 1,
  role: id.startsWith('q') ? 'user' : 'assistant',
  text: 'words',
  ...changes,
});

const seen = (keptTokens: number) => {
  const [use] = visionUseOf('image').images;
  return visionUseOf('image', { images: [{ ...use!, keptTokens }] });
};

const asked = message('q1', { images: [{ id: 'image', name: 'a.png', width: 4, height: 4 }] });

test('a question shows what its own answer kept, not all tokens', () => {
  const path = [asked, message('a1', { model: 'Seer', vision: seen(152) })];
  expect(sightsOfQuestion(path, 'q1', { id: 'image' })).toEqual([
    {
      answer: 1,
      model: 'Seer',
      views: visionUseOf('image').images[0]!.views,
      keptTokens: 152,
    },
  ]);
});

test('later answers that saw it otherwise are told apart, and the same sight is told once', () => {
  const path = [
    message('q0', {}),
    message('a0', { model: 'Nano' }),
    asked,
    message('a1', { model: 'Seer', vision: seen(152) }),
    message('q2', {}),
    message('a2', { model: 'Seer', vision: seen(152) }),
    message('q3', {}),
    message('a3', { model: 'Seer', vision: seen(224) }),
  ];
  expect(
    sightsOfQuestion(path, 'q1', { id: 'image' }).map(({ answer, keptTokens }) => [answer, keptTokens]),
  ).toEqual([
    [2, 152],
    [4, 224],
  ]);
});

test('an image that no answer saw has no sights; the model that answered without it is named', () => {
  expect(sightsOfQuestion([asked], 'q1', { id: 'image' })).toEqual([]);
  const path = [asked, message('a1', { model: 'Nano', withoutImages: true })];
  expect(sightsOfQuestion(path, 'q1', { id: 'image' })).toEqual([]);
  expect(blindAnswererOf(path, 'q1')).toBe('Nano');
  expect(blindAnswererOf([asked], 'q1')).toBeUndefined();
});

test('what an earlier version stored takes the size of the tiles from elsewhere, or is without one', () => {
  const sizesOf = ({ views }: Pick<ImageUse, 'views'>) => views.map(({ tile }) => tile);
  const [use] = seen(224).images;
  const answer = message('a1', { vision: seen(224) });
  const old = { ...use!, views: use!.views.map(({ tile: _, ...view }) => view) };
  const none = [undefined, undefined, undefined];
  expect(sizesOf(sightOf(answer, old, 1))).toEqual(none);
  expect(sizesOf(sightOf(answer, old, 1, 448))).toEqual(none.map(() => ({ width: 448, height: 448 })));
  expect(sizesOf(sightOf(answer, use!, 1, 448))).toEqual(none.map(() => ({ width: 112, height: 112 })));
});
