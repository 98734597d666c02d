import type { KernelSpec } from '../../device/kernel-spec.ts';
import type { KernelEntry, KernelTarget } from './kernel-entry.ts';
import { allNeeds } from './known-models.ts';
import { kernels } from './registry.ts';

/** Every kind of device for which kernels are compiled differently. */
export const targets: Readonly<Record<string, KernelTarget>> = {
  'GPU with subgroups': { variant: { subgroups: true, f16: true }, isSoftware: false },
  'GPU without subgroups': { variant: { subgroups: false, f16: true }, isSoftware: false },
  'processor, 4 lanes': { variant: { subgroups: true, f16: true, lanes: 4 }, isSoftware: true },
  'processor, 8 lanes': { variant: { subgroups: true, f16: true, lanes: 8 }, isSoftware: true },
  'processor without subgroups': { variant: { subgroups: false, f16: true }, isSoftware: true },
};

/** A pipeline by a name that no other has. */
export interface NamedPipeline {
  name: string;
  spec: KernelSpec;
}

/** Every distinct pipeline that the product can build, on whatever device and for whatever model. */
export function everyPipeline(entries: readonly KernelEntry[] = kernels): NamedPipeline[] {
  const needs = allNeeds();
  const distinct = new Map<string, { spec: KernelSpec; form: string; target: string }>();
  for (const [target, each] of Object.entries(targets)) {
    for (const { form, spec } of entries.flatMap(entry => entry.specs(needs, each))) {
      const key = JSON.stringify([spec.entryPoint, spec.constants, spec.code]);
      if (!distinct.has(key)) distinct.set(key, { spec, form, target });
    }
  }
  const all = [...distinct.values()];
  return all.map(({ spec, form, target }) => {
    const others = all.filter(other => other.spec.label === spec.label);
    const varies = (of: 'form' | 'target') => new Set(others.map(each => each[of])).size > 1;
    const words = [varies('form') ? form : '', varies('target') ? target : ''];
    return { name: [spec.label, ...words].filter(Boolean).join(', '), spec };
  });
}
