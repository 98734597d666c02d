/**
 * Scripts that try, by every way that a browser has, to reach an origin that is not the site's own. As text, because
 * they run in pages, in workers and in service workers; no policy binds what a debugger evaluates, so that they run
 * where nothing of theirs is part of the site.
 */

const common = `
  const opened = (target, event) => new Promise((done, failed) => {
    target.addEventListener(event, done);
    target.addEventListener('error', failed);
  });
  const ways = {
    fetch: url => fetch(url + 'fetch'),
    'fetch without cors': url => fetch(url + 'no-cors', { mode: 'no-cors' }),
    xhr: url => {
      const request = new XMLHttpRequest();
      request.open('GET', url + 'xhr');
      request.send();
      return opened(request, 'load');
    },
    websocket: url => opened(new WebSocket(url.replace('http', 'ws') + 'websocket'), 'open'),
    eventsource: url => opened(new EventSource(url + 'eventsource'), 'open'),
    webtransport: url => new WebTransport(url.replace('http:', 'https:') + 'webtransport').ready,
    import: url => import(url + 'import'),
    worker: url => opened(new Worker(url + 'worker'), 'message'),
    'blob worker': url => {
      const text = 'fetch("' + url + 'blob").then(() => postMessage(1), () => { throw 1; })';
      return opened(new Worker(URL.createObjectURL(new Blob([text]))), 'message');
    },
  };
  // Some neither succeed nor fail: what counts for them is what the other side has seen.
  const soon = attempt => Promise.race([attempt, new Promise((_, late) => setTimeout(late, 2000))]);
  const tryAll = async (url, names = Object.keys(ways)) => {
    const outcomes = await Promise.all(names.map(async name => {
      try { await soon(ways[name](url)); return [name, 'open']; } catch { return [name, 'blocked']; }
    }));
    return Object.fromEntries(outcomes);
  };`;

const ofWorkers = `
  Object.assign(ways, {
    importScripts: async url => importScripts(url + 'importScripts'),
    'nested worker': () => opened(new Worker('library.worker-test.js'), 'message'),
  });`;

const ofPages = `
  const add = (tag, properties, parent = document.head) => {
    const element = Object.assign(document.createElement(tag), properties);
    parent.append(element);
    return opened(element, 'load');
  };
  const link = (url, rel, more = {}) => add('link', { rel, href: url + rel, ...more });
  Object.assign(ways, {
    beacon: async url => { if (!navigator.sendBeacon(url + 'beacon', 'text')) throw 1; },
    'fetch later': async url => fetchLater(url + 'later', { activateAfter: 0 }),
    image: url => add('img', { src: url + 'image' }, document.body),
    picture: url => add('img', { srcset: url + 'srcset 1x' }, document.body),
    video: url => add('video', { src: url + 'video', preload: 'auto' }, document.body),
    'svg image': url => {
      const image = document.createElementNS('http://www.w3.org/2000/svg', 'image');
      const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
      image.setAttribute('href', url + 'svg');
      svg.append(image);
      document.body.append(svg);
      return opened(image, 'load');
    },
    stylesheet: url => link(url, 'stylesheet'),
    prefetch: url => link(url, 'prefetch'),
    prerender: url => link(url, 'prerender'),
    preload: url => link(url, 'preload', { as: 'fetch', crossOrigin: 'anonymous' }),
    modulepreload: url => link(url, 'modulepreload'),
    icon: url => link(url, 'icon'),
    manifest: url => link(url, 'manifest'),
    'speculation rules': url => add('script', {
      type: 'speculationrules',
      textContent: JSON.stringify({ prefetch: [{ source: 'list', urls: [url + 'speculation'] }] }),
    }),
    script: url => add('script', { src: url + 'script' }),
    'css background': url => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('body { background: url(' + url + 'background) }');
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      throw 1;
    },
    font: url => new FontFace('other', 'url(' + url + 'font)').load(),
    frame: url => add('iframe', { src: url + 'frame' }, document.body),
    object: url => add('object', { data: url + 'object' }, document.body),
    embed: url => add('embed', { src: url + 'embed' }, document.body),
    'anchor ping': url => {
      const anchor = Object.assign(document.createElement('a'), { href: '#here', ping: url + 'ping' });
      document.body.append(anchor);
      anchor.click();
      throw 1;
    },
    webrtc: async url => {
      const { hostname, port } = new URL(url);
      const connection = new RTCPeerConnection({ iceServers: [
        { urls: 'stun:' + hostname + ':' + port },
        { urls: 'turn:' + hostname + ':' + port + '?transport=tcp', username: 'u', credential: 'p' },
      ] });
      connection.createDataChannel('out');
      await connection.setLocalDescription(await connection.createOffer());
      await new Promise(done => setTimeout(done, 500));
    },
    'webrtc of a frame': async () => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      new frame.contentWindow.RTCPeerConnection();
    },
  });`;

/** An expression that resolves to how each way ended, by name. */
export const tryFromWorker = (url: string, names?: string[]) =>
  `(async () => {${common}${ofWorkers} return tryAll('${url}', ${JSON.stringify(names)}); })()`;

export const tryFromPage = (url: string) => `(async () => {${common}${ofPages} return tryAll('${url}'); })()`;

/** Ways that take the tab along. Each an expression for a page of its own. */
export const navigations: Readonly<Record<string, (url: string) => string>> = {
  location: url => `location.href = '${url}location'`,
  replace: url => `location.replace('${url}replace')`,
  'meta refresh': url => `{
    const meta = document.createElement('meta');
    Object.assign(meta, { httpEquiv: 'refresh', content: '0;url=${url}refresh' });
    document.head.append(meta);
  }`,
  anchor: url => `Object.assign(document.createElement('a'), { href: '${url}anchor' }).click()`,
  form: url => `{
    const form = Object.assign(document.createElement('form'), { action: '${url}form', method: 'post' });
    document.body.append(form);
    form.submit();
  }`,
  'new window': url => `window.open('${url}window')`,
};

/** The text of a worker that tries the named ways on the message `{ways, url}`, under a name that a policy goes by. */
export const workerThatTries = `${common}${ofWorkers}
  addEventListener('message', async ({ data }) => postMessage(await tryAll(data.url, data.ways)));`;
