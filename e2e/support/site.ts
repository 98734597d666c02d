import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type StaticSite, serveStatic } from '../../scripts/serve.mjs';

export const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

export interface Site {
  /** Address of the page, with a trailing slash; the same after a restart. */
  url: string;
  /** The host goes away: connections are cut and the port is closed. */
  stop(): Promise<void>;
  /** The host comes back on the same port. */
  restart(): Promise<void>;
}

/** Serves the built site (or `root`) on a free port. `headers: false` is a host that can set none. */
export async function startSite(
  options: { root?: string; basePath?: string; headers?: boolean | Readonly<Record<string, string>> } = {},
): Promise<Site> {
  const root = options.root ?? dist;
  if (!existsSync(root)) throw new Error(`${root} is missing: run npm run build first`);
  let server: StaticSite | undefined = await serveStatic({ ...options, root, port: 0 });
  const { url, port } = server;
  return {
    url,
    async stop() {
      await server?.close();
      server = undefined;
    },
    async restart() {
      server ??= await serveStatic({ ...options, root, port });
    },
  };
}
