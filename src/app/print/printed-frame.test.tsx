// @vitest-environment jsdom
import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { medgemmaAnswer } from '../testing/medgemma-answer.ts';
import { PrintedOrigin } from './printed-frame.tsx';

afterEach(cleanup);

test('over a printed answer stands what the terms of its model want said', () => {
  const { answer, notice } = medgemmaAnswer;
  expect(render(<PrintedOrigin message={answer} />).container.textContent).toContain(notice);
  const { identity: _, ...other } = answer;
  expect(render(<PrintedOrigin message={other} />).container.textContent).not.toContain('HAI-DEF');
});
