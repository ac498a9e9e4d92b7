/** HTML that is ready: everything that came from elsewhere is escaped in it. */
export interface Html {
  readonly html: string;
}

type Part = string | number | Html | readonly Html[];

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function written(part: Part): string {
  if (typeof part === 'number') return `${part}`;
  if (typeof part === 'string') return part.replace(/[&<>"]/g, (sign) => ESCAPES[sign] ?? sign);
  return 'html' in part ? part.html : part.map(written).join('');
}

/** A template whose texts are escaped; pieces of HTML and lists of them go in as they are. */
export function html(texts: TemplateStringsArray, ...parts: Part[]): Html {
  return { html: texts.map((text, at) => text + written(parts[at] ?? '')).join('') };
}

/** Words with `code` in them. */
export function words(text: string): Html {
  const pieces = text.split('`');
  return html`${pieces.map((piece, at) => (at % 2 === 1 ? html`<code>${piece}</code>` : html`${piece}`))}`;
}
