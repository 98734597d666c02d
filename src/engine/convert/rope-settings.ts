import type { RopeRules } from '../families/family.ts';
import { sentence } from '../sentence.ts';
import { checkpointError } from './checkpoint-error.ts';
import type { JsonSettings } from './json-settings.ts';
import { isOne } from './known-settings.ts';

export interface RopeSettings {
  theta: number;
  /** Leading dimensions of each head that rotate. */
  dimensions: number;
  /** Positions are divided by it: 1, or the factor of linear scaling. */
  factor: number;
  /** By which frequencies are divided, one by one. */
  frequencyFactors?: Float32Array | undefined;
  /** The context before it was stretched, which Phi-3's files say either way. */
  originalTokens?: number | undefined;
  /** Two lists of these, for sequences of up to `originalTokens` and for longer ones. */
  long?: LongRope | undefined;
  /** The base in layers with a window, where it is another. */
  windowTheta?: number | undefined;
}

/** LongRoPE: Ding et al. 2024, as transformers computes it. */
export interface LongRope {
  short: Float32Array;
  long: Float32Array;
  originalTokens: number;
  /** Multiplies cosine and sine. */
  attentionFactor: number;
}

/** One table of how positions are stretched. */
type Stretch = Pick<RopeSettings, 'factor' | 'frequencyFactors' | 'long'>;

interface Decoder {
  contextTokens: number;
  headDim: number;
}

/**
 * How positions rotate. Up to transformers 4 the base is a setting of its own and `rope_scaling` says how positions are
 * stretched; from 5 on `rope_parameters` holds both, of some families by kind of layer. Where a file says a thing twice, it has
 * to be the same.
 *
 * `kinds` tells which ways of scaling the architecture knows. Dynamic scaling changes positions past the context
 * length alone, which are never reached here. YaRN is refused, and so is what the architecture does not know.
 */
export function readRope(config: JsonSettings, decoder: Decoder, rules: RopeRules): RopeSettings {
  const share = rules.isPartial ? config.real('partial_rotary_factor', 1e-3, 1, 1) : 1;
  const dimensions = Math.trunc(decoder.headDim * share);
  const tables = ['rope_parameters', 'rope_scaling']
    .filter(name => config.value(name) !== undefined)
    .map(name => config.section(name))
    .map(table => {
      const isByKind = rules.windowTheta && table.value('full_attention') !== undefined;
      return isByKind ? table.section('full_attention') : table;
    });
  const thetas = [config, ...tables]
    .filter(table => table.value('rope_theta') !== undefined)
    .map(table => table.real('rope_theta', 1, 1e10));
  const [theta = config.real('rope_theta', 1, 1e10, rules.defaultTheta)] = thetas;
  const stretches = tables.map(table => readStretch(config, table, { ...decoder, dimensions, theta }, rules));
  if (new Set(thetas).size > 1 || new Set(stretches.map(each => JSON.stringify(each))).size > 1) {
    throw checkpointError(
      'invalid-model',
      sentence`rope-settings-contradict: In config.json, "rope_parameters" and the settings beside it contradict one another`,
    );
  }
  const windowTheta = rules.windowTheta && readWindowTheta(config, rules.windowTheta);
  const [stretch = { factor: 1 }] = stretches;
  return { theta, dimensions, ...stretch, originalTokens: readOriginal(config, rules, stretch), windowTheta };
}

function readOriginal(config: JsonSettings, { kinds }: RopeRules, { long }: Stretch): number | undefined {
  const name = 'original_max_position_embeddings';
  if (!kinds.includes('longrope') || config.value(name) === undefined) return long?.originalTokens;
  return config.integer(name, 2, 1 << 24);
}

/** The base in layers with a window, whose positions are never scaled. */
function readWindowTheta(config: JsonSettings, [setting, fallback]: readonly [string, number]): number {
  const parameters = config.value('rope_parameters') as Record<string, unknown> | undefined;
  if (parameters?.sliding_attention === undefined) return config.real(setting, 1, 1e10, fallback);
  const table = config.section('rope_parameters').section('sliding_attention');
  table.require('rope_type', 'default', 'default');
  table.refuseOthers({ rope_type: 'harmless', rope_theta: 'harmless', factor: isOne });
  return table.real('rope_theta', 1, 1e10, fallback);
}

