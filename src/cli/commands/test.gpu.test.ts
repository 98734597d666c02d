import { afterEach, describe, expect, it, vi } from 'vitest';
import { computeAdapters } from '../../../test/support/gpu.ts';
import { PipelineCache } from '../../engine/gpu/pipelines.ts';
import { test } from './test.ts';

// lavapipe or SwiftShader, whichever is here: the command opens it by itself.
const [adapter] = computeAdapters;

describe.skipIf(!adapter)(`the command "test" on ${adapter ?? 'no adapter: install lavapipe'}`, () => {
  afterEach(() => {
    process.exitCode = undefined;
    vi.restoreAllMocks();
  });
  const run = (only: string) => test(['--adapter', adapter!, '--json', '--only', only]);

  it('reports the rows of a kernel that is right, and leaves the exit code', async () => {
    const report = (await run('rms-norm')) as { passed: boolean; rows: { kernel: string }[] };
    expect(report.passed).toBe(true);
    expect(report.rows.map(({ kernel }) => kernel)).toEqual([
      'rms-norm, last token',
      'rms-norm',
      'rms-norm, added',
    ]);
    expect(process.exitCode).toBeUndefined();
  });

  it('exits with 1 where one is wrong', async () => {
    const { get } = PipelineCache.prototype;
    vi.spyOn(PipelineCache.prototype, 'get').mockImplementation(function (this: PipelineCache, spec) {
      return get.call(this, { ...spec, code: spec.code.replace('params.epsilon', '0.5') });
    });
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(await run('rms-norm')).toMatchObject({ passed: false });
    expect(process.exitCode).toBe(1);
    expect(written.mock.calls.map(([text]) => String(text)).join('')).toMatch(/^wrong: rms-norm/m);
  });

  it('says that it knows no such kernel', async () => {
    await expect(run('rms-norn')).rejects.toMatchObject({ code: 'invalid-request' });
  });
});
