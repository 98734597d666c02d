import { brokenNumbersError } from '../device/device-errors.ts';
import type { LanguageModel } from '../models/language-model.ts';
import type { StopReason } from '../types/answer.ts';
import type { Drafts } from './drafts.ts';
import type { GenerateOptions } from './generate-options.ts';

/** The state of one answer while its tokens are chosen. */
export class AnswerRun {
  readonly tokens: number[] = [];
  firstTokenAt = 0;
  lastTokenAt = 0;
  /** Tokens chosen, the stop token included: what the speed is measured over. */
  steps = 0;
  /** Steps of the model that those after the first took. */
  modelSteps = 0;

  constructor(
    readonly model: LanguageModel,
    readonly options: GenerateOptions,
    readonly limit: number,
    /** Where something may be drafted. */
    readonly drafts?: Drafts | undefined,
  ) {}

  /** Notes the token that was chosen; a reason where the answer ends with it. */
  take(id: number): StopReason | undefined {
    if (id >= this.model.config.vocabulary) throw brokenNumbersError();
    this.lastTokenAt = performance.now();
    this.firstTokenAt ||= this.lastTokenAt;
    this.steps++;
    if (this.options.stopIds.has(id)) return 'end';
    this.tokens.push(id);
    this.drafts?.push(id);
    if (this.options.onToken && !this.options.onToken(id)) return 'stop-string';
    if (this.options.repetition?.push(id)) return 'repetition';
    return this.tokens.length >= this.limit ? 'max-tokens' : undefined;
  }
}
