import type { DataProvider, GetListParams, GetListResult, Identifier, RaRecord } from 'react-admin';

import type { Query } from '../api/client';
import { get, queryString, request } from '../api/client';
import type { Page } from '../api/types';
import { type PostPage, postQuery, postRecords } from './resources';

type Row = Record<string, unknown>;

interface ResourceRules {
  path: string;
  /** The member that identifies a row. */
  id: string;
  query?: (filter: Row) => Query;
  rows?: (page: Page<Row>) => Row[];
}

const RESOURCES: Record<string, Partial<ResourceRules>> = {
  posts: {
    query: (filter) => postQuery(filter),
    rows: (page) => postRecords(page as unknown as PostPage) as unknown as Row[],
  },
  tags: { id: 'tag' },
  unknown: { path: '/v1/redirects/unknown', id: 'path' },
  sessions: { path: '/v1/me/sessions' },
};

function rules(resource: string): Required<ResourceRules> {
  const { path = `/v1/${resource}`, id = 'id', ...rest } = RESOURCES[resource] ?? {};
  const rows = rest.rows ?? ((page: Page<Row>) => page.items);
  const query = rest.query ?? ((filter: Row) => filter as Query);
  return { path, id, query, rows };
}

/** The cursors of the pages of a list that were seen, by its parameters. */
const cursors = new Map<string, (string | null)[]>();

/** Reads a page. The API has cursors: an unknown page is reached from the last known one before it. */
async function list(resource: string, params: GetListParams): Promise<GetListResult> {
  const { page = 1, perPage = 20 } = params.pagination ?? {};
  const { path, id, query, rows } = rules(resource);
  const base = { ...query((params.filter ?? {}) as Row), limit: perPage };
  const key = path + queryString(base);
  const known = page === 1 ? [null] : (cursors.get(key) ?? [null]);
  cursors.set(key, known);
  let at = Math.min(page, known.length);
  for (;;) {
    const answer = await get<Page<Row>>(path, { ...base, cursor: known[at - 1] }, params.signal);
    const next = answer.page.next_cursor;
    if (next) known[at] = next;
    if (at < page && next) {
      at += 1;
      continue;
    }
    const isEnd = at < page;
    const data = isEnd ? [] : rows(answer).map((row) => ({ ...row, id: row[id] as Identifier }));
    return { data, pageInfo: { hasNextPage: !isEnd && answer.page.has_next, hasPreviousPage: page > 1 } };
  }
}

async function one(path: string): Promise<RaRecord> {
  const { data, etag } = await request<RaRecord>('GET', path);
  return { ...data, _etag: etag };
}

/** Returns the changed members: a merge patch. */
function changes(data: Row, previous: Row): Row {
  const changed = Object.entries(data).filter(
    ([name, value]) => !name.startsWith('_') && JSON.stringify(value) !== JSON.stringify(previous[name]),
  );
  return Object.fromEntries(changed.map(([name, value]) => [name, value === '' ? null : value]));
}

/** The types of react-admin leave the type of records to the caller. */
export const dataProvider = {
  supportAbortSignal: true,
  getList: list,
  getManyReference: (resource: string, { target, id, ...params }: GetListParams & { target: string; id: Identifier }) =>
    list(resource, { ...params, filter: { ...(params.filter as Row), [target]: id } }),

  getOne: async (resource: string, { id }: { id: Identifier }) => ({
    data: await one(`${rules(resource).path}/${encodeURIComponent(id)}`),
  }),

  getMany: async (resource: string, { ids }: { ids: Identifier[] }) => {
    if (resource === 'posts') {
      const page = await get<PostPage>('/v1/posts', { status: 'any', ids: ids.join(',') });
      return { data: postRecords(page) };
    }
    const { path } = rules(resource);
    const found = await Promise.all(ids.map((id) => one(`${path}/${encodeURIComponent(id)}`).catch(() => null)));
    return { data: found.filter((record) => record !== null) };
  },

  create: async (resource: string, { data }: { data: Row }) => {
    const { path, id } = rules(resource);
    const answer = await request<Row>('POST', path, { body: data });
    return { data: { ...answer.data, id: answer.data[id], _etag: answer.etag } };
  },

  update: async (
    resource: string,
    { id, data, previousData }: { id: Identifier; data: Row; previousData: Row },
  ) => {
    const answer = await request<RaRecord>('PATCH', `${rules(resource).path}/${encodeURIComponent(id)}`, {
      body: changes(data, previousData),
      ifMatch: previousData._etag as string | undefined,
    });
    return { data: { ...answer.data, _etag: answer.etag } };
  },

  delete: async (resource: string, { id, previousData }: { id: Identifier; previousData?: Row }) => {
    await request('DELETE', `${rules(resource).path}/${encodeURIComponent(id)}`, {
      ifMatch: previousData?._etag as string | undefined,
    });
    return { data: { ...previousData, id } };
  },

  updateMany: () => Promise.reject(new Error('updateMany is not used')),
  deleteMany: () => Promise.reject(new Error('deleteMany is not used')),
} as unknown as DataProvider;
