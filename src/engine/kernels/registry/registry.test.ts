import { describe, expect, it } from 'vitest';
import { precisions } from '../../types/precision.ts';
import { targets } from './every-pipeline.ts';
import type { KernelEntry, KernelTarget, TimingScale } from './kernel-entry.ts';
import { allNeeds, needsOfKnownModels } from './known-models.ts';
import { inOrder, kernelCases, kernelProblems, kernelSpecs, kernels } from './registry.ts';

const gpu: KernelTarget = {
  variant: { subgroups: true, f16: true, gpu: true, subgroupMinSize: 32 },
  isSoftware: false,
};
const scale: TimingScale = { shapes: [{ rows: 512, columns: 2048 }], tokens: [1, 128], contexts: [256] };

describe('every kernel', () => {
  const needs = needsOfKnownModels(precisions);

  it.each(kernels)('$id is compiled, tested and timed, and not for models that do not use it', entry => {
    expect(entry.specs(needs, gpu)).not.toEqual([]);
    expect(entry.problems(needs).map(({ group }) => group)).toContain(entry.group);
    expect(entry.cases(needs, scale).every(({ kernel }) => kernel === entry.id)).toBe(true);
    expect(entry.cases(needs, scale)).not.toEqual([]);
    expect(entry.specs({}, gpu)).toEqual([]);
    expect(entry.problems({})).toEqual([]);
    expect(entry.cases({}, scale)).toEqual([]);
  });

  it.each(kernels)('$id says how each of its kernels computes on a processor, and of no other', entry => {
    const launched = entry.specs(allNeeds(), gpu).map(({ spec }) => spec.kernel);
    expect(Object.keys(entry.processor).sort()).toEqual([...new Set(launched)].sort());
  });

  it('comes after those that its problem rests on', () => {
    const ids = kernels.map(({ id }) => id);
    for (const { id, restsOn } of kernels) {
      for (const other of restsOn) expect(ids.indexOf(other)).toBeLessThan(ids.indexOf(id));
    }
  });

  it('is asked for by one half of a model alone, or by both', () => {
    const { text, vision } = needs;
    const ofText = kernelProblems({ text }).length;
    expect(ofText + kernelProblems({ vision }).length).toBe(kernelProblems(needs).length);
    expect(kernelSpecs({ text }, gpu).length).toBeGreaterThan(ofText);
    expect(
      kernelCases({ vision: { ...vision!, types: [], scored: [] } }, scale).map(({ kernel }) => kernel),
    ).toEqual(expect.arrayContaining(['layer-norm', 'attention-encoder']));
  });

  it('has its labels told apart within a form, so that an error names one', () => {
    for (const entry of kernels) {
      const labels = new Map<string, string>();
      for (const { form, spec } of entry.specs(allNeeds(), gpu)) {
        const key = `${form}\n${spec.label}`;
        const contents = JSON.stringify([spec.entryPoint, spec.constants, spec.code]);
        expect(labels.get(key) ?? contents).toBe(contents);
        labels.set(key, contents);
      }
    }
  });

  // A device without WGSL has nothing else to choose its own kernel by.
  it.each(Object.entries(targets))('has one shader for each name and form, on a %s', (_, target) => {
    const shaders = new Map<string, string>();
    for (const spec of kernelSpecs(allNeeds(), target)) {
      const name = JSON.stringify([spec.kernel, spec.form]);
      const shader = JSON.stringify([spec.entryPoint, spec.constants, spec.code]);
      expect(shaders.get(name) ?? shader, name).toBe(shader);
      shaders.set(name, shader);
    }
  });
});

describe('the order of entries', () => {
  const entry = (id: string, restsOn: string[] = [], group: KernelEntry['group'] = 'language') =>
    ({ ...kernels[0]!, id, group, restsOn }) satisfies KernelEntry;
  const ids = (entries: KernelEntry[]) => inOrder(entries).map(({ id }) => id);

  it('follows groups, and what problems rest on', () => {
    expect(ids([entry('a', ['c']), entry('b'), entry('c'), entry('d', [], 'products')])).toEqual([
      'd',
      'c',
      'a',
      'b',
    ]);
  });

  it('refuses what cannot be followed', () => {
    expect(() => inOrder([entry('a', ['b'])])).toThrow('rests on b, which is no kernel');
    expect(() => inOrder([entry('a', ['b']), entry('b', ['a'])])).toThrow('rests on itself');
    expect(() => inOrder([entry('a'), entry('a')])).toThrow('one id');
  });
});
