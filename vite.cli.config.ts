import { defineConfig } from 'vite';

// One self-contained file, shaders included; only Node and the npm package `webgpu` stay outside.
export default defineConfig({
  publicDir: false,
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
