import type { PatchPost, Post } from '../api/types';

/** The members of a post that the editor changes. */
export interface Fields {
  title: string;
  slug: string;
  locale: string;
  excerpt: string | null;
  body: string;
  category_ids: string[];
  tags: string[];
  byline_ids: string[];
  featured_image_id: string | null;
  seo: { title?: string | null; description?: string | null } | null;
}

export type Member = keyof Fields;

export function fieldsOf(post: Post): Fields {
  const { title, slug, locale, excerpt, body, category_ids, tags, byline_ids, featured_image_id, seo } = post;
  return { title, slug, locale, excerpt, body, category_ids, tags, byline_ids, featured_image_id, seo };
}

export function emptyFields(locale: string): Fields {
  return {
    title: '',
    slug: '',
    locale,
    excerpt: null,
    body: '',
    category_ids: [],
    tags: [],
    byline_ids: [],
    featured_image_id: null,
    seo: null,
  };
}

export function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** Returns the members in which `fields` differs from `base`. */
export function changed(fields: Fields, base: Fields): Partial<Fields> {
  const names = Object.keys(fields) as Member[];
  const entries = names.filter((name) => !isSame(fields[name], base[name])).map((name) => [name, fields[name]]);
  return Object.fromEntries(entries) as Partial<Fields>;
}

/** Returns the body of a request. Empty texts clear a member; an empty slug leaves it to the server. */
export function patchOf(changes: Partial<Fields>): PatchPost {
  const { slug, excerpt, seo, ...rest } = changes;
  const patch: PatchPost = { ...rest };
  if (slug) patch.slug = slug;
  if (excerpt !== undefined) patch.excerpt = excerpt?.trim() ? excerpt : null;
  if (seo !== undefined) {
    const isEmpty = !seo?.title?.trim() && !seo?.description?.trim();
    patch.seo = isEmpty ? null : { title: seo?.title?.trim() ? seo.title : null, description: seo?.description?.trim() ? seo.description : null };
  }
  return patch;
}
