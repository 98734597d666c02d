import type { GgmlTypeName } from '../../engine/quant/block-formats.ts';
import { placements } from '../../engine/quant/gpu-formats.ts';
import { sentence } from '../../engine/sentence.ts';
import { formatKernels } from '../bench/kernel-table.ts';
import { type KernelPlan, measureKernels } from '../bench/kernels.ts';
import { parseCounts, parseShapes, productShapes } from '../bench/shapes.ts';
import { type Arguments, badArgument } from '../input/arguments.ts';
import { openDevice, readPrecision } from '../input/open-device.ts';

const mib = 1024 * 1024;

/** What is measured unless told otherwise: everything, or what a processor manages in a few minutes. */
const defaults = {
  full: {
    shapes: productShapes.join(','),
    types: 'q4_0,q4_k,q6_k,q8_0,f16',
    tokens: '1,128,512',
    contexts: '64,2048',
    repeat: 20,
    seconds: 10,
    coldMiB: 256,
    copyMiB: 128,
  },
  quick: {
    shapes: '5120x5120,2048x8192',
    types: 'q4_0,q8_0',
    tokens: '1,128',
    contexts: '64,2048',
    repeat: 9,
    seconds: 5,
    coldMiB: 64,
    copyMiB: 64,
  },
};

/** `bench --kernels`: every kernel against this device's own copy and multiply-add rates. A table on standard error. */
export async function benchKernels(args: Arguments): Promise<unknown> {
  const precision = readPrecision(args);
  const fallback = args.flag('quick') ? defaults.quick : defaults.full;
  const plan: KernelPlan = {
    shapes: parseShapes(args.text('shapes') ?? fallback.shapes),
    types: readTypes(args.text('types') ?? fallback.types),
    tokens: parseCounts(args.text('tokens') ?? fallback.tokens, 'tokens'),
    contexts: parseCounts(args.text('contexts') ?? fallback.contexts, 'contexts'),
    cache: precision,
    sampling: { repeat: args.integer('repeat') ?? fallback.repeat, budgetMs: fallback.seconds * 1000 },
    coldBytes: fallback.coldMiB * mib,
    copyBytes: fallback.copyMiB * mib,
    only: args.text('only') ?? '',
  };
  if (plan.sampling.repeat < 1) throw badArgument(sentence`repeat-below-one: --repeat must be at least 1.`);
  const device = await openDevice(args, { timestamps: true });
  const { adapter, isSoftware } = device.report;
  process.stderr.write(`${adapter}\n`);
  const report = await measureKernels(device, plan, (done, total) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${total} ${done === total ? '\n' : ''}`);
  });
  process.stderr.write(`${formatKernels(report)}\n`);
  return { adapter, isSoftware, subgroups: device.variant.subgroups, ...report };
}

function readTypes(text: string): GgmlTypeName[] {
  return text.split(',').map(word => {
    const type = word.trim().toUpperCase();
    if (!(type in placements))
      throw badArgument(
        sentence`types-option: --types must be among ${{ types: Object.keys(placements).join(', ') }}.`,
      );
    return type as GgmlTypeName;
  });
}
