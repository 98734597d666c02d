import { secondsOfImages, secondsOfPrompt, secondsOfToken } from '../../engine/loading/estimate-pace.ts';
import type { DeviceReport } from '../../engine/types/device.ts';
import type { ModelWork } from '../../engine/types/model-work.ts';

/** What the page would say beforehand, beside what was measured. */
export interface ContextEstimate {
  firstTokenMs: number;
  decodeTokensPerSecond: number;
}

/** Undefined where a device's rates are not known. */
export function estimateContext(
  { processor }: DeviceReport,
  work: ModelWork,
  tokens: number,
): ContextEstimate | undefined {
  return (
    processor && {
      firstTokenMs: 1000 * secondsOfPrompt(work, processor.rates, tokens),
      decodeTokensPerSecond: 1 / secondsOfToken(work, processor.rates, tokens),
    }
  );
}

/** Milliseconds from pixels to the first token; undefined where a device's rates are not known. */
export function estimateImage(
  { processor }: DeviceReport,
  work: ModelWork,
  image: { tiles: number; tokens: number },
): number | undefined {
  return processor && 1000 * secondsOfImages(work, processor.rates, image);
}
