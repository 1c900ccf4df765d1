import type { Query } from '../api/client';
import { get } from '../api/client';
import type { Byline, Category, Image, Page, PostSummary } from '../api/types';

/** A filter of the list of posts, as in the address of the page. */
export interface PostFilter {
  status?: string;
  category?: string;
  tag?: string[];
  author?: string;
  locale?: string;
  owner?: string;
}

/** A row of the list of posts, with the names of what it refers to. */
export interface PostRecord extends PostSummary {
  _etag: string;
  _owner: string | null;
  _categories: string[];
  _thumbnail: string | null;
}

interface Included {
  categories?: { id: string; name: string }[];
  bylines?: Byline[];
  images?: Image[];
  owners?: { id: string; display_name: string }[];
}

export type PostPage = Page<PostSummary> & { included?: Included };

/** Returns the parameters of the list of posts. Published posts are listed as working copies. */
export function postQuery(filter: PostFilter): Query {
  const status = filter.status ?? 'any';
  return {
    ...filter,
    status,
    view: status === 'published' ? 'working' : undefined,
    sort: status === 'scheduled' ? 'publish_at' : undefined,
    descendants: filter.category ? true : undefined,
    include: 'owner,categories,images',
  };
}

/** The entity tag of a row. `If-Match` compares version and revision only. */
export function postTag({ version, revision }: { version: number; revision: number }): string {
  return `"${version}.${revision}"`;
}

export function postRecords({ items, included = {} }: PostPage): PostRecord[] {
  const owners = new Map(included.owners?.map((owner) => [owner.id, owner.display_name]));
  const categories = new Map(included.categories?.map((category) => [category.id, category.name]));
  const images = new Map(included.images?.map((image) => [image.id, image.url]));
  return items.map((post) => ({
    ...post,
    _etag: postTag(post),
    _owner: owners.get(post.owner_id) ?? null,
    _categories: post.category_ids.flatMap((id) => categories.get(id) ?? []),
    _thumbnail: images.get(post.featured_image_id ?? '') ?? null,
  }));
}

/** Reads all categories: the list has no pages. */
export async function allCategories(): Promise<Category[]> {
  const { items } = await get<{ items: Category[] }>('/v1/categories');
  return items.toSorted((a, b) => a.path.localeCompare(b.path));
}

/** Reads all pages of a list, at most `limit` items. */
export async function all<T>(path: string, query: Query = {}, limit = 1000): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await get<Page<T>>(path, { ...query, limit: 100, cursor });
    items.push(...page.items);
    cursor = page.page.next_cursor;
  } while (cursor && items.length < limit);
  return items;
}
