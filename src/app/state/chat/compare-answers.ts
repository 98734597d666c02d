/** An answer as it was recorded, and as it was computed again: the same, or where they part, and what may be why. */
import {
  type AnswerRecord,
  isSameComputer,
  type RecordedDevice,
  type RecordedModel,
  unpackIds,
} from '../../../client/index.ts';

/** What a second computation was made of. */
export interface Computed {
  text: string;
  ids: readonly number[];
  record: Pick<AnswerRecord, 'product'> & {
    model: RecordedModel;
    device: RecordedDevice;
    contextTokens: number;
    promptIds: readonly number[];
  };
}

/** Something that was otherwise when the answer was written, and can change it. */
export type Difference =
  | 'version'
  | 'weights'
  | 'device'
  | 'precision'
  | 'kernels'
  | 'context'
  | 'reused'
  | 'continued';

export interface Comparison {
  /** The first token of the prompt that is another one; null of the same prompt. */
  promptPartsAt: number | null;
  /** The first token of the answer that is another one, or is missing in one of them; null where they are identical. */
  partsAt: number | null;
  /** Tokens that were compared: fewer than there would be where the reader had stopped the answer. */
  tokens: number;
  recorded: string;
  computed: string;
  differences: Difference[];
}

export function compareAnswers(
  { record, text }: { record: AnswerRecord; text: string },
  { ids, text: computed, record: now }: Computed,
): Comparison {
  const recordedIds = unpackIds(record.answer.ids) ?? [];
  // Of one that was stopped by hand nobody knows how it would have gone on.
  const isStopped = record.answer.stopReason === 'aborted';
  const again = isStopped ? ids.slice(0, recordedIds.length) : ids;
  const { device, model, product, prompt } = record;
  const isAsBefore: Record<Difference, boolean> = {
    version: product.version === now.product.version && product.build === now.product.build,
    weights: model.key === now.model.key && isSameHash(model, now.model),
    device: isSameComputer(device.computedOn, now.device.computedOn),
    precision: device.precision === now.device.precision,
    kernels: device.variant === now.device.variant && isSameList(device.forms, now.device.forms),
    context: prompt.contextTokens === now.contextTokens,
    reused: record.answer.usage.cachedTokens === 0,
    continued: record.request.begunTokens === 0,
  };
  return {
    promptPartsAt: firstDifference(unpackIds(prompt.ids) ?? [], now.promptIds),
    partsAt: firstDifference(recordedIds, again),
    tokens: recordedIds.length,
    recorded: text,
    computed,
    differences: (Object.keys(isAsBefore) as Difference[]).filter(name => !isAsBefore[name]),
  };
}

function isSameHash(a: RecordedModel, b: RecordedModel): boolean {
  return !a.sha256 || !b.sha256 || isSameList(a.sha256, b.sha256);
}

const isSameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((each, index) => each === b[index]);

function firstDifference(a: readonly number[], b: readonly number[]): number | null {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) if (a[index] !== b[index]) return index;
  return a.length === b.length ? null : shared;
}
