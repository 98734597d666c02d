import { expect, test } from 'vitest';
import { viewsOf } from '../../test/support/image-views.ts';
import { stopReasons } from '../engine/types/answer.ts';
import type { ImagePresentation } from '../engine/types/presentation.ts';
import type { Region } from '../engine/types/region.ts';
import { readConversation, readMessage } from './conversation-records.ts';

const image = { id: 'a'.repeat(64), name: 'scan.png', width: 640, height: 480 };
const views = viewsOf(image, { detailed: [4, 3], adaptive: [3, 2] });
const presentation: ImagePresentation = {
  frame: 2,
  window: { kind: 'level', centre: -600, width: 1500, function: 'LINEAR' },
  isInverted: false,
  turns: 1,
  isFlipped: true,
  redactions: [{ x: 0, y: 0, width: 100, height: 20 }],
  region: { x: 10, y: 20, width: 30, height: 40 },
};
const regions: Region[] = [
  { number: 1, note: 'a nodule?', frame: 2, shape: { kind: 'point', at: [25.5, 40] } },
  { number: 2, note: '', frame: 2, shape: { kind: 'box', extent: { x: 10, y: 20, width: 30, height: 40 } } },
];
const imageUse = { id: image.id, views, keptTokens: 3328, cached: false };
const shownUse = { ...imageUse, presentation };
const vision = { images: [imageUse, shownUse], decodeMs: 1, encodeMs: 2, compressed: true };

const usage = {
  promptTokens: 40,
  cachedTokens: 0,
  generatedTokens: 12,
  prefillMs: 10,
  timeToFirstTokenMs: 12.5,
  decodeMs: 100,
  tokensPerSecond: 30,
};
const answer = {
  v: 4,
  id: 'm',
  conversationId: 'c',
  parentId: 'q',
  role: 'assistant',
  text: 'Asthma is …',
  createdAt: 2,
  stopReason: 'end',
  usage,
  model: 'nano-chat',
  modelKey: 'nano-chat',
  modelKind: 'demonstration',
  identity: {
    quantisation: 'Q8_0',
    parameterCount: 7_212_288,
    publisher: 'P',
    sha256: ['1'.repeat(64)],
    looksLike: 'PMC-LLaMA 13B',
    template: 'file',
  },
  computedOn: [
    { kind: 'gpu', adapter: 'nvidia ada-lovelace' },
    { kind: 'processor', threads: 4, activationBits: 32 },
  ],
  droppedMessages: 0,
  contextTokens: 2048,
  usedTokens: 90,
  readAlone: true,
  vision,
  withoutImages: true,
  tokenIds: [1, 2],
  error: {
    code: 'out-of-memory',
    reason: 'no-room',
    message: 'm',
    values: { bytes: 1e9, name: 'nano' },
    advice: 'a',
    cause: 'c',
    choices: [{ precision: 'q8', contextTokens: 1024, totalBytes: 1e9 }],
  },
};

test('reads every field that version 4 can have', () => {
  const conversation = {
    v: 4,
    id: 'c',
    title: 'Asthma',
    createdAt: 1,
    updatedAt: 2,
    modelId: 'nano-chat',
    preset: { id: 'short', name: 'Short', maxTokens: 128, thoughtTokens: 256 },
    rootIds: ['m'],
    currentLeafId: 'm',
  };
  expect(readConversation(conversation, 'c')).toEqual(conversation);
  expect(readMessage(answer, 'c', 'm').message).toEqual(answer);
  const question = {
    v: 4,
    id: 'q',
    conversationId: 'c',
    parentId: null,
    role: 'user',
    text: '',
    createdAt: 1,
  };
  const asked = { ...question, images: [image, { ...image, presentation, regions }] };
  expect(readMessage(asked, 'c', 'q').message).toEqual(asked);
});

