import { unpackModule } from '../packed-module.ts';
import { type FoundScales, type GroupSearch, mostSearched } from './group-search.ts';
import { scalarSearch } from './scalar-search.ts';

/** What processor/quantise/index.ts offers; addresses and counts are whole numbers of 32 bits. */
interface SearchExports {
  searchMinimum(
    values: number,
    groups: number,
    count: number,
    most: number,
    first: number,
    steps: number,
    isAbsolute: number,
    scales: number,
    minima: number,
    levels: number,
    scratch: number,
  ): void;
  searchSigned(
    values: number,
    groups: number,
    most: number,
    scales: number,
    levels: number,
    scratch: number,
  ): void;
  refineSigned: SearchExports['searchSigned'];
}

// Where things lie in the module's memory, in bytes; nothing at 0.
const valuesAt = 64;
const scalesAt = valuesAt + 4 * mostSearched;
const minimaAt = scalesAt + (4 * mostSearched) / 16;
const levelsAt = minimaAt + (4 * mostSearched) / 16;
const scratchAt = levelsAt + mostSearched;
/** 48 bytes for each weight of a group of 32. */
const endAt = scratchAt + 48 * 32;

const pageBytes = 65536;

/** The magic number and the version. */
const emptyModule = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

let loading: Promise<GroupSearch> | undefined;

/**
 * The same search with SIMD, an order of magnitude faster; the scalar one where there is no WebAssembly, or a policy forbids to
 * compile. The module comes with the script that asks for it.
 */
export function loadGroupSearch(): Promise<GroupSearch> {
  loading ??= mayCompile().then(may => (may ? instantiate() : scalarSearch));
  return loading;
}

/** Asked of a module with nothing in it: that another one is broken or missing must be heard. */
async function mayCompile(): Promise<boolean> {
  try {
    await WebAssembly.compile(emptyModule);
    return true;
  } catch {
    return false;
  }
}

async function instantiate(): Promise<GroupSearch> {
  const { default: text } = await import('../../../dist-processor/quantise.deflated?raw');
  const bytes = await unpackModule(text);
  const pages = Math.ceil(endAt / pageBytes);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  return vectorSearch(instance.exports as unknown as SearchExports, memory.buffer);
}

function vectorSearch(module: SearchExports, buffer: ArrayBuffer): GroupSearch {
  const held = new Float32Array(buffer, valuesAt, mostSearched);
  const found: FoundScales = {
    scales: new Float32Array(buffer, scalesAt, mostSearched / 16),
    minima: new Float32Array(buffer, minimaAt, mostSearched / 16),
    levels: new Uint8Array(buffer, levelsAt, mostSearched),
  };
  const signedBy = (run: SearchExports['searchSigned']) => (values: Float32Array, most: number) => {
    held.set(values);
    run(valuesAt, values.length / 16, most, scalesAt, levelsAt, scratchAt);
    return found;
  };
  return {
    withMinimum(values, { count, most, first, steps, error }) {
      held.set(values);
      module.searchMinimum(
        valuesAt,
        values.length / count,
        count,
        most,
        first,
        steps,
        error === 'absolute' ? 1 : 0,
        scalesAt,
        minimaAt,
        levelsAt,
        scratchAt,
      );
      return found;
    },
    signed: signedBy(module.searchSigned),
    signedRefined: signedBy(module.refineSigned),
  };
}
