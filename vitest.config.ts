import { availableParallelism } from 'node:os';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { processorKernels } from './scripts/build-processor.mjs';

// What `expect.poll` waits for comes late on a busy machine.
const patient = { poll: { timeout: 30_000 } };

const setupFiles = ['test/support/patience.ts', 'test/support/tell-causes.ts'];

// unit: no GPU and no browser. kernels: Dawn in Node (null backend always, lavapipe where installed).
// e2e: the built site in a real Chromium.
export default defineConfig({
  test: {
    projects: [
      {
        plugins: [react(), processorKernels()],
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.ts',
            'src/**/*.test.tsx',
            'test/**/*.test.ts',
            'bench/*.test.ts',
            'bench/onnx/*.test.ts',
          ],
          exclude: ['src/**/*.gpu.test.ts'],
          environment: 'node',
          setupFiles,
          expect: patient,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // By itself it would leave one of two cores idle.
          maxWorkers: Math.max(2, availableParallelism() - 1),
        },
      },
      {
        plugins: [processorKernels()],
        test: {
          name: 'kernels',
          include: ['src/**/*.gpu.test.ts'],
          environment: 'node',
          testTimeout: 300_000,
          // Before the first test a model is loaded, with all its kernels compiled.
          hookTimeout: 300_000,
          setupFiles,
          expect: patient,
          pool: 'forks',
          // Software drivers compile kernels on one thread each, which is most of what they do here.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          environment: 'node',
          // Longer than one step of it may wait, so that the step is named and not the test alone.
          testTimeout: 480_000,
          hookTimeout: 480_000,
          setupFiles,
          expect: { poll: { timeout: 120_000 } },
          // Much of it waits: for heartbeats, for slow servers, for what must not happen.
          maxWorkers: 2,
        },
      },
    ],
  },
});
