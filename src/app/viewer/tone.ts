/** How bright the image is shown. Both figures run from -100 to 100, not only in whole steps; 0 changes nothing. */
export interface Tone {
  brightness: number;
  contrast: number;
  isInverted: boolean;
}

export const neutralTone: Tone = { brightness: 0, contrast: 0, isInverted: false };
export const toneLimit = 100;

export function adjustTone(tone: Tone, by: { brightness?: number; contrast?: number }): Tone {
  return {
    ...tone,
    brightness: limit(tone.brightness + (by.brightness ?? 0)),
    contrast: limit(tone.contrast + (by.contrast ?? 0)),
  };
}

/**
 * Shown = slope * stored + intercept, with black 0 and white 1. Contrast turns the line about mid-grey, from a tenth to
 * ten times as steep; brightness lifts it, and lifts it as much when black and white are exchanged.
 */
export function toneLine({ brightness, contrast, isInverted }: Tone): { slope: number; intercept: number } {
  const slope = 10 ** (contrast / toneLimit) * (isInverted ? -1 : 1);
  return { slope, intercept: 0.5 - slope / 2 + brightness / toneLimit };
}

function limit(value: number): number {
  return Math.min(toneLimit, Math.max(-toneLimit, value));
}
