// What the browser and GPU tests stand on: a Chromium, a Firefox, lavapipe (Mesa's Vulkan on the processor) and Chromium's
// own SwiftShader. Debian, as root, gets what is missing; anywhere else what is there is used and what is
// missing is said, with the command that installs it.
import { existsSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findChromium } from './find-chromium.mjs';
import { findFirefox } from './find-firefox.mjs';
import { run } from './prepare.mjs';

const lavapipeIcd = '/usr/share/vulkan/icd.d/lvp_icd.json';
const vulkanLoaders = [
  '/usr/lib/x86_64-linux-gnu/libvulkan.so.1',
  '/usr/lib/aarch64-linux-gnu/libvulkan.so.1',
  '/usr/lib64/libvulkan.so.1',
  '/usr/lib/libvulkan.so.1',
];
const backports = 'bookworm-backports';

/** Installs what can be installed, then resolves with the environment of the test runs and what is missing. */
export async function prepareTestEnvironment() {
  const debian = readDebianRelease();
  const isRoot = process.getuid?.() === 0;
  if (debian && isRoot) await installOnDebian(debian);

  const chromium = findChromium() ?? '';
  const firefox = findFirefox() ?? '';
  const lavapipe = process.platform === 'linux' && existsSync(lavapipeIcd) ? lavapipeIcd : '';
  const swiftshader = chromium === '' ? '' : findSwiftshader(chromium);
  const missing = [];
  if (chromium === '') missing.push({ what: 'Chromium', suites: ['e2e'], advice: chromiumAdvice(debian) });
  if (firefox === '') missing.push({ what: 'Firefox', suites: ['e2e'], advice: firefoxAdvice(debian) });
  if (process.platform === 'linux' && lavapipe === '') {
    missing.push({ what: 'lavapipe', suites: ['kernels'], advice: lavapipeAdvice(debian) });
  }
  return {
    missing,
    env: {
      BEDSIDE_CHROMIUM: chromium,
      BEDSIDE_FIREFOX: firefox,
      BEDSIDE_LVP_ICD: lavapipe,
      BEDSIDE_SWIFTSHADER_ICD: swiftshader,
      XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR || mkdtempSync(join(tmpdir(), 'bedside-runtime-')),
    },
  };
}

/** The release's code name on Debian itself (its derivatives package Chromium differently), else undefined. */
function readDebianRelease() {
  if (process.platform !== 'linux' || !existsSync('/etc/os-release')) return undefined;
  const text = readFileSync('/etc/os-release', 'utf8');
  if (!/^ID="?debian"?$/m.test(text)) return undefined;
  return /^VERSION_CODENAME="?(\w+)"?$/m.exec(text)?.[1] ?? 'unknown';
}

async function installOnDebian(release) {
  const plain = [];
  const firefox = findFirefox() ? [] : ['firefox-esr'];
  if (!findChromium()) plain.push('chromium');
  if (!vulkanLoaders.some(path => existsSync(path))) plain.push('libvulkan1');
  const mesa = existsSync(lavapipeIcd) ? [] : ['mesa-vulkan-drivers', 'libgbm1'];
  if (plain.length === 0 && mesa.length === 0 && firefox.length === 0) return;

  process.stdout.write(`Installing ${[...plain, ...firefox, ...mesa].join(', ')} ...\n`);
  // bookworm's own Mesa is too old for Dawn.
  const fromBackports = mesa.length > 0 && release === 'bookworm';
  if (fromBackports) await addBackports();
  if ((await apt(['update'])) !== 0)
    process.stdout.write('apt-get update failed; trying with what it knows.\n');
  // One call each: a package that cannot be had must not take the others with it.
  if (plain.length > 0) await apt(['install', ...plain]);
  if (firefox.length > 0) await apt(['install', ...firefox]);
  if (mesa.length > 0) await apt(['install', ...(fromBackports ? ['-t', backports] : []), ...mesa]);
}

function apt([command, ...args]) {
  const options = ['-y', '-q', '-o', 'Acquire::Retries=3', '-o', 'Dpkg::Use-Pty=0'];
  if (command === 'install') options.push('--no-install-recommends');
  return run('apt-get', [command, ...options, ...args], { env: { DEBIAN_FRONTEND: 'noninteractive' } });
}

/** Adds the backports suite beside the mirror that this machine already uses, unless apt knows it. */
async function addBackports() {
  const known = await run('sh', ['-c', `apt-get indextargets --format '$(RELEASE)' | grep -qx ${backports}`]);
  if (known === 0) return;
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  const lines = [
    'Types: deb',
    'URIs: http://deb.debian.org/debian',
    `Suites: ${backports}`,
    'Components: main',
    ...(existsSync(keyring) ? [`Signed-By: ${keyring}`] : []),
  ];
  writeFileSync(`/etc/apt/sources.list.d/${backports}.sources`, `${lines.join('\n')}\n`);
}

/** Chromium ships its software Vulkan driver beside its binary; on Debian that is not where the command is. */
function findSwiftshader(chromium) {
  const folders = ['/usr/lib/chromium', dirname(chromium), dirname(realpathSync(chromium))];
  return folders.map(folder => join(folder, 'vk_swiftshader_icd.json')).find(path => existsSync(path)) ?? '';
}

function chromiumAdvice(debian) {
  if (debian) return 'as root: apt-get update && apt-get install -y chromium';
  if (process.platform === 'darwin') return 'brew install --cask google-chrome, or set CHROME_PATH';
  if (process.platform === 'win32') return 'winget install Google.Chrome, or set CHROME_PATH';
  return "install Chromium or Chrome with the system's package manager, or set CHROME_PATH";
}

function firefoxAdvice(debian) {
  if (debian) return 'as root: apt-get update && apt-get install -y firefox-esr';
  if (process.platform === 'darwin') return 'brew install --cask firefox, or set BEDSIDE_FIREFOX';
  if (process.platform === 'win32') return 'winget install Mozilla.Firefox, or set BEDSIDE_FIREFOX';
  return "install Firefox with the system's package manager, or set BEDSIDE_FIREFOX";
}

function lavapipeAdvice(debian) {
  const install = 'apt-get install -y mesa-vulkan-drivers libgbm1 libvulkan1';
  if (debian === 'bookworm') {
    const source = `deb http://deb.debian.org/debian ${backports} main`;
    const add = `echo '${source}' > /etc/apt/sources.list.d/${backports}.list && apt-get update`;
    return `as root: ${add} && ${install.replace('-y', `-y -t ${backports}`)}`;
  }
  if (debian) return `as root: apt-get update && ${install}`;
  return `install Mesa 24 or newer with lavapipe (mesa-vulkan-drivers), so that ${lavapipeIcd} exists`;
}
