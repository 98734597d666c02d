// Compiles processor/ (AssemblyScript) to WebAssembly: the kernels with and without relaxed SIMD, for shared and for unshared memory,
// which is fixed in a module; and the searches of quantisers, which know neither. Called by whatever serves, builds or tests; does nothing where dist-processor/ is up to date. As text,
// because a worker that may fetch nothing has the modules in its own script; packed before, because a server's compression
// makes little of base64.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { isStale, root } from './prepare.mjs';

export const processorSources = ['processor', 'scripts/build-processor.mjs', 'package-lock.json'];
const output = 'dist-processor';

const threads = ['--sharedMemory', '--enable', 'threads'];
const relaxed = ['--enable', 'relaxed-simd'];
const kernels = 'processor/index.ts';
const builds = {
  plain: [kernels],
  relaxed: [kernels, ...relaxed],
  'plain-shared': [kernels, ...threads],
  'relaxed-shared': [kernels, ...threads, ...relaxed],
  quantise: ['processor/quantise/index.ts'],
};

const common = [
  ...['--baseDir', root, '--runtime', 'stub', '--importMemory', '--noExportMemory'],
  // 4 GiB, the most that a memory can be asked to have: how much there is says who makes it.
  ...['--maximumMemory', '65536', '--enable', 'simd', '-O3', '--noAssert', '--disableWarning', '112'],
];

/** Throws what the compiler said. */
export async function buildProcessor() {
  const fileOf = name => `${output}/${name}.deflated`;
  const stale = Object.keys(builds).filter(name => isStale(fileOf(name), processorSources));
  if (stale.length === 0) return;
  const { default: asc } = await import('assemblyscript/asc');
  // Aside and renamed, so that what starts at the same moment never reads half a file.
  const aside = join('.cache', `processor-${process.pid}`);
  for (const name of stale) {
    const wasm = `${aside}/${name}.wasm`;
    const { error, stderr } = await asc.main([...builds[name], ...common, '--outFile', wasm]);
    if (error) throw new Error(`processor/ did not compile.\n${stderr.toString()}`);
    const text = join(root, aside, `${name}.deflated`);
    writeFileSync(text, deflateRawSync(readFileSync(join(root, wasm)), { level: 9 }).toString('base64'));
    mkdirSync(join(root, output), { recursive: true });
    renameSync(text, join(root, fileOf(name)));
  }
  rmSync(join(root, aside), { recursive: true, force: true });
}

let built;

/** A configuration's projects start at once: they share one build. */
export function processorKernels() {
  return {
    name: 'bedside:processor-kernels',
    buildStart() {
      built ??= buildProcessor();
      return built;
    },
  };
}
