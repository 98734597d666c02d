// The product itself, built anew and served as it is deployed.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, runTool } from '../../scripts/prepare.mjs';
import { serveStatic } from '../../scripts/serve.mjs';

/** @returns {Promise<{url: string, close: () => Promise<void>}>} */
export async function startProductSite() {
  const dist = join('.cache', `bench-${process.pid}`);
  const args = ['build', '--outDir', dist, '--emptyOutDir', '--logLevel', 'error'];
  if ((await runTool('vite', args, { stdio: ['ignore', 2, 2] })) !== 0) throw new Error('The build failed.');
  const site = await serveStatic({ root: join(root, dist), port: 0 });
  return {
    url: site.url,
    async close() {
      await site.close();
      rmSync(join(root, dist), { recursive: true, force: true });
    },
  };
}
