import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bundledModel, dataFile } from '../../../test/support/data.ts';
import { convert } from '../commands/convert.ts';
import { generate } from '../commands/generate.ts';
import { parseArguments } from './arguments.ts';
import { readThinking, thinkingOptions } from './thinking.ts';

const read = (...argv: string[]) =>
  readThinking(parseArguments(argv, { ...thinkingOptions, samples: 'value' }));

it('reads the switch and the limit', () => {
  expect(read()).toEqual({});
  expect(read('--think', 'off', '--think-limit', '64')).toEqual({ isOn: false, limitTokens: 64 });
  expect(() => read('--think', 'no')).toThrow('--think must be on or off');
  expect(() => read('--think-limit', '0')).toThrow('at least 1 token');
  expect(() => read('--think-limit', '8', '--samples', '2')).toThrow('exclude each other');
});

const folder = dataFile('testdata/families/qwen3-nano/config.json')?.replace(/[/\\]config\.json$/, '');

interface Generated {
  usage: { promptTokens: number };
}

it.skipIf(!folder)('a template with a switch is told; without one it is refused', async () => {
  const out = await mkdtemp(join(tmpdir(), 'bedside-thinking-'));
  try {
    const path = join(out, 'qwen3.gguf');
    await convert([folder!, '--out', path, '--quant', 'f32']);
    const ask = async (file: string, ...more: string[]) => {
      const words = ['--prompt', 'What is asthma?', '--max-tokens', '2', '--json', '--adapter', 'processor'];
      return (await generate([file, ...words, ...more])) as Generated;
    };
    const plain = await ask(path);
    expect(await ask(path, '--think', 'on', '--think-limit', '4')).toMatchObject({
      usage: { promptTokens: plain.usage.promptTokens },
    });
    // It is given a thought that is over before it begins.
    const { usage } = await ask(path, '--think', 'off');
    expect(usage.promptTokens).toBeGreaterThan(plain.usage.promptTokens);
    await expect(ask(bundledModel, '--think', 'off')).rejects.toMatchObject({
      reason: 'thinking-has-no-switch',
    });
  } finally {
    await rm(out, { recursive: true, force: true });
  }
});
