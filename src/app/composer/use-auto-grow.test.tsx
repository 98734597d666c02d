// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fieldDirection } from './field-direction.ts';
import { useAutoGrow } from './use-auto-grow.ts';

let measured: number[];

beforeEach(() => {
  measured = [];
  vi.spyOn(HTMLTextAreaElement.prototype, 'scrollHeight', 'get').mockImplementation(function (
    this: HTMLTextAreaElement,
  ) {
    measured.push(this.value.length);
    return 20 + this.value.length;
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function Field() {
  const [text, setText] = useState('');
  return <textarea ref={useAutoGrow(text)} value={text} onChange={event => setText(event.target.value)} />;
}

const field = () => screen.getByRole<HTMLTextAreaElement>('textbox');
const type = (value: string) => fireEvent.change(field(), { target: { value } });

test('a short text is measured, and the field is as high as it', () => {
  render(<Field />);
  type('a'.repeat(40));
  expect(field().style.height).toBe('60px');
  type('a'.repeat(1000));
  expect(field().style.height).toBe('220px');
  type('');
  expect(field().style.height).toBe('20px');
});

test('of a paste of 200,000 characters, and of each key after it, nothing is measured', () => {
  render(<Field />);
  measured = [];
  type('a'.repeat(200_000));
  for (let key = 1; key <= 5; key++) type('a'.repeat(200_000 + key));
  expect(measured).toEqual([]);
  expect(field().style.height).toBe('220px');
});

test('where the browser sizes the field by its content, nothing is measured at all', () => {
  vi.stubGlobal('CSS', {
    supports: (name: string, value: string) => name === 'field-sizing' && value === 'content',
  });
  render(<Field />);
  type('a');
  expect(measured).toEqual([]);
  expect(field().style.height).toBe('');
});

test.each([
  ['', 'auto'],
  ['Headache', 'auto'],
  ['128 mmol/L '.repeat(2000), 'ltr'],
  [`1. ${'كم '.repeat(5000)}`, 'rtl'],
  [`${'מה '.repeat(5000)}`, 'rtl'],
  [`Headache ${'كم '.repeat(5000)}`, 'ltr'],
  ['1 '.repeat(10_000), 'ltr'],
])('fieldDirection of %#', (text, direction) => {
  expect(fieldDirection(text)).toBe(direction);
});
