// Old builds of Chromium for the tests of the browser floor (docs/decisions/018-browser-floor.md): from the npm package
// @sparticuz/chromium (MIT), which carries one a version, packed. Fetched when a test first asks, through npm, compared with
// the hash below and kept in .cache/old-chromium. Linux on x64 alone.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { root } from './prepare.mjs';

const execute = promisify(execFile);
const unpackBrotli = promisify(brotliDecompress);

/** By major version: 113 was the first with WebGPU, 123 is the floor. */
const packages = {
  113: {
    version: '113.0.1',
    integrity:
      'sha512-m64Nc58YObfCYkPbc8EBsnhWCFaw02dbXhWNOmx+OYoIPtIRar+reGYyAeGC0HD9RUZfPEwMHHSZ8MFxdSWXZQ==',
  },
  123: {
    version: '123.0.1',
    integrity:
      'sha512-RPrA99xrddbXXZjhUH1WZkTCK3QDQ77t/0y+vULtiW1uAlWLBxorxGnNTuzBDk6eNolxOVFrXZ2aoAN+/eB5TA==',
  },
};

/** Resolves with the browser's `path`, or with `why` there is none. */
export async function findOldChromium(major) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { why: 'it is only to be had for Linux on x64' };
  }
  const { version, integrity } = packages[major];
  const folder = join(root, '.cache/old-chromium', version);
  const path = join(folder, 'chromium');
  try {
    if (!existsSync(path)) await install(folder, version, integrity);
  } catch (error) {
    return { why: `@sparticuz/chromium ${version} cannot be had from npm: ${firstLine(error)}` };
  }
  // Its libraries come with any newer Chromium. (`--version` would start this one, and not end.)
  const { stdout } = await execute('ldd', [path]).catch(() => ({ stdout: '' }));
  const missing = [...stdout.matchAll(/(\S+) => not found/g)].map(([, name]) => name);
  return missing.length === 0 ? { path } : { why: `it needs ${missing.join(', ')}` };
}

async function install(folder, version, integrity) {
  await mkdir(dirname(folder), { recursive: true });
  // Whatever ends this half-way leaves nothing that passes for a browser.
  const work = await mkdtemp(`${folder}-`);
  try {
    const pack = ['pack', `@sparticuz/chromium@${version}`, '--silent', '--pack-destination', work];
    await execute('npm', pack, { timeout: 300_000 });
    const archive = join(work, `sparticuz-chromium-${version}.tgz`);
    const found = `sha512-${createHash('sha512')
      .update(await readFile(archive))
      .digest('base64')}`;
    if (found !== integrity) throw new Error(`its hash is ${found}`);
    await execute('tar', ['-xzf', archive, '-C', work, 'package/bin']);
    const browser = join(work, 'browser');
    await mkdir(browser);
    const unpacked = async name => unpackBrotli(await readFile(join(work, 'package/bin', name)));
    await writeFile(join(browser, 'chromium'), await unpacked('chromium.br'), { mode: 0o755 });
    // Its software driver, with which it has WebGPU.
    await writeFile(join(work, 'swiftshader.tar'), await unpacked('swiftshader.tar.br'));
    await execute('tar', ['-xf', join(work, 'swiftshader.tar'), '-C', browser]);
    await rename(browser, folder).catch(error => {
      // Another run was faster.
      if (!existsSync(join(folder, 'chromium'))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function firstLine(error) {
  const text = String(error?.stderr || error?.message || error).trim();
  return text.split('\n')[0];
}
