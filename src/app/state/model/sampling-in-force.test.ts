import { expect, test } from 'vitest';
import { greedySampling, mildSampling } from '../../../client/index.ts';
import { demonstration, modelInfo, ownModel } from '../../testing/fixtures.ts';
import { samplingInForce } from './sampling-in-force.ts';

const known = { ...ownModel, card: 'https://site.test/card.json' };
const recommending = {
  ...modelInfo,
  sampling: { settings: { topK: 20, topP: 0.8 }, notFollowed: ['mirostat 2'] },
};

test('what the reader has chosen holds for every model', () => {
  const chosen = { ...greedySampling, repetitionPenalty: 1.2 };
  for (const entry of [null, demonstration, known, ownModel]) {
    expect(samplingInForce(chosen, { entry, info: recommending })).toEqual({
      settings: chosen,
      by: 'reader',
      notFollowed: [],
    });
  }
});

test('models of the catalogue take the most likely word, or what their entry says, whatever their file recommends', () => {
  const greedy = { settings: greedySampling, by: 'catalogue', notFollowed: [] };
  for (const entry of [null, demonstration, known]) {
    expect(samplingInForce(null, { entry, info: recommending })).toEqual(greedy);
  }
  const sampling = { temperature: 0.2, topP: 0.9 };
  expect(samplingInForce(null, { entry: { ...known, sampling }, info: modelInfo })).toEqual({
    ...greedy,
    settings: { ...greedySampling, ...sampling },
  });
});

test('another model is asked as its file recommends, with nothing added but a temperature', () => {
  expect(samplingInForce(null, { entry: ownModel, info: recommending })).toEqual({
    settings: { ...greedySampling, temperature: 0.7, topK: 20, topP: 0.8 },
    by: 'file',
    notFollowed: ['mirostat 2'],
  });
  const greedy = { ...modelInfo, sampling: { settings: { temperature: 0 }, notFollowed: [] } };
  expect(samplingInForce(null, { entry: ownModel, info: greedy })).toMatchObject({
    settings: greedySampling,
    by: 'file',
  });
});

test('one whose file recommends nothing that can be done is varied a little', () => {
  const nothing = { ...modelInfo, sampling: { settings: {}, notFollowed: ['mirostat 2'] } };
  expect(samplingInForce(null, { entry: ownModel, info: modelInfo })).toEqual({
    settings: mildSampling,
    by: 'Bedside',
    notFollowed: [],
  });
  expect(samplingInForce(null, { entry: ownModel, info: nothing }).notFollowed).toEqual(['mirostat 2']);
  expect(mildSampling).toMatchObject({ temperature: 0.7, minP: 0.05, repetitionWindow: 64 });
});
