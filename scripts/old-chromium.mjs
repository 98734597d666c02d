// Old builds of Chromium for the tests of the browser floor (docs/decisions/018-browser-floor.md): from the npm package
// @sparticuz/chromium (MIT), which carries one a version, packed. Kept in .cache/old-chromium. Linux on x64 alone.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { execute, firstLine, installPackage } from './npm-package.mjs';
import { root } from './prepare.mjs';

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
    await installPackage(folder, { name: '@sparticuz/chromium', version, integrity }, unpack);
  } catch (error) {
    return { why: `@sparticuz/chromium ${version} cannot be had from npm: ${firstLine(error)}` };
  }
  // Its libraries come with any newer Chromium. (`--version` would start this one, and not end.)
  const { stdout } = await execute('ldd', [path]).catch(() => ({ stdout: '' }));
  const missing = [...stdout.matchAll(/(\S+) => not found/g)].map(([, name]) => name);
  return missing.length === 0 ? { path } : { why: `it needs ${missing.join(', ')}` };
}

async function unpack(archive, work) {
  await execute('tar', ['-xzf', archive, '-C', work, 'package/bin']);
  const browser = join(work, 'browser');
  await mkdir(browser);
  const unpacked = async name => unpackBrotli(await readFile(join(work, 'package/bin', name)));
  await writeFile(join(browser, 'chromium'), await unpacked('chromium.br'), { mode: 0o755 });
  // Its software driver, with which it has WebGPU.
  await writeFile(join(work, 'swiftshader.tar'), await unpacked('swiftshader.tar.br'));
  await execute('tar', ['-xf', join(work, 'swiftshader.tar'), '-C', browser]);
  return browser;
}
