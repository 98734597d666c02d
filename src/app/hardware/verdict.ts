import {
  bytesOfEntry,
  type CatalogueEntry,
  type ModelInfo,
  type ModelPlan,
  softwareModelLimitBytes,
} from '../../client/index.ts';
import { memoryLimitInWords } from '../format/memory-in-words.ts';
import { formatBytes, formatCount } from '../format/quantities.ts';
import type { DeviceState } from '../state/model/model-store.ts';

export type Verdict = 'runs' | 'shorter' | 'does-not-fit' | 'too-slow' | 'unknown';

export const verdictWords: Readonly<Record<Verdict, string>> = {
  runs: 'runs',
  shorter: 'runs with a shorter conversation',
  'does-not-fit': 'does not fit',
  'too-slow': 'too slow: no GPU',
  unknown: 'unknown until tried',
};

export interface Judgement {
  verdict: Verdict;
  /** One sentence. */
  reason: string;
}

/** What is known of a model on this device. */
export interface Evidence {
  entry: CatalogueEntry;
  device: DeviceState;
  /** Where it is the one that is loaded. */
  loaded: ModelInfo | null;
  /** From the headers of its files, where they are at hand. */
  plan: ModelPlan | null;
  /** Memory that could be had at once; null where that was not tried. */
  foundBytes: number | null;
}

/** Shorter conversations are of little use. */
const shortestContext = 512;
const contextStep = 256;

export function judgeModel({ entry, device, loaded, plan, foundBytes }: Evidence): Judgement {
  const bytes = bytesOfEntry(entry);
  if (device.status === 'failed') return { verdict: 'too-slow', reason: device.error.message };
  if (loaded) return judgeLoaded(loaded);
  if (device.status === 'probing')
    return { verdict: 'unknown', reason: 'The GPU is still being looked for.' };
  const { report } = device;
  if (report.isSoftware && bytes > softwareModelLimitBytes) {
    return {
      verdict: 'too-slow',
      reason: `This browser computes on the processor, where Bedside refuses models of more than ${formatBytes(softwareModelLimitBytes)}; this one has ${formatBytes(bytes)}.`,
    };
  }
  if (plan) return judgePlan(plan, foundBytes, report.isSoftware);
  if (foundBytes !== null && bytes > foundBytes) {
    return {
      verdict: 'does-not-fit',
      reason: `Its files alone have ${formatBytes(bytes)}; the test found room for ${formatBytes(foundBytes)}.`,
    };
  }
  return {
    verdict: 'unknown',
    reason:
      foundBytes === null
        ? `Its files have about ${formatBytes(bytes)}, and browsers do not tell how much graphics memory is free; a test of this device finds out.`
        : `There is room for its files of about ${formatBytes(bytes)}; how long a conversation fits beside them shows when they are opened.`,
  };
}

function judgeLoaded({ deviceBytes, contextTokens, plan }: ModelInfo): Judgement {
  const isShorter = plan.contextTokens < plan.wantedContextTokens;
  return {
    verdict: isShorter ? 'shorter' : 'runs',
    reason: `It is loaded now: ${formatBytes(deviceBytes)}, with conversations of up to ${formatCount(contextTokens)} tokens.`,
  };
}

function judgePlan(plan: ModelPlan, foundBytes: number | null, isSoftware: boolean): Judgement {
  const { memory, largest, contextTokens, wantedContextTokens } = plan;
  const needed = memory.total + memory.upload;
  const limit = memoryLimitInWords(plan);
  if (largest.bytes > largest.limitBytes) return { verdict: 'does-not-fit', reason: limit ?? '' };
  if (foundBytes !== null && needed > foundBytes) {
    const found = `It takes ${formatBytes(needed)}; the test found room for ${formatBytes(foundBytes)}`;
    const room = foundBytes - (needed - memory.cache);
    const tokens = Math.floor(((room / memory.cache) * contextTokens) / contextStep) * contextStep;
    return tokens >= shortestContext
      ? {
          verdict: 'shorter',
          reason: `${found}, enough for conversations of about ${formatCount(tokens)} tokens.`,
        }
      : { verdict: 'does-not-fit', reason: `${found}.` };
  }
  if (contextTokens < wantedContextTokens) return { verdict: 'shorter', reason: limit ?? '' };
  if (foundBytes !== null) {
    return {
      verdict: 'runs',
      reason: `It takes ${formatBytes(needed)}; the test found room for at least ${formatBytes(foundBytes)}.`,
    };
  }
  // What a device takes in one piece it has room for.
  if (isSoftware || needed <= largest.limitBytes) {
    const where = isSoftware ? ', in the memory of this computer' : '';
    return {
      verdict: 'runs',
      reason: `It takes ${formatBytes(needed)}${where}.${isSoftware ? ' Without a GPU it answers slowly.' : ''}`,
    };
  }
  return {
    verdict: 'unknown',
    reason: `It takes ${formatBytes(needed)}, and browsers do not tell how much graphics memory is free; a test of this device finds out.`,
  };
}
