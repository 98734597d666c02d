import { afterEach, describe, expect, it, vi } from 'vitest';
import { bundledModel, fixture, readJson } from '../../../test/support/data.ts';
import { computeAdapters, driverFile } from '../../../test/support/gpu.ts';
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

it('answers the same with activations of 16 bits', async () => {
  const asked = ['--prompt', question, '--json', '--adapter', 'processor', '--rounded', '16'];
  expect(await generate([bundledModel, ...asked])).toMatchObject({ text, stopReason: 'end' });
});

it.each([
  [['--adapter', 'processor', '--threads', '0'], 'threads-option'],
  [['--adapter', 'processor', '--threads', '1.5'], 'option-is-no-whole-number'],
  [['--adapter', 'lavapipe', '--threads', '2'], 'threads-of-an-adapter'],
  [['--adapter', 'processor', '--rounded', '4'], 'rounded-option'],
  [['--adapter', 'processor', '--rounded', '32'], 'rounded-option'],
  [['--adapter', 'lavapipe', '--rounded', '16'], 'rounded-adapter'],
  [['--adapter', 'abacus'], 'adapter-option'],
])('%j is refused', async (argv, reason) => {
  const open = async () => openDevice(parseArguments(argv, {}));
  await expect(open()).rejects.toMatchObject({ code: 'invalid-request', reason });
});

// Elsewhere the graphics driver is not found through this variable.
describe.skipIf(process.platform !== 'linux')('without being told otherwise', () => {
  const drivers = process.env.VK_DRIVER_FILES;
  afterEach(() => {
    vi.restoreAllMocks();
    if (drivers === undefined) delete process.env.VK_DRIVER_FILES;
    else process.env.VK_DRIVER_FILES = drivers;
  });

  async function openDefault(driver: string) {
    process.env.VK_DRIVER_FILES = driver;
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const device = await openDevice(parseArguments(['--adapter', 'default', '--threads', '2'], {}));
    device.destroy();
    return { report: device.report, said: said.mock.calls.map(([text]) => text).join('') };
  }

  it('computes on the processor where there is no GPU, and says so', async () => {
    const { report, said } = await openDefault('/no/such/driver.json');
    expect(report).toMatchObject({ kind: 'processor', processor: { threads: 2 } });
    expect(said).toContain('found no graphics device');
    expect(said).toMatch(
      /This is computed on the processor\.\nProcessor: 2 threads, [\d.]+ billion weights a second\.\n/,
    );
  });

  it.each(computeAdapters)('computes on the processor rather than on %s', async adapter => {
    const { report, said } = await openDefault(driverFile(adapter)!);
    expect(report.kind).toBe('processor');
    expect(said).toMatch(/^The only graphics device here is made of the processor \(.+\)\. This is computed/);
  });
});
