/**
 * Keeps the application (never weights: those are in IndexedDB) for use without a network, and adds the
 * security headers to everything it serves, which a host may not do.
 */
import { cachePrefix, deleteOtherVersions, type PrecacheEntry, precacheAll } from './precache.ts';
import { routeRequest } from './route.ts';
import { withSecurityHeaders } from './security-headers.ts';

declare const self: ServiceWorkerGlobalScope;
/** Both are written in by the build. */
declare const __PRECACHE__: PrecacheEntry[];
declare const __VERSION__: string;

const { scope } = self.registration;
const cacheName = cachePrefix(scope) + __VERSION__;
const precached = new Set(__PRECACHE__.map(entry => new URL(entry.url, scope).href));

// No skipWaiting here: a page that is answering keeps the files it started with.
self.addEventListener('install', event => event.waitUntil(precacheAll(__PRECACHE__, scope, cacheName)));

self.addEventListener('activate', event => event.waitUntil(activate()));

async function activate(): Promise<void> {
  const isUpdate = await deleteOtherVersions(scope, cacheName);
  // The first visit is taken over at once, so that its worker is confined and offline use needs no reload.
  if (!isUpdate) await self.clients.claim();
}

self.addEventListener('message', event => {
  if (event.data?.type === 'apply-update') event.waitUntil(self.skipWaiting());
  // A forced reload bypasses the service worker; the page then asks to be taken back.
  if (event.data?.type === 'claim') event.waitUntil(self.clients.claim());
});

self.addEventListener('fetch', event => {
  const route = routeRequest(event.request, scope, precached);
  if (route.from === 'cache') event.respondWith(serveCached(event.request, route.url));
  if (route.from === 'network') event.respondWith(serveFromNetwork(event.request));
});

async function serveCached(request: Request, url: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  // The browser may have dropped the cache under storage pressure.
  return withSecurityHeaders((await cache.match(url)) ?? (await fetch(request)));
}

async function serveFromNetwork(request: Request): Promise<Response> {
  try {
    return withSecurityHeaders(await fetch(request));
  } catch (error) {
    // An address that is no page of ours: better the application than the browser's offline page.
    if (request.mode === 'navigate') return Response.redirect(scope);
    throw error;
  }
}
