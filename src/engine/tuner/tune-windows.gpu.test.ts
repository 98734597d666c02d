/** A model whose layers keep rings, while the tuner launches its classes over them: what it answers afterwards is what it did before. */
import { expect, it, vi } from 'vitest';
import { convertFolder } from '../../../test/support/convert-folder.ts';
import { dataFile } from '../../../test/support/data.ts';
import { computeAdapters, openAsGpu } from '../../../test/support/gpu.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { loadModel } from '../loading/load-model.ts';
import { LanguageModel } from '../models/language-model.ts';
import { Random } from '../random.ts';
import { tunableLlama } from './tunable-llama.ts';

const folder = dataFile('testdata/families/gemma3-nano');
const [adapter] = computeAdapters;
const random = new Random(5);
const ids = Array.from({ length: 300 }, () => 300 + Math.floor(random.nextFloat() * 700));

it.skipIf(!adapter || !folder)(
  `gemma3-nano on ${adapter ?? 'no adapter'}: every class is launched, the rings are as before (needs BEDSIDE_DATA)`,
  async () => {
    const device = await openAsGpu(adapter!);
    const create = vi.spyOn(LanguageModel, 'create');
    const model = await loadModel(device, bytesSource(await convertFolder(folder!, 'keep')), {
      precision: 'f32',
      contextTokens: 1024,
      chunkTokens: 128,
    });
    const [parts] = create.mock.calls[0]!;
    create.mockRestore();
    expect(model.cache.ring).toBeDefined();
    /** After the rings wrapped: in long steps, then token by token. */
    const lastLogits = async () => {
      model.cache.truncate(0);
      await model.readPrompt({ ids, keys: ids, runs: () => [] });
      const afterMany = await model.readLogits();
      for (const id of ids.slice(0, 20)) model.submitTokens([id], true);
      return [afterMany, await model.readLogits()];
    };
    const expected = await lastLogits();

    const held = device.memory.snapshot();
    const tunable = tunableLlama(parts);
    const classes = await tunable.launchesByClass({});
    const kinds = new Set([...classes.values()].map(({ of }) => of.kind.split(' ')[0]));
    expect([...kinds]).toEqual(expect.arrayContaining(['matvec', 'attention-decode', 'attention-prefill']));
    for (const { dispatches, steps } of classes.values()) {
      for (const step of steps) {
        device.write(tunable.state, 0, new Uint32Array([step.position, step.tokens, 0]));
        const commands = device.begin();
        commands.launch(dispatches, step);
        commands.submit();
      }
    }
    await device.settled();
    tunable.clear();
    device.memory.releaseExcept(held);
    expect(await lastLogits()).toEqual(expected);
    expect(device.failed).toBe(false);
    device.destroy();
  },
);
