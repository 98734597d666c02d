import { describe, expect, it } from 'vitest';
import { allTemplates, ownTemplates, referenceNow, variablesOf } from '../../../test/support/jinja.ts';
import { compileJinja } from './jinja-template.ts';
import { type JinjaVariables, renderJinja } from './render-jinja.ts';

const reasonOf = (template: string, content = 'hi'): string => {
  try {
    const variables = {
      messages: [{ role: 'user', content }],
      add_generation_prompt: true,
    } as JinjaVariables;
    renderJinja(compileJinja(template), variables, { now: referenceNow });
    return 'rendered';
  } catch (error) {
    return (error as { code: string; reason: string }).code === 'unusable-template'
      ? (error as { reason: string }).reason
      : String(error);
  }
};

const word = 'word '.repeat(100);
const turns = Array.from({ length: 401 }, (_, i) => ({
  role: i % 2 === 0 ? 'user' : 'assistant',
  content: i % 4 === 3 ? `<think>\nhm\n</think>\n\n${word}` : word,
}));

describe('400 turns of 200 thousand characters are within every bound', () => {
  it.each(Object.entries(allTemplates ?? ownTemplates))('%s', (_name, template) => {
    const given = { name: '', messages: turns as never, add_generation_prompt: true };
    const { text, written } = renderJinja(compileJinja(template.template), variablesOf(template, given), {
      now: referenceNow,
    });
    expect(text.length).toBeGreaterThan(200_000);
    expect(written).toHaveLength(401);
  });

  it('also where a template gathers the prompt in one variable, and looks through all turns for each', () => {
    const template = compileJinja(
      "{% set ns = namespace(s='', n=0) %}{% for m in messages %}{% set ns.s = ns.s + m.role + ': ' + m.content + '\\n' %}" +
        "{% for n in messages %}{% if n.role == 'user' %}{% set ns.n = ns.n + 1 %}{% endif %}{% endfor %}{% endfor %}{{ ns.s }}{{ ns.n }}",
    );
    const { text } = renderJinja(
      template,
      { messages: turns, add_generation_prompt: true },
      { now: referenceNow },
    );
    expect(text).toHaveLength(
      turns.reduce((sum, { role, content }) => sum + role.length + content.length + 3, 0) + 5,
    );
  });
});

describe('what costs too much is refused before it is made', () => {
  it.each(
    [
      ["{{ 'x' * 1000000000 }}", 'template-too-long-running'],
      ["{{ 'x' * 10 ** 20 }}", 'template-too-long-running'],
      ['{{ [1] * 1000000000 }}', 'template-too-long-running'],
      ["{{ '%1000000000d' % 1 }}", 'template-too-long-running'],
      ["{{ '%*d' % (1000000000, 1) }}", 'template-too-long-running'],
      ["{{ '{:1000000000}'.format(1) }}", 'template-too-long-running'],
      ["{{ '%.1000000000f' % 1.5 }}", 'template-too-long-running'],
      ["{{ 'a' | center(1000000000) }}", 'template-too-long-running'],
      ["{{ 'a'.zfill(1000000000) }}", 'template-too-long-running'],
      ["{{ ('\\t' * 99).expandtabs(100000000) }}", 'template-too-long-running'],
      ["{{ [1] | batch(1000000000, 'x') | list }}", 'template-too-long-running'],
      ['{{ [1] | slice(1000000000) | list }}', 'template-too-long-running'],
      ["{{ ('a' * 100000).replace('', 'b' * 10000) }}", 'template-too-long-running'],
      ["{{ ('\\n' * 10000000).splitlines() }}", 'template-too-long-running'],
      ['{{ 2 ** 100000 }}', 'template-too-long-running'],
      ['{{ range(100001) }}', 'template-error'],
      ["{{ 'x' * 1000000 }}", 'template-output-too-large'],
      ["{% for i in range(100000) %}{{ 'x' * 1000 }}{% endfor %}", 'template-output-too-large'],
      ['{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}', 'template-too-long-running'],
      ['{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}', 'template-too-long-running'],
      [
        '{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}',
        'template-too-long-running',
      ],
      [
        "{% set a = 'a' * 9999999 %}{% for i in range(99999) %}{{ 'b' in a }}{% endfor %}",
        'template-too-long-running',
      ],
      [
        '{% set n = namespace(a=[1], b=[1]) %}{% for i in range(90) %}{% set n.a = [n.a, n.a] %}{% set n.b = [n.b, n.b] %}{% endfor %}{{ n.a == n.b }}',
        'template-too-long-running',
      ],
      [
        '{% set n = namespace(a=[]) %}{% for i in range(9999) %}{% set n.a = [n.a] %}{% endfor %}{{ n.a }}',
        'template-too-long-running',
      ],
      [`{{ ${'1 + '.repeat(50_000)}1 }}`, 'template-too-long-running'],
      [`{{ ${'('.repeat(100_000)}1${')'.repeat(100_000)} }}`, 'template-too-long-running'],
      [`{{ ${'not '.repeat(50_000)}1 }}`, 'template-too-long-running'],
      [`{{ 'a'${'|upper'.repeat(30_000)} }}`, 'template-too-long-running'],
      [`{{ a${'.b'.repeat(60_000)} }}`, 'template-too-long-running'],
      ['{% if 1 %}'.repeat(20_000), 'template-too-long-running'],
      ['x'.repeat(256 * 1024 + 1), 'template-too-large'],
      ['x'.repeat(256 * 1024), 'rendered'],
    ].map(([template, reason]) => ({ title: template!.slice(0, 60), template: template!, reason })),
  )('$title', ({ template, reason }) => {
    expect(reasonOf(template)).toBe(reason);
  });

  it('a longer conversation is no worse than a short one', () => {
    const template = "{{ messages[0].content.replace('a', 'a' * 100000) }}";
    expect(reasonOf(template, 'a'.repeat(100_000))).toBe('template-too-long-running');
  });
});

it('a template that refuses says so in its own words, made printable', () => {
  const template = compileJinja("{{ raise_exception('Roles\\n\\u202e must ' ~ 'alternate') }}");
  expect(() =>
    renderJinja(template, { messages: [], add_generation_prompt: true }, { now: referenceNow }),
  ).toThrow(
    expect.objectContaining({ reason: 'template-refuses', values: { said: 'Roles must alternate' } }),
  );
});

it('a missing variable is undefined, and none is not', () => {
  const render = (tools?: null) =>
    renderJinja(
      compileJinja('{{ tools is defined }}{{ bos_token is defined }}{{ tools is none }}'),
      { messages: [], add_generation_prompt: false, tools },
      { now: referenceNow },
    ).text;
  expect(render()).toBe('FalseFalseFalse');
  expect(render(null)).toBe('TrueFalseTrue');
});
