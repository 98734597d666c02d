import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const room = new URL('../src/', import.meta.url);
const files = readdirSync(room, { recursive: true, encoding: 'utf8' }).filter(
  name => /\.tsx?$/.test(name) && !/\.test\.tsx?$|^app\/testing\//.test(name),
);

interface Written {
  reason: string;
  /** With the names of what is put in, not the expressions. */
  text: string;
  faults: string[];
}

/** The end of the template, or of the expression in one, that begins before `at`: behind its "`" or "}". */
function endOf(source: string, at: number, closing: '`' | '}'): number {
  for (let i = at; i < source.length; i++) {
    const character = source[i];
    if (character === closing) return i + 1;
    if (character === '\\') i++;
    else if (closing === '`' && source.startsWith('${', i)) i = endOf(source, i + 2, '}') - 1;
    else if (closing === '}' && character === '{') i = endOf(source, i + 1, '}') - 1;
    else if (closing === '}' && character === '`') i = endOf(source, i + 1, '`') - 1;
  }
  throw new Error('a template has no end');
}

function sentencesIn(source: string): Written[] {
  return [...source.matchAll(/\bsentence`/g)].map(({ index, 0: { length } }) => {
    const start = index + length;
    const end = endOf(source, start, '`') - 1;
    const faults: string[] = [];
    const names = new Set<string>();
    let template = '';
    for (let i = start; i < end; i++) {
      if (!source.startsWith('${', i)) {
        template += source[i];
        continue;
      }
      const partEnd = endOf(source, i + 2, '}');
      const part = source.slice(i + 2, partEnd - 1).trim();
      const name = /^\{ (\w+)(?: \}$|: )/.exec(part)?.[1];
      if (name === undefined) faults.push(`${part} has no name`);
      else if (names.has(name)) faults.push(`${name} is the name of two`);
      else names.add(name);
      template += `{${name}}`;
      i = partEnd - 1;
    }
    const [, reason = '', text = ''] = /^([^:]*): (.*)$/s.exec(template) ?? [];
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(reason)) faults.push(`${template} has no reason in front`);
    return { reason, text, faults };
  });
}

/** Reasons that stand in front of different sentences. */
function twice(sentences: readonly Written[]): string[] {
  const texts = new Map<string, string>();
  return sentences.flatMap(({ reason, text }) => {
    const before = texts.get(reason) ?? text;
    texts.set(reason, before);
    return before === text ? [] : [`${reason}: ${before} | ${text}`];
  });
}

const sentences = files.flatMap(name => sentencesIn(readFileSync(new URL(name, room), 'utf8')));

test('every sentence has its reason in front, and a name for each value in it', () => {
  expect(sentences.length).toBeGreaterThan(300);
  expect(sentences.flatMap(({ faults }) => faults)).toEqual([]);
});

test('no reason belongs to two sentences', () => {
  expect(twice(sentences)).toEqual([]);
});

test('which is seen where it is not so', () => {
  // "#" for "$", which stands in no string that is not a template.
  const found = (source: string) => {
    const some = sentencesIn(source.replaceAll('#', '$'));
    return [...some.flatMap(({ faults }) => faults), ...twice(some)];
  };
  expect(found('sentence`one-file: #{{ file }} of #{{ size: inBytes(f(`#{a}`)) }}.`')).toEqual([]);
  expect(found('sentence`one: It ended.`; sentence`one: It ended.`')).toEqual([]);
  expect(found('sentence`one: It ended.`; sentence`one: It broke.`')).toHaveLength(1);
  expect(found('sentence`one: #{{ a }}.`; sentence`one: #{{ b }}.`')).toHaveLength(1);
  expect(found('sentence`It ended.`')).toHaveLength(1);
  expect(found('sentence`It ended: badly.`')).toHaveLength(1);
  expect(found('sentence`one: #{bytes} are needed.`')).toHaveLength(1);
  expect(found('sentence`one: #{{ a: x.size }} or #{{ a: y.size }}.`')).toHaveLength(1);
});
