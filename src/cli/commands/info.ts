import { onlyWord, parseArguments } from '../input/arguments.ts';
import { withModelFiles } from '../input/model-files.ts';
import { openDevice, readPrecision, usualLimits } from '../input/open-device.ts';
import { summariseModel } from '../output/model-summary.ts';
import { summaryInWords } from '../output/summary-in-words.ts';

/** A table for people on a terminal; JSON with --json, or where another program reads. No device is opened unless named. */
export async function info(argv: string[]): Promise<unknown> {
  const args = parseArguments(argv, { json: 'flag' });
  const path = onlyWord(args, 'The model file');
  const precision = readPrecision(args);
  const limits = args.text('adapter') === undefined ? usualLimits : (await openDevice(args)).report;
  const summary = await withModelFiles(path, undefined, source =>
    summariseModel(source, { precision, limits }),
  );
  if (args.flag('json') || !process.stdout.isTTY) return summary;
  process.stdout.write(`${summaryInWords(summary)}\n`);
  return undefined;
}
