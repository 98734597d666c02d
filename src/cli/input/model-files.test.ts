import { beforeEach, describe, expect, it, vi } from 'vitest';
import { withModelFiles } from './model-files.ts';

const { closed, fileSource } = vi.hoisted(() => {
  const closed: string[] = [];
  const fileSource = async (path: string) => {
    if (path === 'missing') throw new Error('missing');
    return { bytes: 0, read: async () => new Uint8Array(), close: async () => void closed.push(path) };
  };
  return { closed, fileSource };
});
vi.mock('./file-source.ts', () => ({ fileSource }));

describe('the files of a model', () => {
  beforeEach(() => {
    closed.length = 0;
  });

  it('are open while they are used, and closed after', async () => {
    const result = await withModelFiles('text', 'mmproj', async (source, vision) => {
      expect(closed).toEqual([]);
      return [source, vision].filter(Boolean).length;
    });
    expect(result).toBe(2);
    expect(closed).toEqual(['mmproj', 'text']);
  });

  it('may be one', async () => {
    await withModelFiles('text', undefined, async (_, vision) => expect(vision).toBeUndefined());
    expect(closed).toEqual(['text']);
  });

  it('are closed when the second cannot be opened', async () => {
    const use = vi.fn();
    await expect(withModelFiles('text', 'missing', use)).rejects.toThrow('missing');
    expect(use).not.toHaveBeenCalled();
    expect(closed).toEqual(['text']);
  });

  it('are closed when their use fails', async () => {
    const failing = withModelFiles('text', 'mmproj', () => Promise.reject(new Error('no room')));
    await expect(failing).rejects.toThrow('no room');
    expect(closed).toEqual(['mmproj', 'text']);
  });
});
