/**
 * Keeps the application (never weights: those are in IndexedDB) for use without a network, adds the security headers
 * to everything it serves, which a host may not do, and is the gate that the air gap closes.
 */
import { applyUpdate } from './apply-update.ts';
import { confineToOwnOrigin } from './confine.ts';
import type { AirGapAnswer, PageMessage, WorkerMessage } from './messages.ts';
import { readModelSources } from './network-rules.ts';
import { policyFor } from './policies.ts';
import {
  cachePrefix,
  deleteEarlierVersions,
  findInOtherVersion,
  type PrecacheEntry,
  precacheAll,
} from './precache.ts';
import { type Route, routeRequest } from './route.ts';
import { RulesStore } from './rules-store.ts';
import { withSecurityHeaders } from './security-headers.ts';

declare const self: ServiceWorkerGlobalScope;
/** Both are written in by the build. */
declare const __PRECACHE__: PrecacheEntry[];
declare const __VERSION__: string;

confineToOwnOrigin();

const { scope } = self.registration;
const cacheName = cachePrefix(scope) + __VERSION__;
const precached = new Set(__PRECACHE__.map(entry => new URL(entry.url, scope).href));
const rules = new RulesStore(scope);
// Read as soon as the browser starts this worker, so that most events find them.
void rules.load();

self.addEventListener('install', event => event.waitUntil(install()));
self.addEventListener('activate', event => event.waitUntil(activate()));

// No skipWaiting here: a page that is answering keeps the files it started with.
async function install(): Promise<void> {
  const { airGap } = await rules.reload();
  if (airGap) throw new Error('The air gap is on: no new version is stored.');
  await precacheAll(__PRECACHE__, scope, cacheName);
}

async function activate(): Promise<void> {
  // The version before this one may have changed them while this one waited.
  await rules.reload();
  const isUpdate = await deleteEarlierVersions(scope, cacheName, (await pages()).length > 1);
  // The first visit is taken over at once, so that its worker is confined and offline use needs no reload.
  if (!isUpdate) await self.clients.claim();
}

/** Every open page of the application, of whichever version. */
async function pages(): Promise<readonly WindowClient[]> {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return windows.filter(client => client.url.startsWith(scope));
}

self.addEventListener('message', event => {
  const message = event.data as PageMessage;
  const answer = (value: unknown) => event.ports[0]?.postMessage(value);
  // Only a page may change anything.
  if (!(event.source instanceof WindowClient)) return;
  switch (message?.type) {
    case 'claim':
      event.waitUntil(self.clients.claim());
      break;
    case 'apply-update':
      event.waitUntil(pages().then(all => applyUpdate(all, () => self.skipWaiting()).then(answer)));
      break;
    case 'ask-air-gap':
      event.waitUntil(askAirGap().then(answer));
      break;
    case 'set-air-gap':
      event.waitUntil(setAirGap(message.isOn === true).then(answer));
      break;
    case 'set-model-sources':
      event.waitUntil(setModelSources(message.origins).then(answer));
      break;
  }
});

async function askAirGap(): Promise<AirGapAnswer> {
  const { airGap } = await rules.load();
  if (airGap === null) return 'never-set';
  return airGap ? 'on' : 'off';
}

async function setAirGap(isOn: boolean): Promise<boolean> {
  const isStored = await rules.change({ airGap: isOn }).then(
    () => true,
    () => false,
  );
  const { airGap } = await rules.load();
  const news: WorkerMessage = { type: 'air-gap', isOn: airGap === true };
  for (const page of await pages()) page.postMessage(news);
  return isStored;
}

async function setModelSources(origins: unknown): Promise<boolean> {
  const modelSources = readModelSources(origins);
  if (!modelSources) return false;
  return rules.change({ modelSources }).then(
    () => true,
    () => false,
  );
}

self.addEventListener('fetch', event => {
  const route = routeRequest(event.request, scope, precached);
  // Whatever the rules are when they are not known yet: it is answered here, after they are.
  const isOpen = rules.current !== undefined && rules.current.airGap !== true;
  if (route.from !== 'browser' || !isOpen) event.respondWith(respond(event.request, route));
});

async function respond(request: Request, route: Route): Promise<Response> {
  const inForce = await rules.load();
  const { airGap } = inForce;
  const policy = policyFor(new URL(request.url).pathname, inForce);
  const secure = (response: Response) => withSecurityHeaders(response, policy);
  if (route.from === 'cache') {
    const cache = await caches.open(cacheName);
    const stored = await cache.match(route.url);
    if (stored) return secure(stored);
    // The browser may have dropped the cache under storage pressure.
    return airGap ? Response.error() : secure(await fetch(request));
  }
  const older = route.from === 'network' && (await findInOtherVersion(request.url, scope));
  if (older) return secure(older);
  if (airGap) return refuse(request);
  if (route.from === 'browser') return passOn(request);
  try {
    return secure(await fetch(request));
  } catch (error) {
    if (request.mode === 'navigate') return refuse(request);
    throw error;
  }
}

/** An address that is no page of ours: better the application than the browser's offline page. */
function refuse(request: Request): Response {
  return request.mode === 'navigate' ? Response.redirect(scope) : Response.error();
}

/**
 * For the browser to fetch, as if this worker did not exist. Of another origin only the worker that asked has a policy
 * that admits it, not this one: told to ask once more, it finds the rules known and goes past this worker.
 */
function passOn(request: Request): Promise<Response> | Response {
  const isForeign = new URL(request.url).origin !== self.location.origin;
  if (isForeign && request.redirect === 'follow') return Response.redirect(request.url, 307);
  return fetch(request);
}
