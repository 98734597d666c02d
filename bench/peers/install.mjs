// Installs the engines that a benchmark compares with, at the versions that package.json pins, where they are missing.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const peersFolder = dirname(fileURLToPath(import.meta.url));

/** llama.cpp compiled for this machine: packages of node-llama-cpp, which would fetch those for CUDA as well. */
const llamaBinaries = {
  'linux-x64': ['linux-x64', 'linux-x64-vulkan'],
  'linux-arm64': ['linux-arm64'],
  'darwin-arm64': ['mac-arm64-metal'],
  'darwin-x64': ['mac-x64'],
  'win32-x64': ['win-x64', 'win-x64-vulkan'],
};

/** @returns {Record<string, string>} the pinned version of each of these packages, all of which are there now */
export function installPeers(...names) {
  const pinned = JSON.parse(readFileSync(join(peersFolder, 'package.json'), 'utf8')).dependencies;
  const binaries = (llamaBinaries[`${process.platform}-${process.arch}`] ?? []).map(
    name => `@node-llama-cpp/${name}`,
  );
  const isThere = (name, version) => {
    try {
      const path = join(peersFolder, 'node_modules', name, 'package.json');
      return JSON.parse(readFileSync(path, 'utf8')).version === version;
    } catch {
      return false;
    }
  };
  const wanted = Object.fromEntries(names.map(name => [name, pinned[name]]));
  if (names.includes('node-llama-cpp')) for (const name of binaries) wanted[name] = pinned['node-llama-cpp'];
  if (!Object.entries(wanted).every(([name, version]) => isThere(name, version))) {
    const args = ['install', '--ignore-scripts', '--omit=optional', '--no-save', '--no-audit', '--no-fund'];
    const exact = binaries.map(name => `${name}@${pinned['node-llama-cpp']}`);
    spawnSync('npm', [...args, '--no-package-lock', ...exact], {
      cwd: peersFolder,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
  }
  const missing = Object.entries(wanted).find(([name, version]) => !isThere(name, version));
  if (missing) throw new Error(`${missing[0]} ${missing[1]} could not be installed in ${peersFolder}.`);
  return wanted;
}
