import { basename, resolve } from 'node:path';
import { type GgufPlan, streamGguf } from '../../engine/convert/gguf-stream.ts';
import { planConversion } from '../../engine/convert/plan-conversion.ts';
import type { WrittenType } from '../../engine/convert/planned-tensor.ts';
import { sentence } from '../../engine/sentence.ts';
import { changedFile, FileChanged } from '../../worker/remote/range-request.ts';
import { badArgument, onlyWord, parseArguments } from '../input/arguments.ts';
import { isThere, type OpenedCheckpoint, openCheckpoint } from '../input/open-checkpoint.ts';
import { type NewFile, writeNewFile } from '../output/new-file.ts';

const types: Readonly<Record<string, WrittenType>> = { q4_0: 'Q4_0', q8_0: 'Q8_0', f16: 'F16' };
const REPORT_EVERY_MS = 2000;

/** `convert DIR|URL --out F.gguf [--quant q4_0|q8_0|f16] [--mmproj F2.gguf] [--force]` */
export async function convert(argv: string[]): Promise<unknown> {
  const args = parseArguments(argv, { out: 'value', quant: 'value', mmproj: 'value', force: 'flag' });
  const place = onlyWord(args, 'The folder of the model');
  const out = args.text('out');
  if (!out) throw badArgument(sentence`out-is-missing: --out is missing: the GGUF file to write.`);
  const quant = args.text('quant') ?? 'q8_0';
  const type = Object.hasOwn(types, quant) ? types[quant] : undefined;
  if (!type)
    throw badArgument(
      sentence`quant-option: --quant must be one of ${{ types: Object.keys(types).join(', ') }}, not "${{ found: quant }}".`,
    );
  const mmproj = args.text('mmproj');
  if (mmproj !== undefined && resolve(mmproj) === resolve(out)) {
    throw badArgument(sentence`out-and-mmproj-are-the-same: --out and --mmproj name the same file.`);
  }
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  // The same interrupt may come twice: from the terminal, and from the process that started this one.
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  let checkpoint: OpenedCheckpoint | undefined;
  const written: NewFile[] = [];
  try {
    if (!args.flag('force')) await refuseExisting([out, ...(mmproj === undefined ? [] : [mmproj])]);
    checkpoint = await openCheckpoint(place, stop.signal);
    const { name, folder } = checkpoint;
    const plan = await planConversion(folder, { name, type, withVision: mmproj !== undefined });
    for (const warning of plan.warnings) process.stderr.write(`warning: ${warning}\n`);
    for (const [half, path] of [
      [plan.text, out],
      [plan.vision, mmproj],
    ] as const) {
      if (half === undefined || path === undefined) continue;
      checkpoint.expect(half);
      written.push(await write(half, path, stop.signal));
    }
    // Both are complete on disk by now, so a failure while writing one leaves neither.
    for (const file of written) await file.commit();
    const [text, vision] = written;
    return {
      ...report(text!, plan.text),
      quant,
      ...(vision && plan.vision ? { mmproj: report(vision, plan.vision) } : {}),
    };
  } catch (thrown) {
    throw thrown instanceof FileChanged ? changedFile(thrown.message) : thrown;
  } finally {
    // What is being fetched ahead is nobody's any more.
    stop.abort();
    for (const file of written) await file.discard();
    await checkpoint?.close();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

function report({ path, bytes, sha256 }: NewFile, { tensors }: GgufPlan) {
  return { out: path, tensors: tensors.length, bytes, sha256 };
}

async function write(plan: GgufPlan, path: string, signal: AbortSignal): Promise<NewFile> {
  let done = 0;
  let reported = 0;
  const total = plan.tensors.length;
  const onTensor = (name: string) => {
    done++;
    if (done < total && performance.now() - reported < REPORT_EVERY_MS) return;
    reported = performance.now();
    process.stderr.write(`${basename(path)}: tensor ${done} of ${total} (${name})\n`);
  };
  return writeNewFile(path, streamGguf(plan, { signal, onTensor }));
}

async function refuseExisting(paths: string[]): Promise<void> {
  for (const path of paths) {
    if (await isThere(path))
      throw badArgument(sentence`file-exists: ${{ path }} exists already; --force replaces it.`);
  }
}
