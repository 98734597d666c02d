import { expect, it } from 'vitest';
import { fixture, readJson } from '../../../test/support/data.ts';
import type { Quantisation } from '../types/quantisation.ts';
import { type ChoosingModel, chooseType, type MatrixName } from './choose-type.ts';

interface GoldenModel {
  model: ChoosingModel;
  hidden: number;
  feedForward: number;
  /** One name, or one for each layer, with spaces between. */
  types: Record<string, Record<string, string>>;
}

const { models } = readJson<{ models: GoldenModel[] }>(fixture('golden/golden-mixed-types.json'));
const kinds = ['Q6_K', 'Q5_K_M', 'Q4_K_M', 'Q3_K_M', 'Q2_K'] as const;
const cases = models.flatMap(golden =>
  kinds.map(kind => {
    const { model, hidden, feedForward } = golden;
    const { layers, heads, kvHeads, isTied } = model;
    const what = `${layers} layers of ${hidden} and ${feedForward}, ${heads} heads on ${kvHeads}${isTied ? ', tied' : ''}`;
    return [kind, what, golden] as const;
  }),
);

it.each(cases)('%s stores %s in the formats that llama.cpp chooses', (kind, _what, golden) => {
  const { model, hidden, feedForward, types } = golden;
  for (const [name, expected] of Object.entries(types[kind]!)) {
    const columns = name === 'ffn_down' ? feedForward : hidden;
    const ofLayers = Array.from({ length: model.layers }, (_, layer) =>
      chooseType(kind, name as MatrixName, layer, columns, model),
    );
    const listed = expected.split(' ');
    expect(ofLayers, name).toEqual(ofLayers.map((_, layer) => listed[layer] ?? listed[0]));
  }
});

it.each<[Quantisation, number, string]>([
  ['Q4_K_M', 300, 'F16'],
  ['Q2_K', 48, 'F16'],
  ['Q8_0', 48, 'F16'],
  ['Q4_0', 96, 'Q4_0'],
  ['F16', 48, 'F16'],
])('in %s, rows of %i are stored in %s', (kind, columns, type) => {
  const model = { layers: 2, heads: 4, kvHeads: 4, isTied: false };
  for (const matrix of ['attn_q', 'output'] as const)
    expect(chooseType(kind, matrix, 0, columns, model)).toBe(type);
});
