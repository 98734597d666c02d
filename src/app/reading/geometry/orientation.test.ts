import { describe, expect, test } from 'vitest';
import { directionLetters, edgeLetters, type ImageOrientation, normalOf, planeName } from './orientation.ts';

const axial: ImageOrientation = [1, 0, 0, 0, 1, 0];
const coronal: ImageOrientation = [1, 0, 0, 0, 0, -1];
const sagittal: ImageOrientation = [0, 1, 0, 0, 0, -1];
const asStored = { turns: 0, isFlipped: false };

describe('letters at the edges', () => {
  test('of the three planes, as radiologists see them', () => {
    expect(edgeLetters(axial, asStored)).toEqual({ left: 'R', right: 'L', top: 'A', bottom: 'P' });
    expect(edgeLetters(coronal, asStored)).toEqual({ left: 'R', right: 'L', top: 'H', bottom: 'F' });
    expect(edgeLetters(sagittal, asStored)).toEqual({ left: 'A', right: 'P', top: 'H', bottom: 'F' });
  });

  test('turn with the image: after a quarter clockwise, what was at the top is at the right', () => {
    expect(edgeLetters(axial, { turns: 1, isFlipped: false })).toEqual({
      top: 'R',
      right: 'A',
      bottom: 'L',
      left: 'P',
    });
    expect(edgeLetters(axial, { turns: 2, isFlipped: false })).toEqual({
      left: 'L',
      right: 'R',
      top: 'P',
      bottom: 'A',
    });
  });

  test('change sides in a flipped image', () => {
    expect(edgeLetters(axial, { turns: 0, isFlipped: true })).toMatchObject({
      left: 'L',
      right: 'R',
      top: 'A',
    });
    expect(edgeLetters(axial, { turns: 1, isFlipped: true })).toMatchObject({
      left: 'A',
      right: 'P',
      top: 'R',
    });
  });

  test('of an oblique image name each part, the strongest first', () => {
    const tilted = Math.PI / 9;
    expect(directionLetters([Math.cos(tilted), Math.sin(tilted), 0])).toBe('LP');
    expect(directionLetters([-0.05, -0.2, 0.97])).toBe('HA');
    expect(directionLetters([0, 0, 0])).toBe('');
  });
});

test('the normal of an axial image leads to the head', () => {
  expect(normalOf(axial)).toEqual([0, 0, 1]);
});

test('planes have names', () => {
  expect([axial, coronal, sagittal].map(planeName)).toEqual(['Axial', 'Coronal', 'Sagittal']);
  expect(planeName([0.9, 0.4359, 0, 0, 0, -1])).toBe('Coronal, oblique');
});
