import { expect, test } from 'vitest';
import { adjustTone, neutralTone, toneLine } from './tone.ts';

function shown(tone: Parameters<typeof toneLine>[0], stored: number): number {
  const { slope, intercept } = toneLine(tone);
  return slope * stored + intercept;
}

test('the neutral tone shows what is stored', () => {
  for (const grey of [0, 0.3, 1]) expect(shown(neutralTone, grey)).toBeCloseTo(grey, 12);
});

test('inverted is the exact negative', () => {
  for (const grey of [0, 0.3, 1]) {
    expect(shown({ ...neutralTone, isInverted: true }, grey)).toBeCloseTo(1 - grey, 12);
    const steep = { ...neutralTone, contrast: 40 };
    expect(shown({ ...steep, isInverted: true }, grey)).toBeCloseTo(1 - shown(steep, grey), 12);
  }
});

test('brightness brightens what is seen, inverted or not', () => {
  for (const isInverted of [false, true]) {
    const plain = { ...neutralTone, isInverted };
    expect(shown({ ...plain, brightness: 20 }, 0.4)).toBeCloseTo(shown(plain, 0.4) + 0.2, 12);
  }
});

test('contrast turns about mid-grey', () => {
  for (const contrast of [-100, -30, 60, 100])
    expect(shown({ ...neutralTone, contrast }, 0.5)).toBeCloseTo(0.5);
  expect(toneLine({ ...neutralTone, contrast: 100 }).slope).toBeCloseTo(10);
  expect(toneLine({ ...neutralTone, contrast: -100 }).slope).toBeCloseTo(0.1);
});

test('a slow drag adds up', () => {
  const dragged = Array.from({ length: 8 }).reduce<typeof neutralTone>(
    tone => adjustTone(tone, { brightness: 0.25 }),
    neutralTone,
  );
  expect(dragged.brightness).toBe(2);
});

test('both stop at their ends', () => {
  expect(adjustTone(neutralTone, { brightness: 250, contrast: -250 })).toEqual({
    brightness: 100,
    contrast: -100,
    isInverted: false,
  });
  expect(adjustTone({ ...neutralTone, contrast: 7 }, { brightness: 5 })).toMatchObject({
    brightness: 5,
    contrast: 7,
  });
});
