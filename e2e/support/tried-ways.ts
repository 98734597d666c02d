/**
 * A script for any worker of the site: on the message `{ways, url}` it tries each of the named ways to reach `url`, an
 * origin that is not its own, and answers with how each one ended. Classic and self-contained, because it is written
 * into a copy of the built site under the names that policies go by.
 */
export const workerThatTries = `
  const opened = (target, event) => new Promise((done, failed) => {
    target.addEventListener(event, done);
    target.addEventListener('error', failed);
  });
  const ways = {
    fetch: url => fetch(url + 'fetch'),
    'fetch without cors': url => fetch(url + 'fetch', { mode: 'no-cors' }),
    xhr: url => {
      const request = new XMLHttpRequest();
      request.open('GET', url + 'xhr');
      request.send();
      return opened(request, 'load');
    },
    websocket: url => opened(new WebSocket(url.replace('http', 'ws') + 'websocket'), 'open'),
    eventsource: url => opened(new EventSource(url + 'eventsource'), 'open'),
    webtransport: url => new WebTransport(url.replace('http:', 'https:') + 'webtransport').ready,
    importScripts: async url => importScripts(url + 'importScripts'),
    import: url => import(url + 'import'),
    worker: url => opened(new Worker(url + 'worker'), 'message'),
    'blob worker': url => {
      const text = 'fetch("' + url + 'blob").then(() => postMessage(1), () => { throw 1; })';
      return opened(new Worker(URL.createObjectURL(new Blob([text]))), 'message');
    },
    'nested worker': () => opened(new Worker('library.worker-test.js'), 'message'),
  };
  addEventListener('message', async ({ data }) => {
    const outcomes = {};
    for (const name of data.ways ?? Object.keys(ways)) {
      try { await ways[name](data.url); outcomes[name] = 'open'; } catch { outcomes[name] = 'blocked'; }
    }
    postMessage(outcomes);
  });`;
