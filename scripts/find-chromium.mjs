// Where a Chromium-based browser usually lives.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const onLinux = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/usr/bin/microsoft-edge-stable',
  '/usr/bin/microsoft-edge',
  '/snap/bin/chromium',
];

const onMac = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

function onWindows() {
  const folders = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA];
  const browsers = [
    'Google/Chrome/Application/chrome.exe',
    'Chromium/Application/chrome.exe',
    'Microsoft/Edge/Application/msedge.exe',
  ];
  return folders.filter(Boolean).flatMap(folder => browsers.map(browser => join(folder, browser)));
}

/** Path of the browser: BEDSIDE_CHROMIUM or CHROME_PATH if set, else the first one installed, else undefined. */
export function findChromium() {
  const named = process.env.BEDSIDE_CHROMIUM || process.env.CHROME_PATH;
  if (named) return existsSync(named) ? named : undefined;
  const usual = process.platform === 'darwin' ? onMac : process.platform === 'win32' ? onWindows() : onLinux;
  return usual.find(path => existsSync(path));
}
