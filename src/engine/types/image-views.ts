/** What a model sees of an image: a list of views, in the order in which their tokens stand in the prompt. */

/** Columns and rows of tiles. */
export type Grid = readonly [columns: number, rows: number];

/** In pixels. */
export interface Size {
  width: number;
  height: number;
}

/** Part of an image, in its upright pixels. */
export interface Rectangle extends Size {
  x: number;
  y: number;
}

/** One way in which a model is shown an image: the whole or a part of it, resized to a grid of tiles of equal size. */
export interface ImageView {
  /** Tells it from the other views of the image. What a reader is told it is called is up to the page. */
  name: string;
  /** What of the image it shows. */
  rectangle: Rectangle;
  grid: Grid;
  /** Of each tile in the grid, as the encoder reads it. */
  tile: Size;
  /** Prompt positions that it takes before compression. */
  tokens: number;
  /** Whether compression may leave out some of its tokens. */
  isCompressible: boolean;
}

/** A view as an answer tells of it. Earlier versions stored neither the size of the image nor always that of the tiles. */
export type SeenView = Omit<ImageView, 'rectangle' | 'tile'> & Partial<Pick<ImageView, 'rectangle' | 'tile'>>;

/** Tiles of all views. */
export function countTiles(views: readonly Pick<ImageView, 'grid'>[]): number {
  return views.reduce((sum, { grid: [columns, rows] }) => sum + columns * rows, 0);
}

/** The part of a compressible view's tokens that compression keeps. */
export const keptPart = 0.5;

/** Prompt positions of all views, before compression. */
export function countTokens(views: readonly Pick<ImageView, 'tokens'>[]): number {
  return views.reduce((sum, { tokens }) => sum + tokens, 0);
}
