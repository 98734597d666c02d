// Finds what is newer than the floor (docs/decisions/018-browser-floor.md) in the sources of the page: names of the web platform
// and of CSS that scripts/new-names.json lists. What is used all the same is asked for first, or does no harm where it is
// unknown: it stands in `asked`, with the reason. Part of `npm test`, as lint. Files may be named as arguments.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseSync } from 'vite';
import { root } from './prepare.mjs';

const names = JSON.parse(readFileSync(join(root, 'scripts/new-names.json'), 'utf8'));
const isNew = Object.fromEntries(
  ['globals', 'statics', 'members', 'attributes', 'css'].map(kind => [kind, new Set(names[kind])]),
);

/** By name, why it may be used. */
const asked = {
  ':-moz-progress-bar': 'each engine has its own name for it, and passes over the others',
  ':-webkit-progress-bar': 'each engine has its own name for it, and passes over the others',
  ':-webkit-progress-value': 'each engine has its own name for it, and passes over the others',
  ClipboardItem: 'asked for by write-clipboard.ts, which writes plain text without it',
  VideoFrame: 'asked for by bitmap-pixels.ts, which has another way',
  copyTo: 'of VideoFrame',
  colorScheme: 'old on styles; new on something else',
  createObjectURL: 'new in service workers only',
  revokeObjectURL: 'new in service workers only',
  displayName: 'React reads it',
  navigation: 'asked for by confine.js',
  requestDevice: 'of WebGPU, which is asked for before all else',
  'content-visibility': 'spares layout where it is known',
  'content-visibility: auto': 'spares layout where it is known',
  'forced-color-adjust': 'where it is unknown no colours are forced',
  'forced-color-adjust: none': 'where it is unknown no colours are forced',
  '@page': 'of print: where it is unknown the browser keeps its own margins',
  orphans: 'of print: where it is unknown a page breaks where it may',
  widows: 'of print: where it is unknown a page breaks where it may',
  'break-after: avoid': 'of print: where it is unknown a page breaks where it may',
  'break-before: avoid': 'of print: where it is unknown a page breaks where it may',
  'box-decoration-break': 'of print: where it is unknown a frame is open at the end of a page',
  'content-visibility: visible': 'spares layout where it is known',
  'field-sizing': 'asked for by use-auto-grow.ts, which measures where it is unknown',
  'field-sizing: content': 'asked for by use-auto-grow.ts, which measures where it is unknown',
  recipient: 'a field of files that ChatGPT exports, and nothing of a browser',
  margin: 'old on styles; new on something else',
  'user-select': "the build adds Safari's prefix",
};

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const files = process.argv.length > 2 ? process.argv.slice(2) : pageSources();
  const texts = files.map(file => [file, readFileSync(file, 'utf8')]);
  // A member that the sources name themselves is theirs: nobody can tell `bytes` from `bytes` without types.
  const own = new Set(texts.flatMap(([file, text]) => ownMembers(file, text)));
  const problems = texts.flatMap(([file, text]) => {
    return findNewNames(relative(root, file), text, own).map(
      ({ line, name }) => `${relative(root, file)}:${line}: ${name}`,
    );
  });
  for (const problem of problems) process.stdout.write(`${problem} is newer than the browser floor\n`);
  process.stdout.write(
    problems.length === 0
      ? `Browser floor: ${files.length} files hold nothing newer\n`
      : `Browser floor: ${problems.length} names are newer (names of ${names.source}); see scripts/check-browsers.mjs\n`,
  );
  process.exitCode = problems.length === 0 ? 0 : 1;
}

