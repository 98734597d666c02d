import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findDeno } from '../../scripts/deno.mjs';
import { driverFile } from './gpu.ts';

const execute = promisify(execFile);

type Run = (...args: string[]) => Promise<string>;

/** Deno with its WebGPU on lavapipe: `run` starts a script and resolves with what it prints; or `why` there is none. */
export async function openDeno(): Promise<{ run: Run; why?: undefined } | { run?: undefined; why: string }> {
  const driver = driverFile('lavapipe');
  if (!driver) return { why: 'lavapipe is not installed' };
  const { path, why } = await findDeno();
  if (path === undefined) return { why };
  return {
    async run(...args) {
      const env = {
        ...process.env,
        VK_DRIVER_FILES: driver,
        XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? '/tmp',
        DENO_DIR: join(path, '../../home'),
        DENO_NO_UPDATE_CHECK: '1',
        // The command line would start itself once more; see cli/run-apart.ts.
        BEDSIDE_OWN_WORDS: '2',
      };
      // No --allow-net: it could not fetch anything if it tried.
      const allowed = ['--allow-read', '--allow-env', '--allow-sys', '--no-remote', '--no-config'];
      const { stdout } = await execute(path, ['run', ...allowed, ...args], { env, maxBuffer: 1 << 26 });
      return stdout;
    },
  };
}
