import { describe, expect, it } from 'vitest';
import { Drafts } from './drafts.ts';
import { EqualCosts, StepCosts } from './step-costs.ts';

const passage = [11, 12, 13, 14, 15, 16, 17, 18, 19, 20];

/** A single step costs 10 ms. */
function costs(wide: { 2: number; 4: number; 8: number }): StepCosts {
  const measured = new StepCosts();
  for (let i = 0; i < 5; i++) {
    measured.noteSingle(10);
    for (const width of [2, 4, 8] as const) measured.noteWide(width, wide[width]);
  }
  return measured;
}

describe('drafts', () => {
  it('are what followed in the prompt, as long as the answer repeats it', () => {
    const drafts = new Drafts([...passage, 1, 11], new EqualCosts());
    expect(drafts.next(8)).toBeUndefined();
    drafts.push(12);
    expect(drafts.next(8)).toEqual([13, 14, 15, 16, 17, 18, 19]);
    drafts.push(13);
    expect(drafts.next(8)).toEqual([14, 15, 16, 17, 18, 19, 20]);
    drafts.push(99);
    expect(drafts.next(8)).toBeUndefined();
  });

  it('leave room for the token after them', () => {
    const drafts = new Drafts([...passage, 1, 11, 12], new EqualCosts());
    expect(drafts.next(4)).toEqual([13, 14, 15]);
    expect(drafts.next(3)).toEqual([13]);
    expect(drafts.next(1)).toBeUndefined();
  });

  it('end where they prove wrong again and again, and begin again where they would have been right', () => {
    const drafts = new Drafts([1, 2, 3], costs({ 2: 13, 4: 15, 8: 20 }));
    // The same two tokens, and each time another one after them.
    let id = 100;
    let made = 0;
    for (let turn = 0; turn < 20; turn++) {
      for (const each of [1, 2]) drafts.push(each);
      if (turn >= 10 && drafts.next(8)) made++;
      drafts.push(id++);
    }
    expect(made).toBe(0);
    for (let turn = 0; turn < 3; turn++) for (const each of passage) drafts.push(each);
    expect(drafts.next(8)).toHaveLength(7);
  });

  it('are not made where wide steps cost what they bring', () => {
    const drafts = new Drafts(passage, costs({ 2: 20, 4: 40, 8: 80 }));
    for (let turn = 0; turn < 5; turn++) {
      for (const each of passage) {
        drafts.push(each);
        expect(drafts.next(8)).toBeUndefined();
      }
    }
  });
});
