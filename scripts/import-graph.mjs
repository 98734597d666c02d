// Who imports whom, between the folders of `src`. Prints each folder with those that it uses; `--check` fails where an import goes
// against the order in scripts/rooms.json, or where folders or files stand in a circle. Part of `npm test`, as lint.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseSync } from 'vite';
import { root } from './prepare.mjs';

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const graph = readImports(join(root, 'src'));
  if (process.argv.includes('--check')) check(graph);
  else
    for (const [folder, used] of byFolder(graph)) process.stdout.write(`${folder}: ${[...used].join(' ')}\n`);
}

function check(graph) {
  const { order } = JSON.parse(readFileSync(join(root, 'scripts/rooms.json'), 'utf8'));
  const problems = [
    ...findArrowsBack(graph, order),
    ...findCircles(byFolder(graph)).map(circle => `folders in a circle: ${circle.join(', ')}`),
    ...findCircles(graph).map(circle => `files in a circle: ${circle.join(', ')}`),
  ];
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  const { length } = problems;
  process.stdout.write(`Imports: ${graph.size} files, ${length === 0 ? 'one way' : `${length} problems`}\n`);
  process.exitCode = length === 0 ? 0 : 1;
}

/** Of the scripts below `folder`, tests and what is made for them left out: path -> paths, relative to `folder`, with '/'. */
export function readImports(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => name.split(sep).join('/'))
    .filter(name => /\.tsx?$/.test(name) && !/\.(test|bench)\.tsx?$|(^|\/)testing\//.test(name))
    .sort();
  const known = new Set(files);
  return new Map(
    files.map(file => {
      const found = importedPaths(file, readFileSync(join(folder, file), 'utf8'));
      return [
        file,
        new Set(found.map(path => posix.join(posix.dirname(file), path)).filter(path => known.has(path))),
      ];
    }),
  );
}

/** What a script imports by a relative path, types and what is loaded later included. */
export function importedPaths(file, text) {
  const found = [];
  const walk = node => {
    if (Array.isArray(node)) for (const each of node) walk(each);
    else if (node && typeof node === 'object') {
      if (/^(Import|Export)\w*Declaration$|^ImportExpression$|^TSImportType$/.test(node.type)) {
        const { value } = node.source ?? node.argument?.literal ?? {};
        if (typeof value === 'string' && value.startsWith('.')) found.push(value);
      }
      for (const child of Object.values(node)) if (child && typeof child === 'object') walk(child);
    }
  };
  walk(parseSync(file, text).program);
  return found;
}

/** Folder -> the other folders of which its own files (not those of folders in it) import something. */
export function byFolder(graph) {
  const folders = new Map();
  for (const [file, imported] of graph) {
    const folder = posix.dirname(file);
    const used = folders.get(folder) ?? new Set();
    for (const path of imported) if (posix.dirname(path) !== folder) used.add(posix.dirname(path));
    folders.set(folder, used);
  }
  return new Map(
    [...folders]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([folder, used]) => [folder, new Set([...used].sort())]),
  );
}

/** Groups of nodes that all lead to one another (Tarjan, "Depth-first search and linear graph algorithms", 1972). */
export function findCircles(graph) {
  const index = new Map();
  const low = new Map();
  const stack = [];
  const circles = [];
  const visit = node => {
    index.set(node, index.size);
    low.set(node, index.get(node));
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node), low.get(next)));
    }
    if (low.get(node) !== index.get(node)) return;
    const circle = stack.splice(stack.indexOf(node));
    if (circle.length > 1) circles.push(circle.sort());
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return circles;
}

/** `order`: groups of folders, the lowest first. A folder uses folders of groups below its own, and no other. */
export function findArrowsBack(graph, order) {
  const level = new Map(order.flatMap((folders, at) => folders.map(folder => [folder, at])));
  const folders = byFolder(graph);
  const problems = [...level.keys()]
    .filter(folder => !folders.has(folder))
    .map(folder => `${folder} is in scripts/rooms.json and holds no script`);
  for (const [folder, used] of folders) {
    if (!level.has(folder)) problems.push(`${folder} has no place in scripts/rooms.json`);
    for (const other of used) {
      if (level.get(other) >= level.get(folder)) {
        const files = [...graph].filter(
          ([file, paths]) =>
            posix.dirname(file) === folder && [...paths].some(path => posix.dirname(path) === other),
        );
        problems.push(
          `${folder} uses ${other}, which is not below it: ${files.map(([file]) => file).join(', ')}`,
        );
      }
    }
  }
  return problems;
}
