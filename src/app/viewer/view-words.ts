/** What a reader is told a view is called. */
interface ViewWords {
  /** Where the reader chooses what is drawn. */
  label: string;
  /** Once it is drawn. */
  shown: string;
  /** Behind "3 × 4", or behind "one". */
  tiles: string;
  /** Behind "one", where that is written otherwise. */
  tile?: string;
  /** What shows a part of the image. */
  each: string;
  all: string;
}

const known: Readonly<Record<string, ViewWords>> = {
  detailed: {
    label: 'Detailed',
    shown: 'Detailed tiles shown',
    tiles: 'detailed tiles',
    each: 'Each detailed tile',
    all: 'the detailed tiles',
  },
  adaptive: {
    label: 'Second',
    shown: 'Tiles of the second grid shown',
    tiles: 'tiles of a second grid',
    each: 'Each tile of the second grid',
    all: 'the second grid',
  },
  overview: {
    label: 'Overview',
    shown: 'Overview shown',
    tiles: 'overview',
    each: 'The overview',
    all: 'the overview',
  },
  region: {
    label: 'Region',
    shown: 'The region as it is seen closely shown',
    tiles: 'tiles of the region',
    tile: 'tile of the region',
    each: 'Each tile of the region',
    all: 'the region',
  },
};

/** By its name; one that has no words of its own, as another model may have it, is called by that. */
export function viewWords(name: string, isCut = false): ViewWords {
  if (Object.hasOwn(known, name)) return known[name]!;
  return {
    label: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    shown: `View “${name}” shown`,
    tiles: isCut ? `tiles of the view “${name}”` : `view “${name}”`,
    each: isCut ? `Each tile of the view “${name}”` : `The view “${name}”`,
    all: `the view “${name}”`,
  };
}