test('of version 3, every image was asked about as its file shows it', () => {
  const before = { ...answer, vision: { ...vision, images: [imageUse] } };
  expect(readMessage({ ...before, v: 3 }, 'c', 'm').message).toEqual(before);
  const asked = { ...answer, id: 'q', role: 'user', images: [image] };
  expect(readMessage({ ...asked, v: 3 }, 'c', 'q').message).toEqual(asked);
});

test.each([1, 2])('what version %d says of the model that answered is as it was', v => {
  const { identity: _, vision: __, computedOn: ___, ...before } = answer;
  const opened = { ...before, model: 'PMC-LLaMA 13B', modelKind: 'bring-your-own' };
  expect(readMessage({ ...opened, v }, 'c', 'm').message).toEqual({ ...opened, v: 4 });
});

test.each(stopReasons)('reads an answer that ended so: %s', stopReason => {
  const ended = { ...answer, stopReason };
  expect(readMessage(ended, 'c', 'm').message).toEqual(ended);
});

test.each([
  ['usage', {}],
  ['usage', { ...usage, decodeMs: Number.NaN }],
  ['usage', { ...usage, generatedTokens: '12' }],
  ['images', image],
  ['images', [{ ...image, name: undefined }]],
  ['images', [{ ...image, width: 0 }]],
  ['images', [{ ...image, presentation: { ...presentation, turns: 9 } }]],
  ['images', [{ ...image, presentation: null }]],
  ['images', [{ ...image, regions: [{ ...regions[0], number: 0 }] }]],
  ['vision', { ...vision, images: [{ ...imageUse, presentation: { ...presentation, window: {} } }] }],
  ['vision', []],
  ['vision', { ...vision, images: [{ ...imageUse, views: 19 }] }],
  ['vision', { ...vision, images: [{ ...imageUse, views: [] }] }],
  ['vision', { ...vision, images: [{ ...imageUse, views: [views[0], views[0]] }] }],
  ['vision', { ...vision, images: [{ ...imageUse, views: [{ ...views[0], grid: [4] }] }] }],
  ['vision', { ...vision, images: [{ ...imageUse, views: [{ ...views[0], grid: [1e9, 1e9] }] }] }],
  ['vision', { ...vision, images: [{ ...imageUse, views: [{ ...views[0], name: 5 }] }] }],
  ['vision', { ...vision, images: [{ ...imageUse, keptTokens: null }] }],
  ['error', 'failed'],
  ['error', { code: 'network', message: 5, advice: '' }],
  ['computedOn', { kind: 'gpu' }],
  ['computedOn', [{ adapter: 'nvidia' }]],
  ['computedOn', [{ kind: 'abacus' }]],
  ['tokenIds', [1, -2]],
  ['stopReason', 'bored'],
  ['model', { name: 'x' }],
  ['droppedMessages', 1.5],
  ['readAlone', 'yes'],
])('drops a field that cannot be read, keeps the others, and says so: %s %j', (field, wrong) => {
  const { [field as 'usage']: _, ...others } = answer;
  expect(readMessage({ ...answer, [field]: wrong }, 'c', 'm').message).toEqual({
    ...others,
    condition: 'damaged',
  });
});

test('an error of another version is shown with its words', () => {
  const error = { code: 'gpu-on-fire', reason: 'burns', message: 'It burns.', values: {}, advice: 'Leave.' };
  expect(readMessage({ ...answer, error }, 'c', 'm').message.error).toEqual({ ...error, code: 'internal' });
});

test.each([
  ['stored before errors had a reason', {}],
  ['with a reason and values that cannot be read', { reason: 5, values: { rows: [1] } }],
])('an error %s is shown with its words', (_, fields) => {
  const error = { code: 'network', message: 'It broke.', advice: 'Again.' };
  expect(readMessage({ ...answer, error: { ...error, ...fields } }, 'c', 'm').message).toEqual({
    ...answer,
    error: { ...error, reason: 'unnamed', values: {} },
  });
});
