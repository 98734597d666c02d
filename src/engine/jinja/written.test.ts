import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allTemplates, ownTemplates, referenceNow, variablesOf } from '../../../test/support/jinja.ts';
import { BedsideError } from '../errors.ts';
import { compileJinja } from './jinja-template.ts';
import { type JinjaVariables, type RenderedTemplate, renderJinja } from './render-jinja.ts';

function render(template: string, variables: object): RenderedTemplate {
  return renderJinja(compileJinja(template), variables as JinjaVariables, { now: referenceNow });
}

function renderContents(template: string, ...contents: string[]): RenderedTemplate {
  const messages = contents.map(content => ({ role: 'user', content }));
  return render(template, { messages, add_generation_prompt: true, tools: null, bos_token: '<s>' });
}

/** What is not written, in one. */
function ownText({ text, written }: RenderedTemplate): string {
  let own = '';
  let at = 0;
  for (const { start, end } of written) {
    own += text.slice(at, start);
    at = end;
  }
  return own + text.slice(at);
}

const markup = [
  '<|im_end|>\n',
  '<|im_start|>system\n',
  '[INST]',
  '</think>',
  '<think>',
  '{{ 7 * 7 }}',
  '{% raw %}',
];
const words = [
  'chest pain',
  ' ',
  '\n',
  '\u0085',
  '\ufeff',
  '😀',
  'é',
  '\u001c',
  "'",
  '"',
  '\\',
  '\t',
  'İ',
  'ß',
];

/**
 * Between letters of a script that no template has (Cherokee), so that what is left of a content is known wherever it stands.
 * Its small letters become capitals under `upper`, which still belong to it.
 */
const content = fc
  .array(fc.constantFrom(...markup, ...words), { maxLength: 6 })
  .map(parts => `Ꮳ${parts.join('Ꭰ')}Ꮳ`);
const cherokee = /[\u13a0-\u13fd\uab70-\uabbf]/;

const conversation = fc.tuple(fc.option(content), fc.array(content, { minLength: 1, maxLength: 5 }));

describe('what people wrote never becomes the text of a template', () => {
  it.each(Object.entries(allTemplates ?? ownTemplates))('%s', (_name, template) => {
    const compiled = compileJinja(template.template);
    fc.assert(
      fc.property(conversation, fc.boolean(), ([system, turns], isAsked) => {
        const messages = [
          ...(system === null ? [] : [{ role: 'system', content: system }]),
          ...turns.map((text, i) => ({ role: i % 2 === 0 ? 'user' : 'assistant', content: text })),
        ];
        const given = { name: '', messages: messages as never, add_generation_prompt: isAsked };
        let rendered: RenderedTemplate;
        try {
          rendered = renderJinja(compiled, variablesOf(template, given), { now: referenceNow });
        } catch (error) {
          // Templates may refuse a conversation, for its roles.
          expect(error).toMatchObject({ code: 'unusable-template', reason: 'template-refuses' });
          return;
        }
        expect(ownText(rendered)).not.toMatch(cherokee);
        let at = 0;
        for (const { start, end, message } of rendered.written) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(end).toBeGreaterThan(start);
          at = end;
          const source = messages[message]!.content;
          // Own-filters alone rewrites contents, into capitals and JSON.
          if (!template.template.includes('tojson'))
            expect(source).toContain(rendered.text.slice(start, end));
        }
        expect(at).toBeLessThanOrEqual(rendered.text.length);
      }),
      { numRuns: 60 },
    );
  });
});

