import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const engine = join(import.meta.dirname, '../src/engine');
const sources = readdirSync(engine, { recursive: true, encoding: 'utf8' })
  .map(file => file.replaceAll('\\', '/'))
  .filter(file => file.endsWith('.ts') && !/\.(test|bench)\.ts$/.test(file));

/** Types and objects of WebGPU, and what only they have. */
const webgpu =
  /\bGPU[A-Z]\w+|: GPU\b|\bcreateCommandEncoder\b|\bwriteBuffer\b|\bonSubmittedWorkDone\b|\bcopyBufferToBuffer\b/;

test('the engine names nothing of WebGPU but in its device for it', () => {
  expect(sources.length).toBeGreaterThan(150);
  const naming = sources.filter(file =>
    webgpu.test(withoutComments(readFileSync(join(engine, file), 'utf8'))),
  );
  expect(naming.filter(file => !file.startsWith('gpu/'))).toEqual([]);
  expect(naming).toContain('gpu/device.ts');
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}
