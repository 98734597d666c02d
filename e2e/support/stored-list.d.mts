import type { Page } from 'playwright-core';

export function storeList(page: Page, count: number, turns?: number): Promise<void>;
