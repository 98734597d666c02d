/** Three significant digits, or whole where that is more; never an exponent. */
export function formatNumber(value = Number.NaN): string {
  if (!Number.isFinite(value)) return '-';
  const magnitude = Math.abs(value);
  if (magnitude === 0) return '0';
  const digits = Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(magnitude))));
  return value.toFixed(digits);
}

export function formatPercent(share = Number.NaN): string {
  return Number.isFinite(share) ? `${formatNumber(share * 100)} %` : '-';
}

/** A Markdown table whose columns line up in a terminal: text to the left, what starts with a digit to the right. */
export function formatTable(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const isNumeric = headers.map((_, column) => rows.every(row => /^(-$|-?\d|$)/.test(row[column] ?? '')));
  const widths = headers.map((header, column) =>
    Math.max(3, header.length, ...rows.map(row => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${headers
      .map((_, column) => {
        const cell = cells[column] ?? '';
        return isNumeric[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!);
      })
      .join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (isNumeric[i] ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`;
  return [line(headers), rule, ...rows.map(line)].join('\n');
}
