import { Box, Button, Chip, Typography } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslate } from 'react-admin';

import { post, request } from '../api/client';
import type { Category, Operation } from '../api/types';
import { PageBody } from '../layout/PageBody';
import { PageHeading } from '../layout/PageHeading';
import { allCategories } from '../providers/resources';
import { Empty, FormDialog, useAction, useOperation } from './parts';

type Asked = { kind: 'create'; parent: Category | null } | { kind: 'edit' | 'move' | 'merge' | 'delete'; category: Category };

/** The tree of categories. */
export default function CategoriesPage() {
  const translate = useTranslate();
  const client = useQueryClient();
  const follow = useOperation();
  const run = useAction();
  const [asked, setAsked] = useState<Asked | null>(null);
  const { data = [], isSuccess } = useQuery({ queryKey: ['all', 'categories'], queryFn: allCategories });
  const options = (except: Category, withRoot: boolean) => [
    ...(withRoot ? [{ value: '', label: translate('categories.root') }] : []),
    ...data
      .filter(({ id, path }) => id !== except.id && !path.startsWith(`${except.path}/`))
      .map(({ id, name, path }) => ({ value: id, label: `${'— '.repeat(path.split('/').length - 1)}${name}` })),
  ];

  const reload = () => client.invalidateQueries({ queryKey: ['all', 'categories'] });
  const close = () => setAsked(null);

  const submit = async (values: Record<string, string>) => {
    if (!asked) return;
    if (asked.kind === 'create') {
      await post('/v1/categories', { name: values.name, slug: values.slug || undefined, parent_id: asked.parent?.id });
    } else {
      const path = `/v1/categories/${asked.category.id}`;
      const { etag: ifMatch } = await request('GET', path);
      if (asked.kind === 'edit') await request('PATCH', path, { ifMatch, body: { name: values.name, slug: values.slug } });
      if (asked.kind === 'move') await request('PATCH', path, { ifMatch, body: { parent_id: values.target || null } });
      if (asked.kind === 'merge') follow(await post<Operation>(`${path}/merge`, { into: values.target }, { ifMatch }));
      if (asked.kind === 'delete') {
        const answer = await request<Operation | undefined>('DELETE', path, { ifMatch, query: { reassign_to: values.target } });
        if (answer.data) follow(answer.data);
      }
    }
    close();
    await run(reload);
  };

  return (
    <PageBody width={900}>
      <PageHeading title={translate('nav.categories')}>
        <Button variant="contained" onClick={() => setAsked({ kind: 'create', parent: null })}>
          {translate('categories.create')}
        </Button>
      </PageHeading>
      {isSuccess && data.length === 0 && <Empty text={translate('categories.empty')} />}
      <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0 }}>
        {data.map((category) => (
          <Box
            component="li"
            key={category.id}
            sx={{ pl: (category.path.split('/').length - 1) * 3.5, py: 0.75, borderBottom: 1, borderColor: 'divider', display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1 }}
          >
            <Box sx={{ flex: 1, minWidth: 180 }}>
              <Typography variant="subtitle1" component="span">
                {category.name}
              </Typography>
              <Typography variant="caption" sx={{ color: 'text.secondary', ml: 1 }}>
                /{category.path}
              </Typography>
            </Box>
            <Chip size="small" label={translate('pages.posts', { smart_count: category.post_count })} />
            {(['edit', 'move', 'merge', 'delete'] as const).map((kind) => (
              <Button key={kind} size="small" onClick={() => setAsked({ kind, category })} aria-label={`${translate(`categories.${kind}`)}: ${category.name}`}>
                {translate(`categories.${kind}`)}
              </Button>
            ))}
            <Button size="small" onClick={() => setAsked({ kind: 'create', parent: category })} aria-label={`${translate('categories.add_below')}: ${category.name}`}>
              +
            </Button>
          </Box>
        ))}
      </Box>
      {asked && (
        <FormDialog
          title={asked.kind === 'create' ? translate('categories.create') : `${translate(`categories.${asked.kind}`)}: ${asked.category.name}`}
          text={asked.kind === 'create' ? asked.parent?.name : translate(`categories.text_${asked.kind}`)}
          submit={translate(asked.kind === 'create' ? 'ra.action.create' : `categories.${asked.kind}`)}
          fields={
            asked.kind === 'create' || asked.kind === 'edit'
              ? [
                  { name: 'name', label: translate('pages.name'), required: true, initial: asked.kind === 'edit' ? asked.category.name : '' },
                  { name: 'slug', label: translate('details.slug'), initial: asked.kind === 'edit' ? asked.category.slug : '' },
                ]
              : [
                  {
                    name: 'target',
                    label: translate(asked.kind === 'move' ? 'categories.below' : 'categories.into'),
                    type: 'select',
                    options: options(asked.category, asked.kind === 'move'),
                    initial: asked.kind === 'move' ? (asked.category.parent_id ?? '') : '',
                  },
                ]
          }
          onSubmit={submit}
          onClose={close}
        />
      )}
    </PageBody>
  );
}
