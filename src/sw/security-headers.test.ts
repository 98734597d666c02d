import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hostingFiles } from '../../scripts/hosting.mjs';
import compute from './compute-policy.json' with { type: 'json' };
import headers from './security-headers.json' with { type: 'json' };
import { withSecurityHeaders } from './security-headers.ts';

const policy = headers['Content-Security-Policy'];

test('adds every header and keeps status, body and type', async () => {
  const original = new Response('body', {
    status: 203,
    headers: { 'Content-Type': 'text/css', 'X-Own': '1' },
  });
  const secured = withSecurityHeaders(original, policy);
  for (const [name, value] of Object.entries(headers)) expect(secured.headers.get(name)).toBe(value);
  expect(secured.headers.get('X-Own')).toBe('1');
  expect(secured.headers.get('Content-Type')).toBe('text/css');
  expect(secured.status).toBe(203);
  expect(await secured.text()).toBe('body');
});

test('replaces a weaker policy of the host', () => {
  const original = new Response('', { headers: { 'Content-Security-Policy': 'default-src *' } });
  expect(withSecurityHeaders(original, policy).headers.get('Content-Security-Policy')).toBe(policy);
});

test('a response without a body stays without one', () => {
  expect(withSecurityHeaders(new Response(null, { status: 304 }), policy).body).toBeNull();
});

test('an error response, which cannot be rebuilt, is handed on', () => {
  const error = Response.error();
  expect(withSecurityHeaders(error, policy)).toBe(error);
});

test('the policy admits no other origin and no inline script', () => {
  expect(policy).toMatch(/^default-src 'none';/);
  expect(policy).not.toMatch(/https?:|\*|unsafe/);
});

test('the page carries the same policy, without the directive that a page may not set', () => {
  const page = readFileSync('index.html', 'utf8');
  const inPage = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(page)?.[1];
  const allowed = policy.split('; ').filter(directive => !directive.startsWith('frame-ancestors'));
  expect(inPage).toBe(allowed.join('; '));
});

const hosts = Object.entries(hostingFiles(headers, compute));

test.each(hosts)('%s is what scripts/hosting.mjs makes of the headers', (path, text) => {
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test.each(hosts)('%s sends every header, and the scripts that compute their own policy', (_, text) => {
  const written = text.replaceAll('\\"', '"');
  for (const [name, value] of Object.entries(headers)) {
    expect(written.toLowerCase()).toContain(name.toLowerCase());
    expect(written).toContain(value);
  }
  const [before, after, ...rest] = written.split(compute['Content-Security-Policy']);
  expect(before).toContain(compute.folder);
  expect(rest).toEqual([]);
  expect(before + after!).not.toContain('unsafe');
});

test('the function for CloudFront gives each file its policy', () => {
  const { 'hosting/cloudfront-function.js': code } = Object.fromEntries(hosts);
  const handler = new Function(`${code}; return handler;`)();
  const policyOf = (uri: string) =>
    handler({ request: { uri }, response: { headers: {} } }).headers['content-security-policy'].value;
  expect(policyOf(`/${compute.folder}/engine.worker-A.js`)).toBe(compute['Content-Security-Policy']);
  for (const uri of ['/', '/assets/library.worker-A.js', '/sw.js']) expect(policyOf(uri)).toBe(policy);
});
