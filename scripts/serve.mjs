// A small static server for the built site: MIME types, Range, validators and the security headers. Plain Node.
//   node scripts/serve.mjs [folder] [--port N] [--host H] [--base /path/] [--no-headers]
import { createReadStream, readFileSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const readJson = name => JSON.parse(readFileSync(new URL(`../src/sw/${name}`, import.meta.url), 'utf8'));
const securityHeaders = readJson('security-headers.json');
const compute = readJson('compute-policy.json');
const computeFile = new RegExp(compute.file);

/** The security headers of what is served at `path`, by name: the scripts that compute have a policy of their own. */
export function headersFor(path) {
  if (!computeFile.test(path)) return securityHeaders;
  return { ...securityHeaders, 'Content-Security-Policy': compute['Content-Security-Policy'] };
}

const mimeTypes = {
  '.css': 'text/css; charset=utf-8',
  '.gguf': 'application/octet-stream',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/**
 * Serves the files below `root` at `basePath`. Port 0 takes any free port; a taken port rejects with
 * EADDRINUSE. `headers: false` behaves like a host that can set none; an object is what to send instead.
 * @returns {Promise<{url: string, port: number, close: () => Promise<void>}>}
 */
export async function serveStatic({ root, port = 4173, host = '127.0.0.1', basePath = '/', headers = true }) {
  const realRoot = await realpath(root);
  const base = `/${basePath}/`.replace(/\/+/g, '/');
  const server = createServer((request, response) => {
    const sent = headers === true ? headersFor((request.url ?? '/').split('?', 1)[0]) : headers || {};
    for (const [name, value] of Object.entries(sent)) response.setHeader(name, value);
    answer(request, response, realRoot, base).catch(() => {
      if (response.headersSent) response.destroy();
      else plain(response, 500, 'The file could not be read.');
    });
  });
  await new Promise((listening, failed) => {
    server.once('error', failed);
    server.listen(port, host, listening);
  });
  const actualPort = server.address().port;
  const name = host === '127.0.0.1' || host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return {
    url: `http://${name.includes(':') ? `[${name}]` : name}:${actualPort}${base}`,
    port: actualPort,
    close: () =>
      new Promise(closed => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function answer(request, response, root, base) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return plain(response, 405, 'Only GET and HEAD are answered here.');
  }
  const [rawPath, query] = (request.url ?? '/').split(/\?(.*)/s, 2);
  if (`${rawPath}/` === base) return redirect(response, base, query);
  const file = rawPath?.startsWith(base) ? await findFile(root, rawPath.slice(base.length)) : undefined;
  if (!file) return plain(response, 404, 'Not found.');
  if (file.isFolder) return redirect(response, `${rawPath}/`, query);
  sendFile(request, response, file);
}

/** The file a decoded path names, or undefined for anything missing, hidden or outside the root. */
async function findFile(root, rawPath) {
  let path;
  try {
    path = decodeURIComponent(rawPath);
  } catch {
    return undefined;
  }
  const isPlain = path.split('/').every(part => !part.startsWith('.')) && !/[\0\\]/.test(path);
  if (!isPlain) return undefined;
  const wanted = resolve(root, `./${path}`, path === '' || path.endsWith('/') ? 'index.html' : '');
  try {
    // The real path, so that a link inside the root cannot lead out of it.
    const real = await realpath(wanted);
    if (!real.startsWith(root + sep)) return undefined;
    const stats = await stat(real);
    return { path: real, bytes: stats.size, modified: stats.mtime, isFolder: stats.isDirectory() };
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EACCES'].includes(error.code)) return undefined;
    throw error;
  }
}

function sendFile(request, response, file) {
  const etag = `"${file.bytes.toString(16)}-${file.modified.getTime().toString(16)}"`;
  const lastModified = file.modified.toUTCString();
  response.setHeader('ETag', etag);
  response.setHeader('Last-Modified', lastModified);
  response.setHeader('Cache-Control', 'no-cache');
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader(
    'Content-Type',
    mimeTypes[extname(file.path).toLowerCase()] ?? 'application/octet-stream',
  );
  if (isUnchanged(request, etag, lastModified)) return response.writeHead(304).end();

  const ifRange = request.headers['if-range'];
  const rangeApplies = ifRange === undefined || ifRange === etag || ifRange === lastModified;
  const range = rangeApplies ? parseRange(request.headers.range, file.bytes) : undefined;
  if (range === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${file.bytes}`);
    return plain(response, 416, 'That range lies outside the file.');
  }
  const { first, last } = range ?? { first: 0, last: file.bytes - 1 };
  response.statusCode = range ? 206 : 200;
  if (range) response.setHeader('Content-Range', `bytes ${first}-${last}/${file.bytes}`);
  response.setHeader('Content-Length', last - first + 1);
  if (request.method === 'HEAD' || last < first) return response.end();
  // The reader going away half-way is no error of ours; pipeline closes the file either way.
  pipeline(createReadStream(file.path, { start: first, end: last }), response, () => undefined);
}

/** RFC 9110 section 13.2.2: If-None-Match, where present, replaces If-Modified-Since. */
function isUnchanged(request, etag, lastModified) {
  const noneMatch = request.headers['if-none-match'];
  if (noneMatch !== undefined) {
    return noneMatch.split(',').some(tag => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
  }
  const since = Date.parse(request.headers['if-modified-since'] ?? '');
  return Date.parse(lastModified) <= since;
}

/** RFC 9110 section 14.2. A header that is malformed or asks for several ranges is ignored, as it may be. */
function parseRange(header, bytes) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  if (match[1] === '') {
    const count = Math.min(Number(match[2]), bytes);
    return count === 0 ? 'unsatisfiable' : { first: bytes - count, last: bytes - 1 };
  }
  const first = Number(match[1]);
  const last = match[2] === '' ? bytes - 1 : Math.min(Number(match[2]), bytes - 1);
  if (match[2] !== '' && Number(match[2]) < first) return undefined;
  return first >= bytes ? 'unsatisfiable' : { first, last };
}

function redirect(response, path, query) {
  // A path that starts with two slashes would name another host.
  response.setHeader('Location', path.replace(/^\/+/, '/') + (query ? `?${query}` : ''));
  plain(response, 301, 'Moved.');
}

function plain(response, status, text) {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(`${text}\n`);
}

/** Serves on `port` or the next free one of twenty, says where, and runs until Ctrl-C. */
export async function serveUntilStopped({ port, ...options }) {
  const site = await listenNear(port, options);
  if (port !== 0 && site.port !== port) process.stdout.write(`Port ${port} is taken; using ${site.port}.\n`);
  process.stdout.write(`\n  Bedside is ready: open ${site.url}\n  Ctrl-C stops it.\n\n`);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => site.close().then(() => process.exit(0)));
  }
}

async function listenNear(port, options, attempts = 20) {
  try {
    return await serveStatic({ ...options, port });
  } catch (error) {
    if (error.code !== 'EADDRINUSE' || attempts <= 1) throw error;
    return listenNear(port + 1, options, attempts - 1);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string', default: process.env.PORT ?? '4173' },
      host: { type: 'string', default: process.env.HOST ?? '127.0.0.1' },
      base: { type: 'string', default: '/' },
      'no-headers': { type: 'boolean', default: false },
    },
  });
  await serveUntilStopped({
    root: positionals[0] ?? fileURLToPath(new URL('../dist', import.meta.url)),
    port: Number(values.port),
    host: values.host,
    basePath: values.base,
    headers: !values['no-headers'],
  }).catch(error => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
}
