/** How the kernels of processor/ are built: scripts/build-processor.mjs. Whether memory is shared is fixed in a build. */
export type KernelBuild = 'plain' | 'relaxed' | 'plain-shared' | 'relaxed-shared';

// Embedded, because the worker that computes may fetch nothing; loaded only where it is used.
const embedded: Readonly<Record<KernelBuild, () => Promise<{ default: string }>>> = {
  plain: () => import('../../../dist-processor/plain.base64?raw'),
  relaxed: () => import('../../../dist-processor/relaxed.base64?raw'),
  'plain-shared': () => import('../../../dist-processor/plain-shared.base64?raw'),
  'relaxed-shared': () => import('../../../dist-processor/relaxed-shared.base64?raw'),
};

/** A module with the numbers that it exports, which the host does not repeat. */
export interface KernelModule {
  build: KernelBuild;
  module: WebAssembly.Module;
}

/** What an instance offers: processor/index.ts, processor/threads.ts. Addresses and counts are whole numbers of 32 bits. */
export interface KernelExports {
  chunksOf(record: number, tokens: number): number;
  begin(record: number, scratch: number): void;
  run(record: number, scratch: number, first: number, count: number): void;
  matvecScratch(columns: number): number;
  /** Of builds for shared memory. */
  submit(control: number): void;
}

/** Numbers of processor/ by their names: kernels, forms, the layout of a record. */
export type KernelNumbers = (name: string) => number;

export async function loadKernelModule(build: KernelBuild): Promise<KernelModule> {
  return { build, module: await WebAssembly.compile(await readBuild(build)) };
}

/** Whether this engine knows relaxed SIMD, whose multiply-add rounds once. */
export async function knowsRelaxedSimd(): Promise<boolean> {
  return WebAssembly.validate(await readBuild('relaxed'));
}

async function readBuild(build: KernelBuild): Promise<Uint8Array<ArrayBuffer>> {
  const { default: text } = await embedded[build]();
  return Uint8Array.from(atob(text), char => char.charCodeAt(0));
}

/** The kernels over a memory. Every thread makes its own instance. */
export function instantiateKernels(
  { module }: KernelModule,
  memory: WebAssembly.Memory,
): { kernels: KernelExports; numberOf: KernelNumbers } {
  const { exports } = new WebAssembly.Instance(module, { env: { memory, sleep: neverSleep } });
  return {
    kernels: exports as unknown as KernelExports,
    numberOf(name) {
      const found = exports[name];
      if (!(found instanceof WebAssembly.Global)) throw new Error(`processor/ exports no number ${name}.`);
      return found.value as number;
    },
  };
}

/** Only helpers go through launches together, and may sleep. */
function neverSleep(): never {
  throw new Error('The thread that submits does not wait for others.');
}
