// Makes scripts/new-names.json: the names of the web platform that a browser of the floor (src/engine/browsers.ts) may not
// know, from MDN's table of browsers (npm @mdn/browser-compat-data, CC0). Run again when the floor or the table is newer:
//   npm pack @mdn/browser-compat-data && tar -xzf mdn-browser-compat-data-*.tgz && node scripts/list-new-names.mjs package/data.json
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prepare.mjs';

const table = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const floor = readFloor();

const known = new Set();
const found = { globals: [], statics: [], members: [], attributes: [], css: [] };
const list = (kind, name, feature) =>
  isNew(feature) ? found[kind].push(name) : known.add(`${kind} ${name}`);

for (const [owner, members] of [...Object.entries(table.api), ...Object.entries(table.javascript.builtins)]) {
  // WebGPU is what the page asks for before all else.
  if (/^(GPU|WGSL)/.test(owner)) continue;
  // What is a global's own is listed as one.
  const isScope = /^(Window|WorkerGlobalScope|globals)$/.test(owner);
  if (members.__compat && !isScope) list('globals', owner, members);
  for (const [key, feature] of Object.entries(members)) {
    if (!feature.__compat || key === owner || key.includes(' ')) continue;
    const [, name, kind] = /^@?(\w+?)(_static|_event)?$/.exec(key) ?? [];
    if (!name || kind === '_event') continue;
    if (isScope) list('globals', name, feature);
    // Of the language's own objects the table does not say which members are static.
    const isLanguage = owner in table.javascript.builtins;
    if (kind === '_static' || isLanguage) list('statics', `${owner}.${name}`, feature);
    if (kind !== '_static') list('members', name, feature);
  }
}
for (const [name, feature] of Object.entries(table.html.global_attributes)) list('attributes', name, feature);
for (const attributes of Object.values(table.html.elements)) {
  for (const [name, feature] of Object.entries(attributes)) list('attributes', name, feature);
}
for (const [name, feature] of Object.entries(table.css.properties)) {
  list('css', name, feature);
  for (const [value, each] of Object.entries(feature)) list('css', `${name}: ${value}`, each);
}
for (const [name, feature] of Object.entries(table.css['at-rules'])) list('css', `@${name}`, feature);
for (const [name, feature] of Object.entries(table.css.selectors)) list('css', `:${name}`, feature);
for (const [type, feature] of Object.entries(table.css.types)) {
  list('css', `${type}()`, feature);
  for (const [name, each] of Object.entries(feature)) list('css', `${name}()`, each);
}

const names = Object.fromEntries(
  // A name that something older has too says nothing without types: the compiler's library (ES2023) holds those of the language.
  Object.entries(found).map(([kind, all]) => [
    kind,
    [...new Set(all)].filter(name => !known.has(`${kind} ${name}`)).sort(),
  ]),
);
const source = `@mdn/browser-compat-data ${table.__meta.version}`;
writeFileSync(
  join(root, 'scripts/new-names.json'),
  `${JSON.stringify({ source, floor, ...names }, null, 1)}\n`,
);

function isNew({ __compat: compat }) {
  if (!compat) return false;
  return Object.entries(floor).some(([browser, version]) => !supports(compat.support[browser], version));
}

function supports(statements, version) {
  return [statements ?? []]
    .flat()
    .some(({ version_added: added, version_removed: removed, flags, prefix }) => {
      if (flags || prefix || !added || added === 'preview') return false;
      const since = Number.parseFloat(String(added).replace('≤', ''));
      return since <= version && !(removed && Number.parseFloat(removed) <= version);
    });
}

function readFloor() {
  const source = readFileSync(join(root, 'src/engine/browsers.ts'), 'utf8');
  const [, fields] = /browserFloor = \{([^}]*)\}/.exec(source);
  return Object.fromEntries(
    [...fields.matchAll(/(\w+): '?([\d.]+)'?/g)].map(([, browser, version]) => [browser, Number(version)]),
  );
}
