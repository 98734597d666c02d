import type { Plugin } from 'vite';

export const processorSources: readonly string[];
export function buildProcessor(): Promise<void>;
/** Brings dist-processor/ up to date before anything is served, built or tested. */
export function processorKernels(): Plugin;