function readStretch(
  config: JsonSettings,
  table: JsonSettings,
  decoder: Decoder & { dimensions: number; theta: number },
  { kinds }: RopeRules,
): Stretch {
  const { contextTokens } = decoder;
  const name = table.value('rope_type') === undefined ? 'type' : 'rope_type';
  const said = table.value(name) ?? 'default';
  // What the first files of Phi-3 call it.
  const kind = said === 'su' ? 'longrope' : said;
  const knows = (other: RopeRules['kinds'][number]) => kind === other && kinds.includes(other);
  if (knows('linear')) {
    const factor = table.real('factor', 1e-3, 1e4);
    refuseOthers(table, contextTokens);
    return { factor };
  }
  if (knows('llama3')) return { factor: 1, frequencyFactors: readLlama3(table, decoder) };
  if (knows('longrope')) return { factor: 1, long: readLongRope(config, table, decoder) };
  if (kind !== 'default' && kind !== 'dynamic') table.require(name, 'dynamic');
  // Of "dynamic" it counts past the context length; without a kind nobody could say what it is of.
  if (kind === 'dynamic') table.value('factor');
  else table.require('factor', 1, 1);
  refuseOthers(table, contextTokens);
  return { factor: 1 };
}

/**
 * What Llama 3.1 divides each frequency by: nothing where its wave is short, the whole factor where it is long, and between
 * the two a mixture (transformers' _compute_llama3_parameters).
 */
function readLlama3(
  table: JsonSettings,
  { dimensions, theta }: { dimensions: number; theta: number },
): Float32Array {
  const factor = table.real('factor', 1, 1e4);
  const low = table.real('low_freq_factor', 1e-3, 1e4);
  const high = table.real('high_freq_factor', 1e-3, 1e4);
  const original = table.integer('original_max_position_embeddings', 1, 1 << 24);
  if (!(high > low)) table.require('high_freq_factor', `more than ${low}`);
  table.refuseOthers({ rope_theta: 'harmless', type: 'harmless', rope_type: 'harmless' });
  return Float32Array.from({ length: dimensions / 2 }, (_, i) => {
    const wave = 2 * Math.PI * theta ** ((2 * i) / dimensions);
    if (wave < original / high) return 1;
    if (wave > original / low) return factor;
    const smooth = (original / wave - low) / (high - low);
    return 1 / ((1 - smooth) / factor + smooth);
  });
}

function readLongRope(
  config: JsonSettings,
  table: JsonSettings,
  { contextTokens, dimensions }: Decoder & { dimensions: number },
): LongRope {
  const list = (name: string): Float32Array => {
    const value = table.value(name);
    const isList =
      Array.isArray(value) &&
      value.length === dimensions / 2 &&
      value.every(each => typeof each === 'number' && each > 0 && Number.isFinite(each));
    if (!isList) table.require(name, `a list of ${dimensions / 2} numbers`);
    return Float32Array.from(value as number[]);
  };
  const inTable = table.value('original_max_position_embeddings') !== undefined;
  const originalTokens = (inTable ? table : config).integer('original_max_position_embeddings', 2, 1 << 24);
  const factor = table.real('factor', 1e-3, 1e4, contextTokens / originalTokens);
  const usual = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalTokens));
  const long: LongRope = {
    short: list('short_factor'),
    long: list('long_factor'),
    originalTokens,
    attentionFactor: table.real('attention_factor', 1e-3, 1e3, usual),
  };
  table.refuseOthers({
    rope_theta: 'harmless',
    type: 'harmless',
    rope_type: 'harmless',
    partial_rotary_factor: 'harmless',
  });
  return long;
}

function refuseOthers(table: JsonSettings, contextTokens: number): void {
  table.refuseOthers({
    rope_type: 'harmless',
    type: 'harmless',
    rope_theta: 'harmless',
    original_max_position_embeddings: value => typeof value === 'number' && value >= contextTokens,
    partial_rotary_factor: isOne,
    attention_factor: isOne,
  });
}
