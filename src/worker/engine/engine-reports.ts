/** What an operation reports to the page, thinned out so that messages never become the work. */
import type { LoadProgress } from '../../engine/types/load-progress.ts';
import { createPace } from '../verbs/pace.ts';
import type { Report } from '../verbs/serve-verbs.ts';
import type { VisionProgress } from './engine-messages.ts';
import type { AnswerReports, LoadReports, SampleReports, ScoreReports } from './engine-verbs.ts';

const textIntervalMs = 16;
const progressIntervalMs = 50;

export function reportLoad(report: Report<LoadReports>): (progress: LoadProgress) => void {
  const isDue = createPace(progressIntervalMs);
  return progress => {
    const isLast = progress.total > 0 && progress.done >= progress.total;
    if (isDue(progress.phase, isLast)) report('progress', progress);
  };
}

type ReadingReports = Pick<AnswerReports, 'vision' | 'prefill'>;

/** How far images and prompt are read. */
export function reportReading(report: Report<ReadingReports>) {
  const isDue = createPace(progressIntervalMs);
  return {
    onVision(progress: VisionProgress) {
      const isLast = progress.phase === 'decoding' || progress.done >= progress.total;
      if (isDue(progress.phase, isLast)) report('vision', progress);
    },
    onPrefill(done: number, total: number) {
      if (isDue('prefill', done >= total)) report('prefill', done, total);
    },
  };
}

export function reportScores(report: Report<ScoreReports>) {
  const isDue = createPace(progressIntervalMs);
  return {
    ...reportReading(report),
    onScored(done: number, total: number) {
      if (isDue('scored', done >= total)) report('scored', done, total);
    },
  };
}

/** Of each sample what has come since it was told last; what is held back at the end is in the outcome. */
export function reportSamples(report: Report<SampleReports>) {
  const isDue = createPace(textIntervalMs);
  const held = new Map<number, string>();
  return {
    ...reportReading(report),
    onText(sample: number, text: string, tokens: number) {
      const whole = (held.get(sample) ?? '') + text;
      const isTold = isDue(`sample ${sample}`, false);
      held.set(sample, isTold ? '' : whole);
      if (isTold) report('text', sample, whole, tokens);
    },
  };
}

export interface AnswerReporter {
  vision(progress: VisionProgress): void;
  prefill(done: number, total: number): void;
  /** `text` and `ids` are what is new, `tokens` how many there are by now. */
  text(text: string, tokens: number, ids: readonly number[]): void;
  /** Sends what is still held back. */
  flush(): void;
}

export function reportAnswer(report: Report<AnswerReports>): AnswerReporter {
  const { onVision: vision, onPrefill: prefill } = reportReading(report);
  let held: { text: string; tokens: number; ids: number[] } = { text: '', tokens: 0, ids: [] };
  let lastTextMs = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const { text, tokens, ids } = held;
    if (text === '') return;
    report('text', text, tokens, ids);
    held = { text: '', tokens, ids: [] };
    lastTextMs = performance.now();
  }

  return {
    vision,
    prefill,
    text(text, tokens, ids) {
      held = { text: held.text + text, tokens, ids: [...held.ids, ...ids] };
      const waitMs = lastTextMs + textIntervalMs - performance.now();
      if (waitMs <= 0) flush();
      else timer ??= setTimeout(flush, waitMs);
    },
    flush,
  };
}
