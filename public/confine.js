// Runs before every other script of the page and takes from it what no policy can forbid. Defence in depth: the
// policy is the wall, this narrows the gaps that it has in today's browsers (docs/privacy.md names what is left).
(() => {
  // A host that sends no headers cannot forbid framing, and a frame can be laid invisibly over somebody's clicks.
  if (window.top !== window) {
    window.stop();
    document.documentElement.textContent =
      'Bedside does not run inside another page. Open it in a tab of its own.';
    return;
  }

  const remove = (owner, name) =>
    Object.defineProperty(owner, name, { value: undefined, writable: false, configurable: false });

  // WebRTC connects to any address, and the browsers' policies have no word for it. The other names open a window
  // that has a fresh copy of it, or let the browser fetch by itself.
  const channels =
    'RTCPeerConnection webkitRTCPeerConnection mozRTCPeerConnection RTCIceTransport RTCIceGatherer ' +
    'PresentationRequest documentPictureInPicture open';
  for (const name of channels.split(' ')) remove(window, name);

  // A frame has a fresh copy too, even an empty one that the policy lets pass. This page shows no frames.
  const refused = /^(iframe|frame|frameset|object|embed|fencedframe|portal)$/i;
  const refuse = name => {
    throw new DOMException(`Bedside creates no <${name}>.`, 'NotSupportedError');
  };
  const { createElement, createElementNS } = Document.prototype;
  Document.prototype.createElement = function (tag, options) {
    const name = `${tag}`;
    return refused.test(name) ? refuse(name) : createElement.call(this, name, options);
  };
  Document.prototype.createElementNS = function (namespace, tag, options) {
    const name = `${tag}`;
    const isRefused = refused.test(name.split(':').at(-1));
    return isRefused ? refuse(name) : createElementNS.call(this, namespace, name, options);
  };
  // A class that extends HTMLIFrameElement makes one without asking the document.
  if (window.CustomElementRegistry) remove(CustomElementRegistry.prototype, 'define');

  // No policy stops a script from sending this tab to an address that says what it has read. Links open in a new
  // tab, after the reader has seen the whole address.
  window.navigation?.addEventListener('navigate', event => {
    const { protocol, origin } = new URL(event.destination.url);
    const staysHere = origin === location.origin || protocol === 'blob:' || protocol === 'data:';
    if (!staysHere) event.preventDefault();
  });
})();
