/** `node write-checkpoint.mjs FOLDER [SIZE as JSON]`: a random checkpoint on disk; see checkpoint.ts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CheckpointSize, makeCheckpoint } from './checkpoint.ts';

const [folder, size] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: write-checkpoint FOLDER [SIZE as JSON]');
mkdirSync(folder, { recursive: true });
const { files } = makeCheckpoint(size === undefined ? {} : (JSON.parse(size) as Partial<CheckpointSize>));
for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
