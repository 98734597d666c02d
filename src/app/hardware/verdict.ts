import {
  aboutPace,
  aboutSeconds,
  bytesOfEntry,
  type CatalogueEntry,
  type DeviceReport,
  type ModelInfo,
  type ModelPlan,
  mostBytes,
  type Pace,
  paceOn,
  quantisationForRoom,
  softwareModelLimitBytes,
  type WantedConversation,
  workOfEntry,
} from '../../client/index.ts';
import { memoryLimitInWords } from '../format/memory-in-words.ts';
import { formatBytes, formatCount } from '../format/quantities.ts';
import type { DeviceState } from '../state/model/model-store.ts';

export type Verdict = 'runs' | 'slow' | 'shorter' | 'does-not-fit' | 'too-slow' | 'unknown';

export const verdictWords: Readonly<Record<Verdict, string>> = {
  runs: 'runs',
  slow: 'runs slowly',
  shorter: 'runs with a shorter conversation',
  'does-not-fit': 'does not fit',
  'too-slow': 'too slow without a GPU',
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
  /** As models are set to be loaded: with it a smaller file is named where the one that there is found too little room. */
  wanted?: WantedConversation;
}

/** Shorter conversations are of little use. */
const shortestContext = 512;
const contextStep = 256;

export function judgeModel(evidence: Evidence): Judgement {
  const { entry, device, loaded, plan } = evidence;
  if (device.status === 'failed') return { verdict: 'too-slow', reason: device.error.message };
  if (device.status === 'probing') {
    return loaded
      ? judgeLoaded(loaded)
      : { verdict: 'unknown', reason: 'The GPU is still being looked for.' };
  }
  const { report } = device;
  const known = loaded?.plan ?? plan;
  const pace = paceOn(report, known?.work ?? workOfEntry(entry));
  if (loaded) return withPace(judgeLoaded(loaded), pace, true);
  if (pace?.tempo === 'too-slow') {
    const words = `${known ? '' : 'By its size, '}it would write ${aboutPace(pace.tokenSeconds)} here`;
    return { verdict: 'too-slow', reason: `${capitalised(words)}: too slow to be loaded.` };
  }
  return withPace(judgeRoom(evidence, report), pace, known !== null);
}

/** Whether it finds room. */
function judgeRoom(
  { entry, plan, foundBytes, wanted }: Evidence,
  { kind, isSoftware }: DeviceReport,
): Judgement {
  const bytes = bytesOfEntry(entry);
  if (isSoftware && kind === 'gpu' && bytes > softwareModelLimitBytes) {
    return {
      verdict: 'too-slow',
      reason: `What this browser offers as a GPU is a program that computes on the processor, and is refused models of more than ${formatBytes(softwareModelLimitBytes)}; this one has ${formatBytes(bytes)}.`,
    };
  }
  const smaller = wanted && foundBytes !== null && quantisationForRoom(entry, foundBytes, wanted, plan);
  const instead = smaller
    ? ` As ${smaller.quantisation} it would take about ${formatBytes(smaller.bytes)}.`
    : '';
  if (plan) return judgePlan(plan, foundBytes, { kind, isSoftware }, instead);
  if (kind === 'processor') {
    return {
      verdict: 'unknown',
      reason: `Its files have about ${formatBytes(bytes)}, for which this computer needs free memory.`,
    };
  }
  if (foundBytes !== null && bytes > foundBytes) {
    return {
      verdict: 'does-not-fit',
      reason: `Its files alone have ${formatBytes(bytes)}; the test found room for ${formatBytes(foundBytes)}.${instead}`,
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

/** Of a processor, where it was measured. */
function withPace({ verdict, reason }: Judgement, pace: Pace | null, isKnown: boolean): Judgement {
  if (!pace || verdict === 'does-not-fit') return { verdict, reason };
  const { tempo, tokenSeconds, pageSeconds } = pace;
  const words = `${isKnown ? 'It writes' : 'By its size, it writes'} ${aboutPace(tokenSeconds)}`;
  if (tempo === 'comfortable') return { verdict, reason: `${reason} ${words}.` };
  const wait = `${words}, and takes ${aboutSeconds(pageSeconds)} to read a question of a page before it begins`;
  return { verdict: 'slow', reason: `${reason} ${wait}.` };
}

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function judgeLoaded({ deviceBytes, contextTokens, plan }: ModelInfo): Judgement {
  const isShorter = plan.contextTokens < plan.wantedContextTokens;
  return {
    verdict: isShorter ? 'shorter' : 'runs',
    reason: `It is loaded now: ${formatBytes(deviceBytes)}, with conversations of up to ${formatCount(contextTokens)} tokens.`,
  };
}

function judgePlan(
  plan: ModelPlan,
  foundBytes: number | null,
  { kind, isSoftware }: Pick<DeviceReport, 'kind' | 'isSoftware'>,
  /** A sentence that says which file would fit. */
  instead: string,
): Judgement {
  const { leastBytes, largest, contextTokens, wantedContextTokens, tokenBytes } = plan;
  const limit = memoryLimitInWords(plan);
  if (largest.bytes > largest.limitBytes) return { verdict: 'does-not-fit', reason: limit ?? '' };
  if (foundBytes !== null && leastBytes > foundBytes) {
    const found = `It takes ${formatBytes(leastBytes)}; the test found room for ${formatBytes(foundBytes)}`;
    const tooMany = (leastBytes - foundBytes) / tokenBytes;
    const tokens = Math.floor((contextTokens - tooMany) / contextStep) * contextStep;
    return tokens >= shortestContext
      ? {
          verdict: 'shorter',
          reason: `${found}, enough for conversations of about ${formatCount(tokens)} tokens.${instead}`,
        }
      : { verdict: 'does-not-fit', reason: `${found}.${instead}` };
  }
  if (contextTokens < wantedContextTokens) return { verdict: 'shorter', reason: limit ?? '' };
  if (foundBytes !== null) {
    return {
      verdict: 'runs',
      reason: `${takenWithin(plan, foundBytes)}; the test found room for at least ${formatBytes(foundBytes)}.`,
    };
  }
  // What a device takes in one piece it has room for.
  if (isSoftware || leastBytes <= largest.limitBytes) {
    const where = isSoftware ? ', in the memory of this computer' : '';
    return {
      verdict: 'runs',
      reason: `${takenWithin(plan, isSoftware ? Number.POSITIVE_INFINITY : largest.limitBytes)}${where}.${isSoftware && kind === 'gpu' ? ' Without a real GPU it answers slowly.' : ''}`,
    };
  }
  return {
    verdict: 'unknown',
    reason: `${takenWithin(plan, Number.POSITIVE_INFINITY)}, and browsers do not tell how much graphics memory is free; a test of this device finds out.`,
  };
}

/** What it takes; and, where there may be no room for that, what with shorter steps, which loading tries then. */
function takenWithin({ memory, leastBytes }: ModelPlan, roomBytes: number): string {
  const usual = mostBytes(memory);
  const takes = `It takes ${formatBytes(usual)}`;
  return usual <= roomBytes
    ? takes
    : `${takes}, or ${formatBytes(leastBytes)} with shorter steps of a prompt`;
}
