/** Columns and rows of tiles. */
export type Grid = readonly [columns: number, rows: number];

/** How an image is cut: Mini-Monkey's two grids and overview, InternVL2's one grid and overview, or the overview alone. */
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

/** How an image becomes tiles, known from its size alone. */
export interface TilePlan {
  /** The first tiles: the grid of details. [1, 1] without one. */
  detailed: Grid;
  /** Mini-Monkey's second grid; [1, 1] means that there is none. */
  adaptive: Grid;
  /** Tiles in all, the overview included. */
  tiles: number;
}
