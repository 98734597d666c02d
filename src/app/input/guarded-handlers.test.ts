import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const room = join(import.meta.dirname, '..');
const files = readdirSync(room, { recursive: true, encoding: 'utf8' })
  .filter(name => /\.tsx?$/.test(name) && !/\.test\.|(^|[\\/])testing[\\/]/.test(name))
  .map(name => ({ name, code: withoutComments(readFileSync(join(room, name), 'utf8')) }));

/** The press itself is listened for here. */
const guard = join('input', 'input-method.ts');

/** What listens to keys past the guard, a line each. */
function unguarded(code: string): string[] {
  const isGuarded = (handler: string) =>
    handler.startsWith('handleKey(') ||
    new RegExp(`const ${handler.match(/^\w+/)?.[0]} = handleKey\\(`).test(code);
  return [
    ...code.matchAll(/\bonKey(?:Down|Up|Press)(?:Capture)?(?:=\{|: ?)\s*([\w.(]+)/g),
    ...code.matchAll(/addEventListener\(\s*['"`]key(?:down|up|press)['"`],\s*([\w.(]+)/g),
    ...code.matchAll(/\.onkey(?:down|up|press) = ([\w.(]+)/g),
  ]
    .filter(([, handler = '']) => !isGuarded(handler))
    .map(([found]) => found);
}

/** Forms that an Enter of an input method would submit, dialogs that its Escape would close. */
function unguardedDefaults(code: string): string[] {
  const tags = [
    ['form', 'onSubmit={handleSubmit('],
    ['dialog', 'onCancel={handleCancel('],
  ] as const;
  return tags.flatMap(([tag, handler]) =>
    [...code.matchAll(new RegExp(`<${tag}\\b[\\s\\S]*?(?=\\n\\s*<\\w)`, 'g'))]
      .map(([element]) => element)
      .filter(element => !element.includes(handler)),
  );
}

/** Fields for text without what keeps the text on the device and shows it in its own direction. */
function leakyFields(code: string): string[] {
  return [...code.matchAll(/<(?:textarea|input)\b[\s\S]*?\/>/g)]
    .map(([element]) => element)
    .filter(element => !/type="(?:checkbox|radio|range|file|number)"/.test(element))
    .filter(
      element => !/\{\.\.\.privateText\}/.test(element) || !/\bdir=(?:"|\{fieldDirection\()/.test(element),
    );
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*/g, '$1');
}

describe('what the page listens to', () => {
  test('there are files to look at', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(files.some(({ code }) => code.includes('handleKey('))).toBe(true);
  });

  test('no key handler goes past the guard against input methods', () => {
    const found = files
      .filter(({ name }) => name !== guard)
      .flatMap(({ name, code }) => unguarded(code).map(each => `${name}: ${each}`));
    expect(found).toEqual([]);
  });

  test('no form is submitted and no dialog closed by a key of an input method', () => {
    expect(
      files.flatMap(({ name, code }) => unguardedDefaults(code).map(each => `${name}: ${each}`)),
    ).toEqual([]);
  });

  test('no field for text gives it to a service', () => {
    expect(files.flatMap(({ name, code }) => leakyFields(code).map(each => `${name}: ${each}`))).toEqual([]);
  });

  test.each([
    'onKeyDown={event => {}}',
    'onKeyDown={press}',
    'onKeyUpCapture={press}',
    '{ onKeyPress: press }',
    "document.addEventListener('keydown', press)",
    "document.addEventListener(\n  'keyup',\n  event => press(event),\n)",
    'field.onkeydown = press',
  ])('the guard’s test finds %j', code => {
    expect(unguarded(code)).toHaveLength(1);
  });

  test('and passes what is guarded', () => {
    expect(unguarded('onKeyDown={handleKey(event => {})}')).toEqual([]);
    expect(unguarded("const press = handleKey(() => {});\nx.addEventListener('keydown', press)")).toEqual([]);
  });
});