describe('operations keep who wrote what', () => {
  const operations = [
    'c',
    'c|trim',
    'c|upper',
    'c|lower',
    'c|title',
    'c|capitalize',
    'c|tojson',
    'c|tojson(ensure_ascii=true)',
    '[c]',
    '{c: c}',
    'c|e',
    'c|safe',
    'c|indent(2, true)',
    'c|replace("Ꭰ", "-")',
    'c|replace("", "-")',
    'c|truncate(9)',
    'c|center(99)',
    'c|list|join("+")',
    'c[::-1]',
    'c[1:]',
    'c.split("Ꭰ")',
    'c.split()|join(" ")',
    'c.splitlines()|join("|")',
    'c.partition("Ꭰ")|join',
    '"%s %r %20s" % (c, c, c)',
    '"{} {:>40} {!r}".format(c, c, c)',
    '"x".join([c, c])',
    'c.join(["a", "b"])',
    'c ~ c',
    'c + c',
    'c * 3',
    'c|urlencode|length',
    'c.swapcase()',
    'c.zfill(50)',
    'c.expandtabs()',
    'messages|tojson(indent=2)',
    'messages',
    'messages[0]|dictsort',
    'messages[0].items()|list',
    '[c, c]|sort|join',
    '[c, c]|unique|join',
    '[c]|map("upper")|join',
    '[c]|batch(2)|list',
    '[c]|groupby(0)|list',
    'messages|map(attribute="content")|join',
    'c|string',
    'c|reverse',
    'c|default("x")',
    'c|first',
    'c|last',
    '[c]|max',
    '{"a": c}|items|list',
    'dict(a=c)',
    'namespace(a=c)',
    'c.removeprefix("Ꮳ")',
    'c|format',
  ];
  const forms = (operation: string) => [
    `{% set c = messages[0].content %}{{ ${operation} }}`,
    `{% set c = messages[0].content %}{% set d %}<{{ ${operation} }}>{% endset %}{{ d }}`,
    `{% macro f(c) %}<{{ ${operation} }}>{% endmacro %}{{ f(messages[0].content) }}`,
    `{% for m in messages %}{% set c = m.content %}{{ ${operation} }}{% endfor %}`,
    `{% set c = '<a>' ~ messages[0].content ~ '</a>' %}{{ ${operation} }}`,
  ];

  it.each(operations)('%s', operation => {
    const templates = forms(operation).map(compileJinja);
    fc.assert(
      fc.property(content, text => {
        for (const template of templates) {
          const variables = { messages: [{ role: 'user', content: text }], add_generation_prompt: true };
          let rendered: RenderedTemplate;
          try {
            rendered = renderJinja(template, variables, { now: referenceNow });
          } catch (error) {
            if (error instanceof BedsideError) return; // A `%` in a text that is a format.
            throw error;
          }
          expect(ownText(rendered)).not.toMatch(cherokee);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('pieces stay with their messages', () => {
    const { text, written } = renderContents(
      "{% for m in messages %}[{{ m.content.split('|')[-1] | trim }}]{% endfor %}",
      'a| one ',
      '|two',
    );
    expect(text).toBe('[one][two]');
    expect(written).toEqual([
      { start: 1, end: 4, message: 0 },
      { start: 6, end: 9, message: 1 },
    ]);
  });

  it('what replaces a part of a written text is written, what replaces the template is not', () => {
    const template = "{{ ('<a>' ~ messages[0].content).replace('a', '<|x|>') }}";
    const { text, written } = renderContents(template, 'bab');
    expect(text).toBe('<<|x|>>b<|x|>b');
    expect(written).toEqual([{ start: 7, end: 14, message: 0 }]);
  });

  it('numbers, names and the role are the template’s own, other fields are not', () => {
    const messages = [{ role: 'user', content: '', name: 'Ꮳ', extra: { Ꮳ: ['Ꮳ', 7, true, null] } }];
    const rendered = render('{{ messages[0].role }} {{ messages[0] }}', {
      messages,
      add_generation_prompt: false,
    });
    expect(rendered.text).toBe(
      "user {'role': 'user', 'content': '', 'name': 'Ꮳ', 'extra': {'Ꮳ': ['Ꮳ', 7, True, None]}}",
    );
    expect(ownText(rendered)).toBe(
      "user {'role': 'user', 'content': '', 'name': '', 'extra': {'': ['', 7, True, None]}}",
    );
  });
});
