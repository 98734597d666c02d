/** Which views a model is shown: Mini-Monkey's two grids and overview, InternVL2's one grid and overview, or the overview alone. */
export type TilingMode = 'msac' | 'dynamic' | 'single';

/** Ranges of tile numbers that Mini-Monkey uses, by task; see imaging/grids.ts. */
export type TilingPreset =
  | 'demo'
  | 'default_eval'
  | 'ocrbench'
  | 'docvqa'
  | 'infovqa'
  | 'chartqa'
  | 'ccbench'
  | 'realworldqa'
  | 'mme';

export interface TilingSettings {
  mode: TilingMode;
  preset: TilingPreset;
}

export const defaultTiling: TilingSettings = { mode: 'msac', preset: 'demo' };
