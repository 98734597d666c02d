import { unpackModule } from '../packed-module.ts';
import { noProcessorError, webAssemblyForbiddenError } from './processor-errors.ts';

/** How the kernels of processor/ are built: scripts/build-processor.mjs. Whether memory is shared is fixed in a build. */
export type KernelBuild = 'plain' | 'relaxed' | 'plain-shared' | 'relaxed-shared';

// Embedded, because the worker that computes may fetch nothing; loaded only where it is used.
const embedded: Readonly<Record<KernelBuild, () => Promise<{ default: string }>>> = {
  plain: () => import('../../../dist-processor/plain.deflated?raw'),
  relaxed: () => import('../../../dist-processor/relaxed.deflated?raw'),
  'plain-shared': () => import('../../../dist-processor/plain-shared.deflated?raw'),
  'relaxed-shared': () => import('../../../dist-processor/relaxed-shared.deflated?raw'),
};

/** A module with the numbers that it exports, which the host does not repeat. */
export interface KernelModule {
  build: KernelBuild;
  module: WebAssembly.Module;
  numberOf: KernelNumbers;
}

/** What an instance offers: processor/index.ts, processor/threads.ts. Addresses and counts are whole numbers of 32 bits. */
export interface KernelExports {
  chunksOf(record: number, tokens: number): number;
  begin(record: number, scratch: number): void;
  run(record: number, scratch: number, first: number, count: number): void;
  matvecScratch(columns: number): number;
  /** Of builds for shared memory. */
  proceed(control: number): void;
  /** Of builds for shared memory. */
  abandon(control: number): void;
}

/** Numbers of processor/ by their names: kernels, forms, the layout of a record. */
export type KernelNumbers = (name: string) => number;

/** Throws `no-processor`. */
export async function loadKernelModule(build: KernelBuild): Promise<KernelModule> {
  const bytes = await readBuild(build);
  if (!isKnown(bytes)) throw noProcessorError();
  // What is valid compiles, unless a Content-Security-Policy forbids to.
  const module = await WebAssembly.compile(bytes).catch((error: unknown) => {
    throw webAssemblyForbiddenError(error);
  });
  return { build, module, numberOf: readNumbers(build, module) };
}

/** Whether this engine knows relaxed SIMD, whose multiply-add rounds once. */
export function knowsRelaxedSimd(): boolean {
  return isKnown(relaxedMadd);
}

/** (func (result v128) (f32x4.relaxed_madd, of three times (i8x16.splat (i32.const 1)))): a build itself need not be read for it. */
const relaxedMadd = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 5, 1, 0x60, 0, 1, 0x7b],
  ...[3, 2, 1, 0],
  ...[10, 19, 1, 17, 0, 0x41, 1, 0xfd, 15, 0x41, 1, 0xfd, 15, 0x41, 1, 0xfd, 15, 0xfd, 0x85, 2, 0x0b],
);

/** A browser may have switched WebAssembly off altogether. */
function isKnown(bytes: Uint8Array<ArrayBuffer>): boolean {
  return typeof WebAssembly !== 'undefined' && WebAssembly.validate(bytes);
}

async function readBuild(build: KernelBuild): Promise<Uint8Array<ArrayBuffer>> {
  const { default: text } = await embedded[build]();
  return unpackModule(text);
}

/** The numbers are of the module, whatever the memory. */
function readNumbers(build: KernelBuild, module: WebAssembly.Module): KernelNumbers {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: build.endsWith('-shared') });
  const exports = instantiate(module, memory);
  return name => {
    const found = exports[name];
    if (!(found instanceof WebAssembly.Global)) throw new Error(`processor/ exports no number ${name}.`);
    return found.value as number;
  };
}

/** The kernels over a memory. Every thread makes its own instance. */
export function instantiateKernels({ module }: KernelModule, memory: WebAssembly.Memory): KernelExports {
  return instantiate(module, memory) as unknown as KernelExports;
}

function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): WebAssembly.Exports {
  return new WebAssembly.Instance(module, { env: { memory, sleep: neverSleep } }).exports;
}

/** Only helpers go through launches together, and may sleep. */
function neverSleep(): never {
  throw new Error('The thread that submits does not wait for others.');
}
