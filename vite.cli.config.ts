import { defineConfig } from 'vite';
import { processorKernels } from './scripts/build-processor.mjs';

// One self-contained file, shaders included; only Node and the npm package `webgpu` stay outside.
export default defineConfig({
  publicDir: false,
  plugins: [processorKernels()],
  build: {
    ssr: 'src/cli/main.ts',
    outDir: 'dist-cli',
    target: 'node20',
    rollupOptions: {
      output: { entryFileNames: 'cli.mjs', codeSplitting: false },
      external: ['webgpu'],
    },
  },
  ssr: { noExternal: true, external: ['webgpu'] },
});
