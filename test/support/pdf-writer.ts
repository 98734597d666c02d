/** Small PDF files for tests: pages of text that lies where it is put. ISO 32000-1, as little of it as a page needs. */

export interface WrittenText {
  text: string;
  /** In points from the lower left corner. */
  x: number;
  y: number;
  size?: number;
}

export interface PdfOptions {
  /** What the codes of the font mean, by code (ToUnicode). */
  meanings?: Readonly<Record<number, string>>;
  /** Names of glyphs by code, as fonts of LaTeX have their ligatures. */
  differences?: Readonly<Record<number, string>>;
  /** The file claims to be encrypted with a password that nobody has. */
  isEncrypted?: boolean;
}

const encoder = new TextEncoder();

export function writePdf(
  pages: readonly (readonly WrittenText[])[],
  options: PdfOptions = {},
): Uint8Array<ArrayBuffer> {
  const { meanings, differences, isEncrypted = false } = options;
  const encoding = differences
    ? `<< /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [${Object.entries(differences)
        .map(([code, name]) => `${code} /${name}`)
        .join(' ')}] >>`
    : '/WinAnsiEncoding';
  const objects: string[] = [];
  const add = (body: string): number => objects.push(body);
  const catalog = add('<< /Type /Catalog /Pages 2 0 R >>');
  add('');
  const map = meanings && add(stream(toUnicode(meanings)));
  const font = add(
    `<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding ${encoding}${map ? ` /ToUnicode ${map} 0 R` : ''} >>`,
  );
  const kids = pages.map(texts => {
    const content = add(stream(texts.map(show).join('\n')));
    return add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${content} 0 R /Resources << /Font << /F1 ${font} 0 R >> >> >>`,
    );
  });
  objects[1] = `<< /Type /Pages /Count ${kids.length} /Kids [${kids.map(kid => `${kid} 0 R`).join(' ')}] >>`;
  const lock = isEncrypted
    ? add(
        `<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <${'5a'.repeat(32)}> /U <${'a5'.repeat(32)}> >>`,
      )
    : 0;
  return assemble(objects, catalog, lock);
}

function show({ text, x, y, size = 11 }: WrittenText): string {
  const codes = [...text].map(each => (each.codePointAt(0)! & 255).toString(16).padStart(2, '0')).join('');
  return `BT /F1 ${size} Tf 1 0 0 1 ${x} ${y} Tm <${codes}> Tj ET`;
}

const stream = (content: string): string => `<< /Length ${content.length} >>\nstream\n${content}\nendstream`;

function toUnicode(meanings: Readonly<Record<number, string>>): string {
  const lines = Object.entries(meanings).map(([code, text]) => {
    const units = Array.from({ length: text.length }, (_, i) =>
      text.charCodeAt(i).toString(16).padStart(4, '0'),
    );
    return `<${Number(code).toString(16).padStart(2, '0')}> <${units.join('')}>`;
  });
  const blocks: string[] = [];
  for (let at = 0; at < lines.length; at += 100) {
    const block = lines.slice(at, at + 100);
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`);
  }
  return [
    '/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /T def /CMapType 2 def',
    '1 begincodespacerange <00> <ff> endcodespacerange',
    ...blocks,
    'endcmap end end',
  ].join('\n');
}

function assemble(objects: readonly string[], root: number, lock: number): Uint8Array<ArrayBuffer> {
  let file = '%PDF-1.4\n';
  const places = objects.map((body, index) => {
    const at = file.length;
    file += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return at;
  });
  const table = file.length;
  const rows = places.map(at => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`;
  const id = `<${'00'.repeat(16)}>`;
  const locked = lock ? ` /Encrypt ${lock} 0 R /ID [${id} ${id}]` : '';
  file += `trailer\n<< /Size ${objects.length + 1} /Root ${root} 0 R${locked} >>\nstartxref\n${table}\n%%EOF\n`;
  return encoder.encode(file);
}
