// Prints the `file` entry of public/models/catalogue.json for a model file: its size, its SHA-256 and that of each
// chunk. Usage: node scripts/hash-model.mjs FILE [--path ./models/ID/FILE] [--chunk-bytes 8388608]
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { parseArgs } from 'node:util';

const mebibyte = 1024 * 1024;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { path: { type: 'string' }, 'chunk-bytes': { type: 'string', default: String(8 * mebibyte) } },
});
const [file] = positionals;
const chunkBytes = Number(values['chunk-bytes']);
const isAllowed = Number.isInteger(chunkBytes) && chunkBytes >= 8 * mebibyte && chunkBytes <= 64 * mebibyte;
if (positionals.length !== 1 || !isAllowed) {
  console.error('usage: node scripts/hash-model.mjs FILE [--path ./models/ID/FILE] [--chunk-bytes 8388608]');
  console.error('Chunks have 8 to 64 MiB, the sizes that the weight store takes.');
  process.exit(2);
}

const whole = createHash('sha256');
const chunkSha256 = [];
let bytes = 0;
const handle = await open(file);
try {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  for (;;) {
    const filled = await fill(handle, chunk, bytes);
    if (filled === 0) break;
    const data = chunk.subarray(0, filled);
    whole.update(data);
    chunkSha256.push(createHash('sha256').update(data).digest('hex'));
    bytes += filled;
  }
} finally {
  await handle.close();
}

const path = values.path ?? `./models/${basename(dirname(file))}/${basename(file)}`;
console.log(JSON.stringify({ path, bytes, sha256: whole.digest('hex'), chunkBytes, chunkSha256 }, null, 2));

/** Reads until the buffer is full or the file ends; one read may return less than was asked for. */
async function fill(handle, buffer, position) {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
