import { BedsideError } from '../errors.ts';
import { aboutPace, aboutSeconds } from '../quantities.ts';
import { sentence, written } from '../sentence.ts';
import type { DeviceReport } from '../types/device.ts';
import type { ModelWork } from '../types/model-work.ts';
import { isSlower, type Pace, paceOn, slowestTokenSeconds, type Tempo } from './estimate-pace.ts';

/**
 * Before anything is fetched, allocated or given up for a model.
 * @param accepts the slowest that the reader wants it for
 * @throws `too-slow`, and `slow-model` where it would do if the reader accepts it
 */
export function requirePace(report: DeviceReport, work: ModelWork, accepts: Tempo): void {
  const pace = paceOn(report, work);
  if (!pace || !isSlower(pace.tempo, accepts)) return;
  throw pace.tempo === 'too-slow' ? tooSlow(pace) : slow(pace);
}

function tooSlow({ tokenSeconds }: Pace): BedsideError {
  const limit = aboutPace(slowestTokenSeconds).replace('about ', '');
  return new BedsideError(
    'too-slow',
    sentence`slower-than-is-loaded: On the processor of this device this model would write ${{ pace: written(tokenSeconds, aboutPace(tokenSeconds)) }}; what is slower than ${{ limit: written(slowestTokenSeconds, limit) }} is not loaded.`,
    'If other programs keep the processor busy, close them and try again; else choose a smaller model, or a device with a GPU.',
  );
}

function slow({ tokenSeconds, pageSeconds }: Pace): BedsideError {
  return new BedsideError(
    'slow-model',
    sentence`slower-than-reading: On the processor of this device this model would write ${{ pace: written(tokenSeconds, aboutPace(tokenSeconds)) }}, and take ${{ page: written(pageSeconds, aboutSeconds(pageSeconds)) }} to read a question of a page before it begins.`,
    'Load it all the same if that will do, or choose a smaller model.',
  );
}
