import { describe, expect, it } from 'vitest';
import { EqualCosts, StepCosts } from './step-costs.ts';

/** Everything that is drafted is right. */
const all = (width: number) => width;
const none = () => 1;

function measured(wide: Partial<Record<2 | 4 | 8, number>> = {}): StepCosts {
  const costs = new StepCosts();
  for (let i = 0; i < 5; i++) costs.noteSingle(10);
  for (const width of [2, 4, 8] as const) {
    const ms = wide[width];
    for (let i = 0; ms !== undefined && i < 5; i++) costs.noteWide(width, ms);
  }
  return costs;
}

describe('the width of a step', () => {
  it('is one as long as single steps have not been measured', () => {
    const costs = new StepCosts();
    for (let i = 0; i < 4; i++) {
      costs.noteSingle(10);
      expect(costs.widest(8, all)).toBeUndefined();
    }
    costs.noteSingle(10);
    expect(costs.widest(8, all)).toBe(8);
  });

  it('is one where nothing is expected of a draft', () => {
    expect(measured({ 2: 10, 4: 10, 8: 10 }).widest(8, none)).toBeUndefined();
  });

  it('is that which gives the most tokens in the time', () => {
    expect(measured({ 2: 11, 4: 12, 8: 60 }).widest(8, all)).toBe(4);
    expect(measured({ 2: 11, 4: 12, 8: 60 }).widest(3, all)).toBe(2);
    expect(measured({ 2: 11, 4: 12, 8: 60 }).widest(1, all)).toBeUndefined();
    expect(measured({ 2: 19.5, 4: 39, 8: 79 }).widest(8, all)).toBeUndefined();
  });

  it('is tried where it was not measured, and not again where it proved slow', () => {
    const costs = measured({ 2: 15 });
    expect(costs.widest(8, all)).toBe(8);
    costs.noteWide(8, 100);
    expect(costs.widest(8, all)).toBe(4);
    costs.noteWide(4, 50);
    expect(costs.widest(8, all)).toBe(2);
    costs.noteWide(2, 25);
    costs.noteWide(2, 25);
    costs.noteWide(2, 25);
    expect(costs.widest(8, all)).toBeUndefined();
  });

  it('is measured anew after many single steps', () => {
    const costs = measured({ 2: 25, 4: 50, 8: 100 });
    for (let i = 0; i < 255; i++) costs.noteSingle(10);
    expect(costs.widest(8, all)).toBeUndefined();
    costs.noteSingle(10);
    expect(costs.widest(8, all)).toBe(8);
  });

  it('is not decided by one step that something else delayed', () => {
    const costs = measured({ 2: 11, 4: 12, 8: 13 });
    costs.noteWide(8, 500);
    costs.noteSingle(400);
    expect(costs.widest(8, all)).toBe(8);
  });

  it('is the widest possible where costs are taken to be equal', () => {
    expect(new EqualCosts().widest(8, all)).toBe(8);
    expect(new EqualCosts().widest(7, all)).toBe(4);
    expect(new EqualCosts().widest(8, none)).toBeUndefined();
  });
});
