import { everyPipeline } from '../../engine/kernels/registry/every-pipeline.ts';
import { parseArguments } from '../input/arguments.ts';
import { formatTable } from '../output/table.ts';

/**
 * Every kernel in every variant, composed, without a device: with --json as `[{name, code, entryPoint, constants}]`, for other
 * compilers of WGSL; else a table.
 */
export async function kernels(argv: string[]): Promise<unknown> {
  const args = parseArguments(argv, { json: 'flag' });
  const all = everyPipeline().map(({ name, spec: { code, entryPoint, constants = {} } }) => ({
    name,
    code,
    entryPoint,
    constants,
  }));
  if (args.flag('json')) return all;
  const rows = all.map(({ name, code, entryPoint }) => [name, String(Buffer.byteLength(code)), entryPoint]);
  process.stdout.write(`${formatTable(['kernel', 'bytes', 'entry point'], rows)}\n${all.length} kernels\n`);
  return undefined;
}
