import type { NamedVoi, VoiChoice, VoiFunction } from '../../../client/index.ts';

export type Level = Extract<VoiChoice, { kind: 'level' }>;

/**
 * What a drag or a typed figure starts from: every way to show values as a centre and a width; null where that takes the range of the
 * frame's values, and it is not known yet.
 */
export function levelOf(
  choice: VoiChoice,
  range: readonly [least: number, greatest: number] | null,
): Level | null {
  if (choice.kind === 'level') return choice;
  if (!range) return null;
  const [least, greatest] = range;
  return {
    kind: 'level',
    centre: (least + greatest) / 2,
    width: Math.max(1, greatest - least),
    function: 'LINEAR',
  };
}

/** Steps for one CSS pixel of a drag: the width by its own size, so that narrow windows are set as finely as wide ones. */
const widthPerPixel = 0.005;
const centrePerPixel = 1 / 300;

/** To the right is wider, upwards is brighter. */
export function dragLevel(level: Level, [right, down]: readonly [number, number]): Level {
  return tidyLevel({
    ...level,
    width: level.width * Math.exp(right * widthPerPixel),
    centre: level.centre + down * level.width * centrePerPixel,
  });
}

/** Three figures of a narrow window, whole numbers of a wide one; never narrower than its function can be computed. */
export function tidyLevel(level: Level): Level {
  const step = level.width >= 100 ? 1 : 10 ** (Math.floor(Math.log10(Math.max(level.width, 1e-9))) - 2);
  const tidy = (value: number) => Number((Math.round(value / step) * step).toPrecision(12));
  return {
    ...level,
    centre: tidy(level.centre),
    width: Math.max(leastWidth(level.function), tidy(level.width)),
  };
}

/** DICOM PS3.3 C.11.2.1.2: a LINEAR window of less than 1 does not exist. */
export function leastWidth(name: VoiFunction): number {
  return name === 'LINEAR' ? 1 : 1e-6;
}

export function isSameVoi(a: VoiChoice, b: VoiChoice): boolean {
  if (a.kind === 'level' && b.kind === 'level')
    return a.centre === b.centre && a.width === b.width && a.function === b.function;
  if (a.kind === 'lut' && b.kind === 'lut') return a.index === b.index;
  return a.kind === 'range' && b.kind === 'range';
}

const presetNames: Readonly<Record<string, string>> = {
  'ct-lung': 'Lung',
  'ct-soft': 'Soft tissue',
  'ct-bone': 'Bone',
  'ct-brain': 'Brain',
  range: 'Full range',
};

/** What a view that is offered is called on its button. */
export function voiLabel({ name, explanation }: NamedVoi): string {
  const known = presetNames[name];
  if (known) return known;
  if (explanation?.trim()) return explanation.trim();
  if (name === 'default') return 'As the file says';
  const number = Number(/(\d+)$/.exec(name)?.[1]);
  return name.startsWith('voi-lut') ? `Table ${number + 1} of the file` : `Window ${number} of the file`;
}

/** What is offered, without what shows the same as another one before it; the full range stands last. */
export function distinctVois(views: readonly NamedVoi[]): NamedVoi[] {
  const distinct = views.filter(
    (view, at) => views.findIndex(({ choice }) => isSameVoi(choice, view.choice)) === at,
  );
  const isRange = ({ choice }: NamedVoi) => choice.kind === 'range';
  return [...distinct.filter(view => !isRange(view)), ...distinct.filter(isRange)];
}

const minus = '\u2212';
const figure = (value: number) => `${value < 0 ? minus : ''}${Math.abs(value)}`;

/** "Centre 40, width 400"; of other ways what they are. */
export function voiInWords(choice: VoiChoice): string {
  switch (choice.kind) {
    case 'level':
      return `Centre ${figure(choice.centre)}, width ${figure(choice.width)}`;
    case 'lut':
      return `Table ${choice.index + 1} of the file`;
    case 'range':
      return 'Full range';
  }
}
