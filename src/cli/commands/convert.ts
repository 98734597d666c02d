import { access } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { CheckpointFolder } from '../../engine/convert/checkpoint-folder.ts';
import { type GgufPlan, streamGguf } from '../../engine/convert/gguf-stream.ts';
import { planConversion } from '../../engine/convert/plan-conversion.ts';
import type { WrittenType } from '../../engine/convert/planned-tensor.ts';
import { BedsideError } from '../../engine/errors.ts';
import type { ByteSource } from '../../engine/formats/byte-source.ts';
import { badArgument, onlyWord, parseArguments } from '../arguments.ts';
import { fileSource } from '../file-source.ts';
import { type NewFile, writeNewFile } from '../new-file.ts';

const types: Readonly<Record<string, WrittenType>> = { q4_0: 'Q4_0', q8_0: 'Q8_0', f16: 'F16' };
const REPORT_EVERY_MS = 2000;

/** `convert DIR --out F.gguf [--quant q4_0|q8_0|f16] [--mmproj F2.gguf] [--force]` */
export async function convert(argv: string[]): Promise<unknown> {
  const args = parseArguments(argv, { out: 'value', quant: 'value', mmproj: 'value', force: 'flag' });
  const directory = resolve(onlyWord(args, 'The folder of the model'));
  const out = args.text('out');
  if (!out) throw badArgument('--out is missing: the GGUF file to write.');
  const quant = args.text('quant') ?? 'q8_0';
  const type = Object.hasOwn(types, quant) ? types[quant] : undefined;
  if (!type) throw badArgument(`--quant must be one of ${Object.keys(types).join(', ')}, not "${quant}".`);
  const mmproj = args.text('mmproj');
  if (mmproj !== undefined && resolve(mmproj) === resolve(out)) {
    throw badArgument('--out and --mmproj name the same file.');
  }
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const folder = openFolder(directory);
  const written: NewFile[] = [];
  try {
    if (!args.flag('force')) await refuseExisting([out, ...(mmproj === undefined ? [] : [mmproj])]);
    if (!(await isThere(directory))) {
      throw new BedsideError('no-model', `There is no folder ${directory}.`, 'Check the path.');
    }
    const plan = await planConversion(folder, {
      name: basename(directory),
      type,
      withVision: mmproj !== undefined,
    });
    for (const warning of plan.warnings) process.stderr.write(`warning: ${warning}\n`);
    written.push(await write(plan.text, out, stop.signal));
    if (plan.vision && mmproj !== undefined) written.push(await write(plan.vision, mmproj, stop.signal));
    // Both are complete on disk by now, so a failure while writing one leaves neither.
    for (const file of written) await file.commit();
    const [text, vision] = written;
    return {
      ...report(text!, plan.text),
      quant,
      ...(vision && plan.vision ? { mmproj: report(vision, plan.vision) } : {}),
    };
  } finally {
    for (const file of written) await file.discard();
    await folder.close();
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

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function refuseExisting(paths: string[]): Promise<void> {
  for (const path of paths) {
    if (await isThere(path)) throw badArgument(`${path} exists already; --force replaces it.`);
  }
}

/** The files of a folder; each is opened once and stays open until `close`. */
function openFolder(directory: string): CheckpointFolder & { close(): Promise<void> } {
  const opened = new Map<string, ByteSource & { close(): Promise<void> }>();
  return {
    async open(name) {
      const known = opened.get(name);
      if (known !== undefined) return known;
      const path = join(directory, name);
      if (!(await isThere(path))) return undefined;
      const source = await fileSource(path);
      opened.set(name, source);
      return source;
    },
    async close() {
      for (const source of opened.values()) await source.close();
    },
  };
}
