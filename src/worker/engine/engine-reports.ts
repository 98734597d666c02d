/** What an operation reports to the page, thinned out so that messages never become the work. */
import type { LoadProgress } from '../../engine/types/load-progress.ts';
import { createPace } from '../verbs/pace.ts';
import type { Report } from '../verbs/serve-verbs.ts';
import type { VisionProgress } from './engine-messages.ts';
import type { AnswerReports, LoadReports } from './engine-verbs.ts';

const textIntervalMs = 16;
const progressIntervalMs = 50;

export function reportLoad(report: Report<LoadReports>): (progress: LoadProgress) => void {
  const isDue = createPace(progressIntervalMs);
  return progress => {
    const isLast = progress.total > 0 && progress.done >= progress.total;
    if (isDue(progress.phase, isLast)) report('progress', progress);
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
  const isDue = createPace(progressIntervalMs);
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
    vision(progress) {
      const isLast = progress.phase === 'decoding' || progress.done >= progress.total;
      if (isDue(progress.phase, isLast)) report('vision', progress);
    },
    prefill(done, total) {
      if (isDue('prefill', done >= total)) report('prefill', done, total);
    },
    text(text, tokens, ids) {
      held = { text: held.text + text, tokens, ids: [...held.ids, ...ids] };
      const waitMs = lastTextMs + textIntervalMs - performance.now();
      if (waitMs <= 0) flush();
      else timer ??= setTimeout(flush, waitMs);
    },
    flush,
  };
}
