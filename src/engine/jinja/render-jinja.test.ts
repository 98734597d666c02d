import { describe, expect, it } from 'vitest';
import {
  allTemplates,
  hostileContext,
  hostileTemplates,
  ownTemplates,
  pythonProbes,
  referenceNow,
  refusedConstructs,
  type Snippets,
  snippets,
  type TemplateCases,
  variablesOf,
} from '../../../test/support/jinja.ts';
import { BedsideError } from '../errors.ts';
import { compileJinja } from './jinja-template.ts';
import { type JinjaVariables, type RenderedTemplate, renderJinja } from './render-jinja.ts';

function render(template: string, variables: object): RenderedTemplate | BedsideError {
  try {
    return renderJinja(compileJinja(template), variables as JinjaVariables, { now: referenceNow });
  } catch (error) {
    if (error instanceof BedsideError && error.code === 'unusable-template') return error;
    throw error;
  }
}

function check(name: string, template: TemplateCases): void {
  for (const given of template.cases) {
    const title = `${name}: ${given.name}`;
    const result = render(template.template, variablesOf(template, given));
    if (given.rendered === undefined) {
      expect(result, title).toBeInstanceOf(BedsideError);
      if (given.raises_type === 'TemplateError')
        expect(result, title).toMatchObject({ reason: 'template-refuses' });
      continue;
    }
    if (result instanceof BedsideError) throw new Error(`${title}: ${result.message}`);
    expect(result.text, title).toBe(given.rendered);
    if (given.contents)
      expect(result.written, title).toEqual(
        given.contents.map(([start, end, message]) => ({ start, end, message })),
      );
  }
}

describe('chat templates as jinja2 renders them, with the places of what was written', () => {
  it.each(Object.entries(ownTemplates))('%s', check);
});

describe.skipIf(!allTemplates)('templates of published models (needs BEDSIDE_DATA)', () => {
  it.each(Object.entries(allTemplates ?? { none: { template: '', cases: [] } }))('%s', check);
});

function differences({ context, snippets: pieces }: Snippets): string[] {
  return pieces.flatMap(({ template, rendered, raises }) => {
    const result = render(template, context);
    const isEqual = result instanceof BedsideError ? rendered === undefined : result.text === rendered;
    const got = result instanceof BedsideError ? `refused: ${result.message}` : JSON.stringify(result.text);
    return isEqual ? [] : [`${template} gives ${got}, in Python ${JSON.stringify(rendered ?? raises)}`];
  });
}

it('pieces of templates give what Python gives', () => {
  expect(differences(snippets)).toEqual([]);
});

it('random templates give what Python gives, and raise where it raises', () => {
  expect(pythonProbes.snippets.length).toBeGreaterThan(1500);
  expect(differences(pythonProbes)).toEqual([]);
});

it.each(refusedConstructs)('$construct is refused by name', ({ template, construct }) => {
  expect(render(template, pythonProbes.context)).toMatchObject({
    reason: 'template-construct',
    values: { construct },
  });
});

describe('hostile templates end, in a typed error or within their budget', () => {
  it.each(hostileTemplates)('$name', ({ template }) => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    render(template, hostileContext);
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
