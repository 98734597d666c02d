import { expect, it } from 'vitest';
import { bundledModel, fixture, readJson } from '../../../test/support/data.ts';
import { generate } from '../commands/generate.ts';
import { parseArguments } from './arguments.ts';
import { openDevice } from './open-device.ts';

interface Golden {
  cases: { question: string; greedy: number[]; text: string }[];
}

const golden = readJson<Golden>(fixture('golden/golden-nano-chat-q8_0.json'));
const { question, greedy, text } = golden.cases.find(each => each.question === 'Are you a doctor?')!;

it.each(['1', '2'])('the processor answers as PyTorch does, with %s threads', async threads => {
  const asked = ['--prompt', question, '--json', '--adapter', 'processor', '--threads', threads];
  expect(await generate([bundledModel, ...asked])).toMatchObject({
    ids: greedy.filter(id => id !== 2),
    text,
    stopReason: 'end',
  });
});

it.each([
  [['--adapter', 'processor', '--threads', '0'], 'threads-option'],
  [['--adapter', 'processor', '--threads', '1.5'], 'option-is-no-whole-number'],
  [['--adapter', 'lavapipe', '--threads', '2'], 'threads-of-an-adapter'],
  [['--adapter', 'abacus'], 'adapter-option'],
])('%j is refused', async (argv, reason) => {
  const open = async () => openDevice(parseArguments(argv, {}));
  await expect(open()).rejects.toMatchObject({ code: 'invalid-request', reason });
});

// Elsewhere the graphics driver is not found through this variable.
it.skipIf(process.platform !== 'linux')('computes on the processor where there is no GPU', async () => {
  const drivers = process.env.VK_DRIVER_FILES;
  process.env.VK_DRIVER_FILES = '/no/such/driver.json';
  try {
    const device = await openDevice(parseArguments(['--threads', '1'], {}));
    expect(device.report.adapter).toBe('processor');
    device.destroy();
  } finally {
    if (drivers === undefined) delete process.env.VK_DRIVER_FILES;
    else process.env.VK_DRIVER_FILES = drivers;
  }
});
