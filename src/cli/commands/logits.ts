import { writeFile } from 'node:fs/promises';
import { rankTop } from '../../engine/sampling/filters.ts';
import { sentence } from '../../engine/sentence.ts';
import { badArgument, onlyWord, parseArguments } from '../input/arguments.ts';
import { loadFromPath, paceOptions } from '../input/load-from-path.ts';

export async function logits(argv: string[]): Promise<unknown> {
  const args = parseArguments(argv, {
    ids: 'value',
    top: 'value',
    'all-positions': 'flag',
    hidden: 'flag',
    out: 'value',
    ...paceOptions,
  });
  const list = args.text('ids');
  if (!list) throw badArgument(sentence`ids-are-missing: --ids is missing: token ids separated by commas.`);
  const ids = list.split(',').map(Number);
  if (ids.some(id => !Number.isInteger(id) || id < 0))
    throw badArgument(sentence`ids-option: --ids must be whole numbers separated by commas.`);
  const path = onlyWord(args, 'The model file');
  const model = await loadFromPath(args, path, { contextTokens: Math.max(64, ids.length) });
  const vocabulary = model.config.vocabulary;
  const all = await model.logitsOfAll(ids);
  const last = all.subarray(all.length - vocabulary);
  const out = args.text('out');
  if (out) {
    const rows = args.flag('all-positions') ? all : last;
    await writeFile(out, new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
  }
  const ranking = rankTop(last, Math.min(args.integer('top') ?? 10, vocabulary));
  return {
    adapter: model.device.report.adapter,
    top: Array.from(ranking.ids, (id, i) => [id, ranking.logits[i]]),
    norm: normOf(last),
    ...(args.flag('hidden') ? { hidden: (await model.hiddenOfLast(ids)).map(describeHidden) } : {}),
  };
}

/** Of a hidden state, what references give of one. */
function describeHidden(state: Float32Array) {
  return { l2: normOf(state), first16: Array.from(state.subarray(0, 16)) };
}

function normOf(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
