// Deno, whose WebGPU is wgpu: the other implementation, which Firefox has too, without a browser. From its npm package (MIT), kept in
// .cache/deno. Linux on x64 alone.
import { join } from 'node:path';
import { execute, firstLine, installPackage } from './npm-package.mjs';
import { root } from './prepare.mjs';

const packed = {
  name: '@deno/linux-x64-glibc',
  version: '2.9.6',
  integrity:
    'sha512-3md4TKLCuzsLDmfOoC5KN7NAZaxSVkMgm64vg6foD00JBADCpYS2/5QqXfzgnP5ZQz3iLP9vBQJtEgc116OAoQ==',
};

/** Resolves with its `path`, or with `why` there is none. */
export async function findDeno() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { why: 'the tests know it for Linux on x64 alone' };
  }
  const folder = join(root, '.cache/deno', packed.version);
  try {
    await installPackage(folder, packed, async (archive, work) => {
      await execute('tar', ['-xzf', archive, '-C', work, 'package/deno']);
      return join(work, 'package');
    });
    return { path: join(folder, 'deno') };
  } catch (error) {
    return { why: `${packed.name} ${packed.version} cannot be had from npm: ${firstLine(error)}` };
  }
}
