import { readFile } from 'node:fs/promises';
import { sentence } from '../../engine/sentence.ts';
import type { TuningOptions } from '../../engine/tuner/tuner.ts';
import { readTuningRecord } from '../../storage/read-tuning.ts';
import { type Arguments, badArgument, type OptionTable } from './arguments.ts';

/** Of every command that computes with a model. */
export const tuningOptions: OptionTable = { tuning: 'value' };

/** In the place of a browser: what else decides how kernels are compiled. */
export const tuningHost = `Node ${process.versions.node.split('.')[0]}`;

/** The forms that --tuning says were found fastest; nothing is timed. Of another device they are left alone. */
export async function readTuning(args: Arguments): Promise<TuningOptions | undefined> {
  const path = args.text('tuning');
  if (path === undefined) return undefined;
  const text = await readFile(path, 'utf8');
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    stored = undefined;
  }
  const record = readTuningRecord(stored);
  if (!record) throw badArgument(sentence`tuning-file: ${{ path }} is not what "bench --tune" has written.`);
  return { use: 'chosen', record, browser: tuningHost, budgetMs: 0 };
}
