import { basename, resolve } from 'node:path';
import { noticeFile, type TermsOfUse, termsOf } from '../../client/catalogue/terms.ts';
import type { ConvertedType } from '../../engine/convert/choose-type.ts';
import { encodeWeights, type WeightEncoder } from '../../engine/convert/encode-weights.ts';
import { type GgufPlan, streamGguf } from '../../engine/convert/gguf-stream.ts';
import { planConversion } from '../../engine/convert/plan-conversion.ts';
import { loadGroupSearch } from '../../engine/quant/vector-search.ts';
import { sentence } from '../../engine/sentence.ts';
import { quantisations } from '../../engine/types/quantisation.ts';
import { changedFile, FileChanged } from '../../worker/remote/range-request.ts';
import { badArgument, onlyWord, parseArguments } from '../input/arguments.ts';
import { isThere, type OpenedCheckpoint, openCheckpoint } from '../input/open-checkpoint.ts';
import { type NewFile, writeNewFile } from '../output/new-file.ts';

/** By what `--quant` calls them. */
const types: ReadonlyMap<string, ConvertedType> = new Map(
  (['F32', 'BF16', ...quantisations, 'keep'] as const).map(name => [name.toLowerCase(), name]),
);
const REPORT_EVERY_MS = 2000;

/** `convert DIR|URL --out F.gguf [--quant q8_0|f32|bf16|f16|q6_k|q5_k_m|q4_k_m|q4_0|q3_k_m|q2_k|keep] [--mmproj F2.gguf] [--force]` */
export async function convert(argv: string[]): Promise<unknown> {
  const args = parseArguments(argv, { out: 'value', quant: 'value', mmproj: 'value', force: 'flag' });
  const place = onlyWord(args, 'The folder of the model');
  const out = args.text('out');
  if (!out) throw badArgument(sentence`out-is-missing: --out is missing: the GGUF file to write.`);
  const quant = args.text('quant') ?? 'q8_0';
  const type = types.get(quant);
  if (!type)
    throw badArgument(
      sentence`quant-option: --quant must be one of ${{ types: [...types.keys()].join(', ') }}, not "${{ found: quant }}".`,
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
    const terms = termsOf({ name, identity: { name, architecture: plan.architecture } });
    const noticePath = `${out.replace(/\.gguf$/, '')}.NOTICE.txt`;
    if (terms && !args.flag('force')) await refuseExisting([noticePath]);
    for (const warning of plan.warnings) process.stderr.write(`warning: ${warning}\n`);
    const search = await loadGroupSearch();
    const encoder: WeightEncoder = (type, weights) => encodeWeights(type, weights, search);
    for (const [half, path] of [
      [plan.text, out],
      [plan.vision, mmproj],
    ] as const) {
      if (half === undefined || path === undefined) continue;
      checkpoint.expect(half);
      written.push(await write(half, path, encoder, stop.signal));
    }
    const [text, vision] = written;
    if (terms) written.push(await writeNewFile(noticePath, noticeOf(terms, name)));
    // All are complete on disk by now, so a failure while writing one leaves none.
    for (const file of written) await file.commit();
    return {
      ...report(text!, plan.text),
      quant,
      ...(vision && plan.vision ? { mmproj: report(vision, plan.vision) } : {}),
      ...(terms ? { terms: terms.notice, notice: noticePath } : {}),
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

async function* noticeOf(terms: TermsOfUse, name: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(noticeFile(terms, { name, isConverted: true }));
}

async function write(
  plan: GgufPlan,
  path: string,
  encoder: WeightEncoder,
  signal: AbortSignal,
): Promise<NewFile> {
  let done = 0;
  let reported = 0;
  const total = plan.tensors.length;
  const onTensor = (name: string) => {
    done++;
    if (done < total && performance.now() - reported < REPORT_EVERY_MS) return;
    reported = performance.now();
    process.stderr.write(`${basename(path)}: tensor ${done} of ${total} (${name})\n`);
  };
  return writeNewFile(path, streamGguf(plan, { signal, onTensor, encoder }));
}

async function refuseExisting(paths: string[]): Promise<void> {
  for (const path of paths) {
    if (await isThere(path))
      throw badArgument(sentence`file-exists: ${{ path }} exists already; --force replaces it.`);
  }
}
