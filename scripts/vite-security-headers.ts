import type { Connect, Plugin } from 'vite';
import { headersFor } from './serve.mjs';

/**
 * The headers of the built site under `vite preview`. In development only what isolates the page from other origins, so that
 * threads share memory there too: the policy gives way to the development server's inline scripts.
 */
export function securityHeaders(): Plugin {
  const send = (isSent: (name: string) => boolean): Connect.NextHandleFunction => {
    return (request, response, next) => {
      const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
      for (const [name, value] of Object.entries(headersFor(path))) {
        if (isSent(name)) response.setHeader(name, value);
      }
      next();
    };
  };
  return {
    name: 'bedside:security-headers',
    configureServer(server) {
      server.middlewares.use(send(name => name.startsWith('Cross-Origin-')));
    },
    configurePreviewServer(server) {
      server.middlewares.use(send(() => true));
    },
  };
}
