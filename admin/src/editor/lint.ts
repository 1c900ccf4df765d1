import type { Reference } from '../api/types';

/** Something to look at before publishing. */
export interface Finding {
  kind: 'missing_alt' | 'heading_jump' | 'dead_reference' | 'liquid' | 'no_excerpt' | 'empty';
  detail: string;
  line: number | null;
}

/** Checks the rendered text and its references. The server decides what a reference means. */
export function lint(body: string, html: string, references: Reference[], excerpt: string | null): Finding[] {
  const findings: Finding[] = [];
  if (!body.trim()) findings.push({ kind: 'empty', detail: '', line: null });
  const page = new DOMParser().parseFromString(html, 'text/html');
  for (const image of page.querySelectorAll('img')) {
    if (!image.getAttribute('alt')?.trim()) {
      const name = image.getAttribute('src') ?? '';
      findings.push({ kind: 'missing_alt', detail: name, line: lineOf(body, name) });
    }
  }
  let level = 1;
  for (const title of page.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    const next = Number(title.tagName[1]);
    if (next > level + 1) findings.push({ kind: 'heading_jump', detail: title.textContent, line: lineOf(body, title.textContent) });
    level = next;
  }
  for (const { kind, name, line, url } of references) {
    const isUpload = name.startsWith('/media/');
    if (url === null && kind !== 'link' && !isUpload) findings.push({ kind: 'dead_reference', detail: name, line });
  }
  const liquid = /\{%-?\s*\w+|\{\{-?\s*\w+/.exec(page.body.textContent);
  if (liquid) findings.push({ kind: 'liquid', detail: liquid[0], line: lineOf(body, liquid[0]) });
  if (!excerpt?.trim()) findings.push({ kind: 'no_excerpt', detail: '', line: null });
  return findings;
}

function lineOf(body: string, text: string): number | null {
  const at = text ? body.indexOf(text) : -1;
  return at < 0 ? null : body.slice(0, at).split('\n').length;
}

/** The words of a text, without most marks of Markdown. */
export function wordCount(body: string): number {
  return body.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu)?.length ?? 0;
}