function pageSources() {
  const under = folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(name =>
      join(root, folder, name),
    );
  return [...under('src'), ...under('public')]
    .filter(path => /\.(tsx?|js|css)$/.test(path))
    .filter(path => !/\.test\.tsx?$|\/src\/cli\/|\/testing\//.test(path));
}

/** Names of properties and methods that a script gives to its own objects, classes and types. */
export function ownMembers(file, text) {
  if (file.endsWith('.css')) return [];
  const found = [];
  const walk = node => {
    if (Array.isArray(node)) for (const each of node) walk(each);
    else if (node && typeof node === 'object') {
      const { key } = node;
      if (
        /^(Property|PropertyDefinition|MethodDefinition|TS\w+|AccessorProperty)$/.test(node.type) &&
        key?.name
      )
        found.push(key.name);
      for (const child of Object.values(node)) if (child && typeof child === 'object') walk(child);
    }
  };
  walk(parseSync(file, text).program);
  return found;
}

/** The new names in a text of the named kind (its ending says which), in order, but for those that are asked for. */
export function findNewNames(file, text, ownMembers = new Set()) {
  const found = file.endsWith('.css') ? newInCss(text) : newInScript(file, text, ownMembers);
  return found
    .filter(({ name }) => !(name in asked))
    .map(({ at, name }) => ({ line: text.slice(0, at).split('\n').length, name }));
}

function newInScript(file, text, ownMembers) {
  const { program } = parseSync(file, text);
  const own = new Set();
  const found = [];
  const note = (kind, name, at) => isNew[kind].has(name) && found.push({ kind, name, at });
  visit(program, (node, parent, key) => {
    if (node.type === 'Identifier' && declares(parent, key)) own.add(node.name);
    else if (node.type === 'Identifier' && !isLabel(parent, key)) note('globals', node.name, node.start);
    else if (node.type === 'MemberExpression' && !node.computed) {
      const { object, property } = node;
      const owned = `${object.name}.${property.name}`;
      if (object.type === 'Identifier' && isNew.statics.has(owned)) note('statics', owned, property.start);
      else if (!ownMembers.has(property.name)) note('members', property.name, property.start);
      if (/^(window|self|globalThis)$/.test(object.name ?? ''))
        note('globals', property.name, property.start);
    } else if (node.type === 'JSXAttribute' && isElement(parent)) {
      note('attributes', String(node.name.name).toLowerCase(), node.start);
    }
  });
  return found.filter(({ kind, name }) => !/^(globals|statics)$/.test(kind) || !own.has(name.split('.')[0]));
}

function isElement({ name }) {
  return name?.type === 'JSXIdentifier' && /^[a-z]/.test(name.name);
}

/** A name that this file makes itself: of a variable, a parameter, an import, a function or a class. */
function declares(parent, key) {
  return (
    (parent.type === 'VariableDeclarator' && key === 'id') ||
    /^Import\w*Specifier$/.test(parent.type) ||
    (/^(Function|Class|ArrowFunction)/.test(parent.type) && (key === 'id' || key === 'params')) ||
    /^(ArrayPattern|RestElement|AssignmentPattern|CatchClause)$/.test(parent.type) ||
    (parent.type === 'Property' && key === 'value' && parent.shorthand)
  );
}

function isLabel(parent, key) {
  return ((key === 'property' || key === 'key') && !parent.computed) || key === 'label';
}

function visit(node, see, parent = {}, key = '') {
  if (Array.isArray(node)) for (const each of node) visit(each, see, parent, key);
  else if (node && typeof node.type === 'string') {
    // Types are gone from what the browser gets.
    if (/^TS(?!As|NonNull|Satisfies)/.test(node.type)) return;
    see(node, parent, key);
    for (const [name, child] of Object.entries(node)) {
      if (child && typeof child === 'object' && !/^(typeAnnotation|typeArguments|returnType)$/.test(name))
        visit(child, see, node, name);
    }
  }
}

function newInCss(text) {
  const code = text.replace(/\/\*[\s\S]*?\*\/|"[^"]*"|'[^']*'/g, all => ' '.repeat(all.length));
  const found = [];
  const note = (name, at) => isNew.css.has(name) && found.push({ name, at });
  for (const { 1: name, index } of code.matchAll(/(@[a-z-]+)/g)) note(name, index);
  for (const { 1: name, index } of code.matchAll(/([a-z-]+\()/g)) note(`${name})`, index);
  for (const { 1: name, index } of code.matchAll(/::?([a-z-]+)(?=[^;}]*\{)/g)) note(`:${name}`, index);
  for (const { 1: property, 2: value, index } of code.matchAll(
    /(?<=[;{\s])([a-z-]+)\s*:\s*([^;{}]+)(?=[;}])/g,
  )) {
    note(property, index);
    for (const word of value.match(/[a-z-]+(?!\w*\()/g) ?? []) note(`${property}: ${word}`, index);
  }
  return found;
}
