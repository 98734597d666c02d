import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTaskTemplate, type TaskTemplate } from '../../../client/index.ts';
import { builtInTemplates } from './all.ts';
import { composeQuestion, missingFields } from './compose-question.ts';
import { differential } from './differential.ts';

describe.each(builtInTemplates.map(each => [each.id, each] as const))('%s', (_, template) => {
  test('can be read as one that was stored, with every field in its text', () => {
    expect(readTaskTemplate(structuredClone(template))).toEqual(template);
  });

  test('is a whole question once what it needs is filled in, and not before', () => {
    const needed = template.fields.filter(field => field.isRequired && field.kind !== 'choice');
    expect(missingFields(template, {}).map(({ id }) => id)).toEqual(needed.map(({ id }) => id));
    const filled = Object.fromEntries(needed.map(({ id }) => [id, `what is in ${id}`]));
    expect(missingFields(template, filled)).toEqual([]);
    const question = composeQuestion(template, filled);
    expect(question).not.toMatch(/\{\{|\}\}|\[|\n\n\n|: ?$/);
    for (const { id } of needed) expect(question).toContain(`what is in ${id}`);
  });

  test('asks for options and not for a directive', () => {
    expect(template.text).not.toMatch(
      /\b(diagnos\w*|detect\w*|triage|prescribe|you must|should (?:take|give))\b/i,
    );
  });
});

test('ids are of one template each', () => {
  expect(new Set(builtInTemplates.map(({ id }) => id)).size).toBe(builtInTemplates.length);
});

test('a differential, to the letter', () => {
  const filled = {
    presentation: 'Chest pain for 2 hours,\n\n\nworse on breathing in',
    results: 'CRP 12 mg/L',
    count: 'three',
  };
  expect(
    composeQuestion(differential, filled),
  ).toBe(`List three conditions that could explain this presentation, as options to consider and not as a conclusion. For each one write:
- what speaks for it
- what speaks against it
- what would help to tell it from the others

Then name what must not be missed, and which information is lacking.

Presentation: Chest pain for 2 hours,


worse on breathing in
Results: CRP 12 mg/L`);
});

test('what is filled in goes in as it is, whatever it looks like', () => {
  const template: TaskTemplate = {
    id: 'echo',
    version: 1,
    name: 'Echo',
    about: '',
    images: 0,
    fields: ['a', 'b'].map(id => ({ id, label: id, kind: 'text', isRequired: true })),
    text: '<{{a}}|{{b}}|{{ a }}>',
  };
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (x, y) => {
      const [a, b] = [`x${x}{{b}}$&`, `${y}{{a}}$1y`];
      expect(composeQuestion(template, { a, b })).toBe(`<${a.trim()}|${b.trim()}|${a.trim()}>`);
    }),
  );
});
