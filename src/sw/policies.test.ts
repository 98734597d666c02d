import { expect, test } from 'vitest';
import { policyFor } from './policies.ts';
import headers from './security-headers.json' with { type: 'json' };

const page = headers['Content-Security-Policy'];
const rules = { airGap: false, modelSources: ['https://huggingface.co', 'https://mirror.example'] };

const directive = (policy: string, name: string) =>
  policy.split('; ').find(each => each.split(' ')[0] === name);

test.each(['/index.html', '/assets/index-D3aRe7lg.js', '/library.worker.js', '/assets/other.worker-Ab1.js'])(
  '%s has the policy of the page',
  path => {
    expect(policyFor(path, rules)).toBe(page);
  },
);

test('the library worker alone may connect to the sources that were allowed, under any path of the site', () => {
  for (const path of ['/assets/library.worker-Ab_1-x.js', '/tools/bedside/assets/library.worker-Ab1.js']) {
    const policy = policyFor(path, rules);
    expect(directive(policy, 'connect-src')).toBe(
      "connect-src 'self' https://huggingface.co https://*.hf.co https://mirror.example",
    );
    expect(directive(policy, 'worker-src')).toBe("worker-src 'none'");
    expect(directive(policy, 'script-src')).toBe("script-src 'self'");
  }
});

test('the engine may connect to nothing, and starts no worker that may', () => {
  const policy = policyFor('/assets/engine.worker-DXIumgna.js', rules);
  expect(directive(policy, 'connect-src')).toBe("connect-src 'none'");
  expect(directive(policy, 'worker-src')).toBe("worker-src 'none'");
  expect(policy).not.toMatch(/https?:/);
});

test('with the air gap on, nobody may connect to another origin', () => {
  for (const name of ['index.html', 'assets/engine.worker-A.js', 'assets/library.worker-A.js']) {
    expect(policyFor(`/${name}`, { ...rules, airGap: true })).not.toMatch(/https?:/);
  }
});
