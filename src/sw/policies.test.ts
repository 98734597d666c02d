import { expect, test } from 'vitest';
import compute from './compute-policy.json' with { type: 'json' };
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

test.each(['engine', 'processor-helper', 'quantiser'])(
  '%s.worker may compile, connect to nothing, and start no worker',
  name => {
    const policy = policyFor(`/tools/assets/compute/${name}.worker-DXIumgna.js`, rules);
    expect(directive(policy, 'script-src')).toBe("script-src 'self' 'wasm-unsafe-eval'");
    expect(directive(policy, 'connect-src')).toBe("connect-src 'none'");
    expect(directive(policy, 'worker-src')).toBe("worker-src 'none'");
    expect(policy).not.toMatch(/https?:/);
    // What an earlier version had elsewhere is confined as well.
    expect(policyFor(`/assets/${name}.worker-DXIumgna.js`, rules)).toBe(policy);
  },
);

test('in all else the policy of what computes is that of the page', () => {
  const own = /^(script-src|connect-src|worker-src) /;
  const others = (policy: string) => policy.split('; ').filter(each => !own.test(each));
  expect(others(compute['Content-Security-Policy'])).toEqual(others(page));
});

test('nobody else may compile', () => {
  for (const name of ['index.html', 'assets/index-A.js', 'assets/library.worker-A.js', 'sw.js']) {
    expect(policyFor(`/${name}`, rules)).not.toContain('unsafe');
  }
});

test('with the air gap on, nobody may connect to another origin', () => {
  for (const name of ['index.html', 'assets/engine.worker-A.js', 'assets/library.worker-A.js']) {
    expect(policyFor(`/${name}`, { ...rules, airGap: true })).not.toMatch(/https?:/);
  }
});
