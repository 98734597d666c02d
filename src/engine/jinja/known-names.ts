import { filters, notKnownFilters } from './filters.ts';
import type { Body } from './syntax.ts';
import { walk } from './syntax-walk.ts';
import { templateError } from './template-errors.ts';
import { tests } from './tests.ts';

/** Blocks that jinja2 compiles in a frame of their own, and what of them still belongs to the frame around. */
const frames: Readonly<Record<string, string>> = {
  for: 'iterable',
  macro: '',
  'call-block': 'call',
  'set-block': '',
  'filter-block': '',
  with: 'pairs',
  generation: '',
};

/**
 * Filters and tests that nobody knows fail when a template is read, as in jinja2: also where they would never be reached. Only what
 * stands in the frame of an `if` may ask first (`'x' is filter`) and fails when it is used.
 */
export function checkNames(body: Body): void {
  walk(body, false, ({ kind, name }, isConditional) => {
    if (!isConditional && kind === 'filter' && !filters.has(name!) && !notKnownFilters.includes(name!))
      throw templateError(`No filter named '${name}'`);
    if (!isConditional && kind === 'test' && !tests.has(name!))
      throw templateError(`No test named '${name}'`);
    const isChoice = kind === 'if' || kind === 'conditional';
    const outside = frames[kind];
    if (outside === undefined) return () => isConditional || isChoice;
    return field => field === outside && isConditional;
  });
}
