import CloseIcon from '@mui/icons-material/Close';
import { Autocomplete, Box, Button, Checkbox, Chip, FormControlLabel, FormHelperText, IconButton, Stack, TextField, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslate } from 'react-admin';

import { get } from '../api/client';
import { ApiError } from '../api/problem';
import type { Byline, LivePost, Page, Tag } from '../api/types';
import { all, allCategories } from '../providers/resources';
import type { PostDocument } from './document';
import type { Snapshot } from './snapshot';
import { FeaturedImage } from './FeaturedImage';

interface Props {
  document: PostDocument;
  snapshot: Snapshot;
  readOnly: boolean;
  onClose: () => void;
}

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Everything about a post but its title and text. */
export function DetailsPanel({ document: doc, snapshot, readOnly, onClose }: Props) {
  const translate = useTranslate();
  const { fields, state } = snapshot;
  const errors = state.kind === 'refused' ? state.errors : {};
  const error = (name: string) => (typeof errors[name] === 'string' ? errors[name] : undefined);
  return (
    <Box component="fieldset" disabled={readOnly} sx={{ border: 0, m: 0, p: 2.5, minWidth: 0 }}>
      <Box sx={{ display: 'flex', alignItems: 'center', mb: 2 }}>
        <Typography variant="h2" sx={{ flex: 1 }}>
          {translate('editor.details')}
        </Typography>
        <IconButton onClick={onClose} aria-label={translate('ra.action.close')}>
          <CloseIcon />
        </IconButton>
      </Box>
      <Stack spacing={3}>
        <Section title={translate('details.address')}>
          <SlugInput document={doc} snapshot={snapshot} error={error('slug')} />
          <TextField
            label={translate('details.locale')}
            value={fields.locale}
            error={Boolean(error('locale'))}
            helperText={error('locale')}
            onChange={(event) => doc.edit({ locale: event.target.value.trim() })}
          />
        </Section>
        <Section title={translate('details.summary')}>
          <TextField
            label={translate('details.excerpt')}
            multiline
            minRows={2}
            value={fields.excerpt ?? ''}
            error={Boolean(error('excerpt'))}
            helperText={error('excerpt') ?? translate('details.excerpt_hint', { count: 240 - (fields.excerpt?.length ?? 0) })}
            onChange={(event) => doc.edit({ excerpt: event.target.value.replaceAll('\n', ' ') || null })}
          />
        </Section>
        <Section title={translate('details.image')}>
          <FeaturedImage id={fields.featured_image_id} onChange={(featured_image_id) => doc.edit({ featured_image_id })} />
        </Section>
        <Section title={translate('posts.column_categories')}>
          <CategoryTree chosen={fields.category_ids} onChange={(category_ids) => doc.edit({ category_ids })} />
        </Section>
        <Section title={translate('details.tags')}>
          <TagInput tags={fields.tags} error={error('tags')} onChange={(tags) => doc.edit({ tags })} />
        </Section>
        <Section title={translate('details.bylines')}>
          <BylineInput ids={fields.byline_ids} onChange={(byline_ids) => doc.edit({ byline_ids })} />
        </Section>
        <Section title={translate('details.search')}>
          <SeoInputs document={doc} snapshot={snapshot} />
        </Section>
      </Stack>
    </Box>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Box component="section" aria-label={title}>
      <Typography variant="h3" sx={{ mb: 1.25 }}>
        {title}
      </Typography>
      <Stack spacing={1.75}>{children}</Stack>
    </Box>
  );
}

/** The slug, with a check whether a public post has it. */
function SlugInput({ document: doc, snapshot, error }: { document: PostDocument; snapshot: Snapshot; error?: string }) {
  const translate = useTranslate();
  const { fields, post } = snapshot;
  const slug = useLater(fields.slug);
  const isWellFormed = slug === '' || SLUG.test(slug);
  const check = useQuery({
    queryKey: ['slug', slug, fields.locale],
    enabled: slug !== '' && isWellFormed && slug !== post?.live?.slug,
    staleTime: 10_000,
    retry: false,
    queryFn: async ({ signal }) => {
      try {
        const found = await get<LivePost>(`/v1/posts/by-slug/${slug}`, { locale: fields.locale }, signal);
        return found.id === post?.id ? 'own' : 'taken';
      } catch (problem) {
        if (problem instanceof ApiError && [404, 410].includes(problem.status)) return 'free';
        throw problem;
      }
    },
  });
  const isTaken = check.data === 'taken';
  const hint = !isWellFormed ? 'details.slug_form' : isTaken ? 'details.slug_taken' : check.data === 'free' ? 'details.slug_free' : 'details.slug_hint';
  return (
    <TextField
      label={translate('details.slug')}
      value={fields.slug}
      error={Boolean(error) || !isWellFormed || isTaken}
      helperText={error ?? translate(hint)}
      onChange={(event) => doc.edit({ slug: event.target.value })}
      slotProps={{ htmlInput: { spellCheck: false, maxLength: 96 } }}
    />
  );
}

