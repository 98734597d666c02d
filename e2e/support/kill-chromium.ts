import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';

/**
 * Ends a browser as a lost power plug or the system's memory killer would: SIGKILL to its main process and, at the same
 * moment, to every process of its group. The profile stays as it is on the disk. Not on Windows.
 */
export async function killChromium(context: BrowserContext, userDataDir: string): Promise<void> {
  const closed = new Promise<void>(resolve => context.once('close', () => resolve()));
  // A symbolic link to HOST-PID, by which Chromium keeps two browsers from using one profile.
  const lock = await readlink(join(userDataDir, 'SingletonLock'));
  const pid = Number(/-(\d+)$/.exec(lock)?.[1]);
  // Playwright starts it as the leader of a process group; 0 would be our own.
  if (!(pid > 1)) throw new Error(`no browser in ${userDataDir}: ${lock}`);
  process.kill(-pid, 'SIGKILL');
  await closed;
  // The profile may be used again once the last of them is gone.
  for (let waited = 0; isAlive(-pid); waited++) {
    if (waited > 1000) throw new Error(`processes of group ${pid} outlive SIGKILL`);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
