import { expect, test } from 'vitest';
import { modelFolderName } from './model-folder-name.ts';

test.each([
  ['https://hub.test/someone/MiniMonkey/resolve/main/', 'MiniMonkey'],
  ['https://hub.test/someone/MiniMonkey/resolve/e06a7fae/', 'MiniMonkey'],
  ['https://hub.test/models/My%20Model/', 'My Model'],
  ['https://hub.test/models/50%-pruned/', '50%-pruned'],
  ['https://hub.test/resolve/', 'resolve'],
  ['https://hub.test/', 'model'],
])('%s is called %s', (url, name) => expect(modelFolderName(url)).toBe(name));
