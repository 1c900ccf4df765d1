import { Button, Typography } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';

import { post, request } from '../api/client';
import type { Byline } from '../api/types';
import { FormDialog, ListPage, useAction } from './parts';

/** The authors that posts show. */
export default function BylinesPage() {
  const translate = useTranslate();
  const run = useAction();
  const [asked, setAsked] = useState<Byline | 'new' | null>(null);
  const old = asked === 'new' ? null : asked;

  const submit = async ({ name, slug, position, bio }: Record<string, string>) => {
    if (old) {
      const path = `/v1/bylines/${old.id}`;
      const { etag: ifMatch } = await request('GET', path);
      await request('PATCH', path, { ifMatch, body: { name, slug, position: position || null, bio: bio || null } });
    } else {
      await post('/v1/bylines', { name, slug: slug || undefined, position: position || undefined, bio: bio || undefined });
    }
    setAsked(null);
    await run(() => Promise.resolve());
  };

  return (
    <>
      <ListPage<Byline>
        resource="bylines"
        title={translate('nav.bylines')}
        intro={translate('bylines.intro')}
        empty={translate('bylines.empty')}
        actions={
          <Button variant="contained" onClick={() => setAsked('new')}>
            {translate('bylines.create')}
          </Button>
        }
        columns={[
          {
            label: translate('pages.name'),
            render: ({ name, slug }) => (
              <>
                <Typography variant="subtitle1">{name}</Typography>
                <Typography variant="caption" sx={{ color: 'text.secondary' }}>
                  /{slug}
                </Typography>
              </>
            ),
          },
          { label: translate('bylines.position'), render: ({ position }) => position ?? '–' },
        ]}
        rowActions={(byline) => (
          <Button size="small" onClick={() => setAsked(byline)} aria-label={`${translate('ra.action.edit')}: ${byline.name}`}>
            {translate('ra.action.edit')}
          </Button>
        )}
      />
      {asked && (
        <FormDialog
          title={translate(old ? 'ra.action.edit' : 'bylines.create')}
          submit={translate(old ? 'ra.action.save' : 'ra.action.create')}
          fields={[
            { name: 'name', label: translate('pages.name'), required: true, initial: old?.name },
            { name: 'slug', label: translate('details.slug'), initial: old?.slug },
            { name: 'position', label: translate('bylines.position'), initial: old?.position ?? '' },
            { name: 'bio', label: translate('bylines.bio'), type: 'multiline', initial: old?.bio ?? '' },
          ]}
          onSubmit={submit}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}
