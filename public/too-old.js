// Says that a browser is too old, in that browser: a classic script in old syntax, because what it speaks of cannot run
// there, and a file of its own, because the page's policy admits no inline script. What is asked for are the newest things
// that the page cannot do without; together they are the floor of docs/decisions/018-browser-floor.md.
(function () {
  var lacks = [];
  if (typeof URL !== 'function' || !URL.canParse) lacks.push('URL.canParse');
  if (typeof AbortSignal !== 'function' || !AbortSignal.any) lacks.push('AbortSignal.any');
  if (!window.CSS || !CSS.supports || !CSS.supports('color', 'light-dark(red, red)'))
    lacks.push('light-dark()');
  if (lacks.length === 0) return;

  // The page does not start then (src/app/stop-if-too-old.ts), where it could start at all.
  document.documentElement.setAttribute('data-too-old', lacks.join(' '));

  var paragraphs = [
    'Bedside needs Chrome or Edge 123, Firefox 124 or Safari 17.5, or newer. Update this browser, or open this address in another one.',
    'There the processor of this device answers, or faster its GPU, which the page reaches in Chrome or Edge 123 or newer (on Linux 144), Firefox 141 or newer on Windows and 147 on Macs with Apple silicon, or Safari 26 (not tried by us).',
    'Nothing was sent anywhere, and what Bedside has stored in this browser is still there.',
    'What this browser lacks: ' + lacks.join(', ') + '.',
  ];

  function show() {
    var body = document.body;
    while (body.firstChild) body.removeChild(body.firstChild);
    document.title = 'Bedside: this browser is too old';
    var main = document.createElement('main');
    main.id = 'too-old';
    main.setAttribute('role', 'alert');
    main.style.cssText =
      'max-width: 36em; margin: 3em auto; padding: 0 1.5em; font: 18px/1.5 sans-serif; color: #1c1c1c;';
    document.documentElement.style.background = '#fff';
    body.style.background = '#fff';
    add(main, 'h1', 'This browser is too old for Bedside');
    for (var i = 0; i < paragraphs.length; i++) add(main, 'p', paragraphs[i]);
    body.appendChild(main);
  }

  function add(parent, tag, text) {
    var element = document.createElement(tag);
    element.style.margin = '0 0 0.8em';
    if (tag === 'h1') element.style.fontSize = '1.4em';
    element.appendChild(document.createTextNode(text));
    parent.appendChild(element);
  }

  // Before the page's own scripts would run, as those wait for the end of the document.
  document.onreadystatechange = function () {
    if (document.readyState === 'loading') return;
    document.onreadystatechange = null;
    show();
  };
})();
