import { expect, it } from 'vitest';
import { dataFile, readJson } from '../../../test/support/data.ts';
import { computeAdapters } from '../../../test/support/gpu.ts';
import { generate } from './generate.ts';

interface Golden {
  cases: { prompt: string; ids: number[]; greedy: number[]; greedy_text: string }[];
}

const [adapter] = computeAdapters;
const smol = dataFile('testdata/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf');
const golden = dataFile('testdata/smollm2/golden.json');
const why = adapter ? (smol ? '' : ' (needs BEDSIDE_DATA)') : ' (no adapter: install lavapipe)';

it.skipIf(!smol || !adapter)(`a model is asked by the template of its file, and greedily${why}`, async () => {
  const { cases } = readJson<Golden>(golden!);
  const { prompt, ids, greedy, greedy_text: text } = cases.find(each => each.greedy.length < 10)!;
  const said = await generate([smol!, '--prompt', prompt, '--json', '--adapter', adapter!]);
  expect(said).toMatchObject({
    ids: greedy.slice(0, -1),
    text: text.replace('<|im_end|>', ''),
    stopReason: 'end',
    usage: { promptTokens: ids.length },
  });
});
