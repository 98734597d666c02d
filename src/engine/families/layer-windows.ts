import type { LayerWindow, SettingsReader } from './family.ts';

/**
 * The window that config.json names, and the layers that have it: those of `layer_types`, as transformers writes it by now, or
 * where that is absent those that the family says.
 * @param unsaid what counts where the window is not mentioned; null in the file is none
 */
export function readWindow(
  config: SettingsReader,
  layers: number,
  hasWindow: (layer: number) => boolean,
  unsaid?: number,
): LayerWindow | undefined {
  const types = config.value('layer_types');
  const isNone = config.isSaid('sliding_window') ? config.value('sliding_window') === undefined : !unsaid;
  if (isNone) {
    requireOnly(config, types, layers, ['full_attention']);
    return undefined;
  }
  const tokens = config.integer('sliding_window', 1, 1 << 24, unsaid);
  if (types === undefined)
    return anyOf({ tokens, layers: Array.from({ length: layers }, (_, i) => hasWindow(i)) });
  const list = requireOnly(config, types, layers, ['full_attention', 'sliding_attention']);
  return anyOf({ tokens, layers: list.map(type => type === 'sliding_attention') });
}

function anyOf(window: LayerWindow): LayerWindow | undefined {
  return window.layers.includes(true) ? window : undefined;
}

/** The kind of each layer where `layer_types` says it, all of them known. */
function requireOnly(
  config: SettingsReader,
  types: unknown,
  layers: number,
  known: readonly string[],
): string[] {
  if (types === undefined) return [];
  const isList = Array.isArray(types) && types.length === layers && types.every(type => known.includes(type));
  // Refused with the setting's name.
  if (!isList) config.require('layer_types', known.join(' or '));
  return types as string[];
}
