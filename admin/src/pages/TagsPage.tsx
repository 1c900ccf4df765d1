import { Button, Chip } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';

import { post, request } from '../api/client';
import type { Operation, Tag } from '../api/types';
import { FormDialog, ListPage, useOperation } from './parts';

type Row = Tag & { id: string };

/** The tags of published posts. */
export default function TagsPage() {
  const translate = useTranslate();
  const follow = useOperation();
  const [asked, setAsked] = useState<{ kind: 'rename' | 'merge'; tag: string } | null>(null);

  const submit = async (values: Record<string, string>) => {
    if (!asked) return;
    const path = `/v1/tags/${encodeURIComponent(asked.tag)}`;
    const operation =
      asked.kind === 'rename'
        ? (await request<Operation>('PATCH', path, { body: { name: values.target } })).data
        : await post<Operation>(`${path}/merge`, { into: values.target });
    setAsked(null);
    follow(operation);
  };

  return (
    <>
      <ListPage<Row>
        resource="tags"
        title={translate('nav.tags')}
        intro={translate('tags.intro')}
        empty={translate('tags.empty')}
        columns={[
          { label: translate('posts.filter_tag'), render: ({ tag }) => <strong>#{tag}</strong> },
          { label: translate('posts.title'), render: ({ post_count }) => <Chip size="small" label={translate('pages.posts', { smart_count: post_count })} /> },
        ]}
        rowActions={({ tag }) =>
          (['rename', 'merge'] as const).map((kind) => (
            <Button key={kind} size="small" onClick={() => setAsked({ kind, tag })} aria-label={`${translate(`tags.${kind}`)}: ${tag}`}>
              {translate(`tags.${kind}`)}
            </Button>
          ))
        }
      />
      {asked && (
        <FormDialog
          title={`${translate(`tags.${asked.kind}`)}: #${asked.tag}`}
          text={translate(`tags.text_${asked.kind}`)}
          submit={translate(`tags.${asked.kind}`)}
          fields={[{ name: 'target', label: translate(`tags.target_${asked.kind}`), required: true }]}
          onSubmit={submit}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}
