import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** Folder with test data that is not part of the repository, or undefined. */
export const dataFolder = process.env.BEDSIDE_DATA || undefined;

/** A model or a golden that is committed. */
export function fixture(path: string): string {
  return join(root, 'test', 'fixtures', path);
}

export const bundledModel = join(root, 'public', 'models', 'nano-chat', 'nano-chat-q8_0.gguf');

/** A file under BEDSIDE_DATA, or undefined where the variable or the file is missing. */
export function dataFile(path: string): string | undefined {
  const file = dataFolder && join(dataFolder, path);
  return file && existsSync(file) ? file : undefined;
}

export function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
