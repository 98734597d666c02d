import type { TuningRecord } from '../../engine/types/tuning.ts';
import { openModel, positive } from '../bench/open-model.ts';
import { formatTuning } from '../bench/tuning-table.ts';
import type { Arguments } from '../input/arguments.ts';
import { openDevice } from '../input/open-device.ts';
import { tuningHost } from '../input/tuning-file.ts';

/** Whoever asks for it at a terminal waits for all of it. */
const defaultSeconds = 60;

/** `bench --tune`: the fastest forms of a model's kernels on this device. A table on standard error; the record, for --tuning. */
export async function benchTune(args: Arguments): Promise<TuningRecord | object> {
  const budgetMs = positive(args, 'budget', defaultSeconds) * 1000;
  const device = await openDevice(args);
  process.stderr.write(`${device.report.adapter}\n`);
  let record: TuningRecord | undefined;
  const model = await openModel(args, device, {
    tuning: {
      use: 'chosen',
      browser: tuningHost,
      budgetMs,
      onRecord: found => {
        record = found;
      },
    },
  });
  const { tuning } = model.info;
  if (tuning) process.stderr.write(`${formatTuning(tuning)}\n`);
  return record ?? { state: tuning?.state };
}
