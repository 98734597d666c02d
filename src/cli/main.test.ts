import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundledModel } from '../../test/support/data.ts';
import { computeAdapters } from '../../test/support/gpu.ts';

const script = join(import.meta.dirname, '../../scripts/cli.mjs');

/** In the process whose standard error nobody reads, before the command begins. */
const inCommandsProcess = (code: string) => ({
  NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(
    `import { writeSync } from 'node:fs'; if (process.env.BEDSIDE_OWN_WORDS) { ${code} }`,
  )}`,
});

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

function run(argv: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const child = spawn(process.execPath, [script, ...argv], { env: { ...process.env, ...env } });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text;
  });
  return new Promise(resolve => {
    child.on('close', code => resolve({ code, stdout, stderr }));
  });
}

describe('the command line', { timeout: 120_000 }, () => {
  it('says nothing beside its result, not even while it is built', async () => {
    const { code, stdout, stderr } = await run(['info', bundledModel]);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ name: 'Bedside nano chat' });
    expect(code).toBe(0);
  });

  it('says on standard error what it has to say, and ends with 1 where it failed', async () => {
    const { code, stdout, stderr } = await run(['no-such-command']);
    expect(stderr).toMatch(/^bedside COMMAND \.\.\.\n/);
    expect(JSON.parse(stdout)).toMatchObject({ error: { reason: 'no-such-command' } });
    expect(code).toBe(1);
  });

  it('keeps what a driver prints to itself', async () => {
    const env = inCommandsProcess("writeSync(2, 'Warning: a driver');");
    expect(await run(['info', bundledModel], env)).toMatchObject({ code: 0, stderr: '' });
    expect(await run(['no-such-command'], env)).toMatchObject({
      code: 1,
      stderr: expect.not.stringContaining('a driver') as string,
    });
  });

  it('shows what a driver prints where the process dies of it', async () => {
    const env = inCommandsProcess("writeSync(2, 'assertion failed in a driver'); process.abort();");
    const { code, stderr } = await run(['info', bundledModel], env);
    expect(stderr).toContain('assertion failed in a driver');
    expect(code).toBe(134);
  });

  it('shows what a driver prints to one who looks into Dawn', async () => {
    const env = inCommandsProcess("writeSync(2, 'Warning: a driver');");
    expect(await run(['info', bundledModel], { ...env, BEDSIDE_DAWN: '' })).toMatchObject({
      code: 0,
      stderr: 'Warning: a driver',
    });
  });

  it('says what nobody caught', async () => {
    const env = inCommandsProcess("setTimeout(() => { throw new Error('never expected'); }, 0);");
    const { code, stderr } = await run(['info', bundledModel], env);
    expect(stderr).toContain('never expected');
    expect(code).toBe(1);
  });

  it.runIf(computeAdapters.length > 0)(
    'says nothing while a device is opened and a model answers',
    async () => {
      const { code, stdout, stderr } = await run([
        'generate',
        bundledModel,
        ...['--prompt', 'What is asthma?', '--max-tokens', '2', '--json', '--adapter', computeAdapters[0]!],
      ]);
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toMatchObject({ stopReason: 'max-tokens' });
      expect(code).toBe(0);
    },
  );
});
