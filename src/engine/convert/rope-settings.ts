import type { CheckpointRules } from '../families/family.ts';
import { sentence } from '../sentence.ts';
import { checkpointError } from './checkpoint-error.ts';
import type { JsonSettings } from './json-settings.ts';
import { isOne } from './known-settings.ts';

export interface RopeSettings {
  theta: number;
  /** Positions are divided by it: 1, or the factor of linear scaling. */
  factor: number;
}

/**
 * How positions rotate. Up to transformers 4 the base is a setting of its own and `rope_scaling` says how positions are
 * stretched; from 5 on `rope_parameters` holds both. Where a file says a thing twice, it has to be the same.
 *
 * `linearIs` tells whether the architecture knows linear scaling. Dynamic scaling changes positions past the context
 * length alone, which are never reached here. YaRN, LongRoPE and Llama 3's are refused, and so are tables by kind of layer.
 */
export function readRope(
  config: JsonSettings,
  contextTokens: number,
  options: CheckpointRules['rope'],
): RopeSettings {
  const tables = ['rope_parameters', 'rope_scaling']
    .filter(name => config.value(name) !== undefined)
    .map(name => config.section(name));
  const thetas = [config, ...tables]
    .filter(table => table.value('rope_theta') !== undefined)
    .map(table => table.real('rope_theta', 1, 1e10));
  const [theta] = thetas.length > 0 ? thetas : [config.real('rope_theta', 1, 1e10, options.defaultTheta)];
  const factors = tables.map(table => readFactor(table, contextTokens, options.linearIs));
  if (new Set(thetas).size > 1 || new Set(factors).size > 1) {
    throw checkpointError(
      'invalid-model',
      sentence`rope-settings-contradict: In config.json, "rope_parameters" and the settings beside it contradict one another`,
    );
  }
  return { theta: theta!, factor: factors[0] ?? 1 };
}

function readFactor(table: JsonSettings, contextTokens: number, linearIs: 'computed' | 'refused'): number {
  const name = table.value('rope_type') === undefined ? 'type' : 'rope_type';
  const kind = table.value(name) ?? 'default';
  if (kind === 'linear' && linearIs === 'computed') {
    const factor = table.real('factor', 1e-3, 1e4);
    refuseOthers(table, contextTokens);
    return factor;
  }
  if (kind !== 'default' && kind !== 'dynamic') table.require(name, 'dynamic');
  // Of "dynamic" it counts past the context length; without a kind nobody could say what it is of.
  if (kind === 'dynamic') table.value('factor');
  else table.require('factor', 1, 1);
  refuseOthers(table, contextTokens);
  return 1;
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
