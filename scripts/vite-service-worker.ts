import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { build, type Plugin, type ResolvedConfig } from 'vite';
import type { PrecacheEntry } from '../src/sw/precache.ts';

const entry = 'src/sw/sw.ts';
const output = 'sw.js';
/** Weights live in IndexedDB; cards, the catalogue and other small files of a model belong to the shell. */
const maxModelFileBytes = 1024 * 1024;
const versionMark = '@@bedside-version@@';

/**
 * Builds the service worker after everything else is on disk, because it pins the hash of every other file.
 * In development there is none, and the page's policy gives way to the development server's inline scripts.
 */
export function serviceWorker(): Plugin[] {
  let config: ResolvedConfig;
  return [
    {
      name: 'bedside:service-worker',
      apply: 'build',
      configResolved(resolved) {
        config = resolved;
      },
      writeBundle: {
        sequential: true,
        order: 'post',
        async handler() {
          const outDir = resolve(config.root, config.build.outDir);
          const precache = await listPrecache(outDir);
          const code = await buildWorker(config, precache);
          // The version covers the worker's own code too, or a new worker would write into the old one's cache.
          const version = sha256(code).slice(0, 16);
          const script = code.replace(versionMark, version);
          await writeFile(join(outDir, output), script);
          config.logger.info(`${output}: version ${version}, ${precache.length} files precached`);
          // It names the hash of every other file of the application: this one is the fingerprint of them all.
          config.logger.info(`${output}: SHA-256 ${createHash('sha256').update(script).digest('hex')}`);
        },
      },
    },
    {
      name: 'bedside:no-policy-in-development',
      apply: 'serve',
      transformIndexHtml: {
        order: 'pre',
        handler: html =>
          html
            .replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, '')
            // It takes away what the development server's own script defines its error notice with.
            .replace(/<script src="[^"]*confine\.js"><\/script>/, ''),
      },
    },
  ];
}

/** Every file of the built site that a visitor's browser asks for, sorted by name so that builds repeat. */
async function listPrecache(outDir: string): Promise<PrecacheEntry[]> {
  const entries: PrecacheEntry[] = [];
  for (const file of await readdir(outDir, { recursive: true, withFileTypes: true })) {
    const path = join(file.parentPath, file.name);
    const url = relative(outDir, path).split(sep).join('/');
    if (!file.isFile() || !(await isPrecached(url, path))) continue;
    entries.push({ url: encodeURI(url), revision: sha256(await readFile(path)) });
  }
  return entries.sort((a, b) => (a.url < b.url ? -1 : 1));
}

async function isPrecached(url: string, path: string): Promise<boolean> {
  // Hosts read `_headers` and do not serve it: one missing file would fail the whole installation.
  const isForTheHost = url.startsWith('_') || url.split('/').some(part => part.startsWith('.'));
  if (isForTheHost || url === output || url.endsWith('.map')) return false;
  return !url.startsWith('models/') || (await stat(path)).size <= maxModelFileBytes;
}

/** One classic script: module service workers are not everywhere yet. */
async function buildWorker(config: ResolvedConfig, precache: PrecacheEntry[]): Promise<string> {
  const result = await build({
    configFile: false,
    root: config.root,
    logLevel: 'warn',
    publicDir: false,
    define: { __PRECACHE__: JSON.stringify(precache), __VERSION__: JSON.stringify(versionMark) },
    build: {
      write: false,
      target: config.build.target,
      modulePreload: false,
      rollupOptions: { input: join(config.root, entry), output: { format: 'iife', entryFileNames: output } },
    },
  });
  const [built] = [result].flat();
  if (!built || !('output' in built)) throw new Error(`${entry} was not built`);
  const chunk = built.output.find(file => file.type === 'chunk');
  if (!chunk?.code.includes(versionMark)) throw new Error(`${entry} does not use its version`);
  return chunk.code;
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 32);
}
