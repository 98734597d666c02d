import type { SamplingSettings } from '../../client/index.ts';
import { formatCount } from './quantities.ts';

/** "temperature 0.7, min-p 0.05, repetition penalty 1.05 over 64 tokens": what has an effect. */
export function samplingInWords(sampling: SamplingSettings): string {
  const { temperature, topK, topP, minP, repetitionPenalty, repetitionWindow } = sampling;
  const drawn = [
    `temperature ${temperature}`,
    topK > 0 && `top-k ${topK}`,
    topP < 1 && `top-p ${topP}`,
    minP > 0 && `min-p ${minP}`,
  ];
  const steps = [
    ...(temperature === 0 ? ['the most likely word every time'] : drawn),
    repetitionPenalty !== 1 &&
      repetitionWindow > 0 &&
      `repetition penalty ${repetitionPenalty} over ${formatCount(repetitionWindow)} tokens`,
  ];
  return steps.filter(step => step !== false).join(', ');
}
