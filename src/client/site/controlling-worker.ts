/** A first visit to a slow host, or on a machine that does much else, is not controlled before all of the application is stored. */
const controlTimeoutMs = 60_000;

/**
 * The service worker that controls this page, as soon as one does: what is asked of it in the first moments of a visit waits for it.
 * Null in a browser without service workers, where none is registered, and where it does not take control within a minute.
 */
export async function controllingWorker(): Promise<ServiceWorker | null> {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return null;
  if (serviceWorker.controller) return serviceWorker.controller;
  const registration = await serviceWorker.getRegistration().catch(() => undefined);
  if (!registration || serviceWorker.controller) return serviceWorker.controller;
  return new Promise(resolve => {
    const settle = () => {
      clearTimeout(timer);
      serviceWorker.removeEventListener('controllerchange', settle);
      resolve(serviceWorker.controller);
    };
    const timer = setTimeout(settle, controlTimeoutMs);
    serviceWorker.addEventListener('controllerchange', settle);
  });
}
