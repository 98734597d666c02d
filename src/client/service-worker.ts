import { trustedScriptUrl } from './trusted-script-url.ts';

const controlTimeoutMs = 15_000;

/**
 * `ready`: this page is controlled, so it works offline and a worker started from now on is confined by the
 * security headers even where the host sends none. Start the engine's worker after this settles.
 * `unsupported`: no service workers here, or development. `failed`: the page works, but only with its host.
 */
export type ServiceWorkerState = 'ready' | 'unsupported' | 'failed';

/**
 * Registers the service worker. `onUpdateReady` is called when a newer version waits; its `apply` switches to
 * it and reloads this page. It may be called again (another tab applied it first): the latest `apply` counts.
 */
export async function registerServiceWorker(
  onUpdateReady: (apply: () => void) => void,
): Promise<ServiceWorkerState> {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return 'unsupported';
  try {
    const registration = await navigator.serviceWorker.register(
      trustedScriptUrl(new URL('sw.js', document.baseURI).href),
      { updateViaCache: 'none' },
    );
    watchForUpdates(registration, onUpdateReady);
    await becomeControlled(registration);
    return 'ready';
  } catch (error) {
    console.error('The application could not be stored for offline use:', error);
    return 'failed';
  }
}

function watchForUpdates(
  registration: ServiceWorkerRegistration,
  onUpdateReady: (apply: () => void) => void,
): void {
  const { serviceWorker } = navigator;
  const reload = () => location.reload();

  const offer = (waiting: ServiceWorker) =>
    onUpdateReady(() => {
      serviceWorker.addEventListener('controllerchange', reload, { once: true });
      // The other tab may have applied it meanwhile.
      if (waiting.state === 'activated' || waiting.state === 'redundant') reload();
      else waiting.postMessage({ type: 'apply-update' });
    });

  if (registration.waiting && serviceWorker.controller) offer(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const { installing } = registration;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'installed' && serviceWorker.controller) offer(installing);
    });
  });

  // Another tab applied the update: this page runs on with what it has loaded until its user agrees to reload.
  let wasControlled = serviceWorker.controller !== null;
  serviceWorker.addEventListener('controllerchange', () => {
    if (wasControlled) onUpdateReady(reload);
    wasControlled = true;
  });
}

/** Resolves when the page is under control: at once or after the first install. Rejects if that never happens. */
function becomeControlled(registration: ServiceWorkerRegistration): Promise<void> {
  const { serviceWorker } = navigator;
  if (serviceWorker.controller) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('it did not take control in time')), controlTimeoutMs);
    const onControl = () => {
      clearTimeout(timer);
      resolve();
    };
    serviceWorker.addEventListener('controllerchange', onControl, { once: true });

    // After a forced reload there is an active worker that does not control this page.
    registration.active?.postMessage({ type: 'claim' });
    const { installing } = registration;
    installing?.addEventListener('statechange', () => {
      if (installing.state !== 'redundant') return;
      clearTimeout(timer);
      reject(new Error('its installation failed'));
    });
  });
}