function CategoryTree({ chosen, onChange }: { chosen: string[]; onChange: (ids: string[]) => void }) {
  const translate = useTranslate();
  const { data = [] } = useQuery({ queryKey: ['all', 'categories'], queryFn: allCategories });
  const isFull = chosen.length >= 5;
  return (
    <Box>
      {data.map(({ id, name, path }) => (
        <Box key={id} sx={{ pl: (path.split('/').length - 1) * 2.5 }}>
          <FormControlLabel
            control={
              <Checkbox
                size="small"
                checked={chosen.includes(id)}
                disabled={isFull && !chosen.includes(id)}
                onChange={(_, isOn) => onChange(isOn ? [...chosen, id] : chosen.filter((other) => other !== id))}
              />
            }
            label={name}
          />
        </Box>
      ))}
      <FormHelperText>{translate(data.length > 0 ? 'details.categories_hint' : 'details.categories_none')}</FormHelperText>
    </Box>
  );
}

function TagInput({ tags, error, onChange }: { tags: string[]; error?: string; onChange: (tags: string[]) => void }) {
  const translate = useTranslate();
  const { data = [] } = useQuery({
    queryKey: ['tags', 'known'],
    queryFn: async () => (await get<Page<Tag>>('/v1/tags', { limit: 100 })).items.map(({ tag }) => tag),
    staleTime: 60_000,
  });
  return (
    <Autocomplete
      multiple
      freeSolo
      size="small"
      options={data}
      value={tags}
      onChange={(_, value) => onChange([...new Set(value.map((tag) => tag.trim().toLowerCase()).filter(Boolean))].slice(0, 15))}
      renderInput={(params) => (
        <TextField {...params} label={translate('details.tags')} error={Boolean(error)} helperText={error ?? translate('details.tags_hint')} />
      )}
      renderValue={(value, getItemProps) =>
        value.map((tag, index) => {
          const { key, ...props } = getItemProps({ index });
          return <Chip key={key} size="small" label={tag} {...props} />;
        })
      }
    />
  );
}

function BylineInput({ ids, onChange }: { ids: string[]; onChange: (ids: string[]) => void }) {
  const translate = useTranslate();
  const { data = [] } = useQuery({ queryKey: ['all', 'bylines'], queryFn: () => all<Byline>('/v1/bylines') });
  const chosen = ids.map((id) => data.find((byline) => byline.id === id)).filter((byline) => byline !== undefined);
  return (
    <Autocomplete
      multiple
      size="small"
      options={data}
      value={chosen}
      getOptionLabel={({ name }) => name}
      isOptionEqualToValue={(a, b) => a.id === b.id}
      onChange={(_, value) => onChange(value.map(({ id }) => id).slice(0, 5))}
      renderInput={(params) => <TextField {...params} label={translate('details.bylines')} />}
    />
  );
}

function SeoInputs({ document: doc, snapshot }: { document: PostDocument; snapshot: Snapshot }) {
  const translate = useTranslate();
  const { seo, title, excerpt, slug } = snapshot.fields;
  return (
    <>
      <Box sx={{ border: 1, borderColor: 'divider', borderRadius: 2, p: 1.5, overflowWrap: 'anywhere' }} aria-label={translate('details.search_preview')} role="img">
        <Typography variant="caption" component="div" sx={{ color: 'text.secondary' }}>
          …/{slug}
        </Typography>
        <Typography sx={{ color: 'primary.main', fontWeight: 500 }}>{seo?.title ?? title}</Typography>
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {seo?.description ?? excerpt ?? '…'}
        </Typography>
      </Box>
      <TextField
        label={translate('details.seo_title')}
        value={seo?.title ?? ''}
        placeholder={title}
        slotProps={{ htmlInput: { maxLength: 200 } }}
        onChange={(event) => doc.edit({ seo: { ...seo, title: event.target.value || null } })}
      />
      <TextField
        label={translate('details.seo_description')}
        value={seo?.description ?? ''}
        placeholder={excerpt ?? ''}
        multiline
        slotProps={{ htmlInput: { maxLength: 320 } }}
        onChange={(event) => doc.edit({ seo: { ...seo, description: event.target.value || null } })}
      />
      {snapshot.post?.live && (
        <Button component="a" href={`v1/posts/by-slug/${snapshot.post.live.slug}?locale=${snapshot.post.live.locale}`} target="_blank" rel="noreferrer" size="small">
          {translate('details.open_live')}
        </Button>
      )}
    </>
  );
}

function useLater(value: string): string {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setLater(value), 400);
    return () => window.clearTimeout(timer);
  }, [value]);
  return later;
}
