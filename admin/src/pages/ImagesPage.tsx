import { Alert, Box, Button, LinearProgress, Paper, Typography } from '@mui/material';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type DragEvent } from 'react';
import { useLocaleState, useTranslate } from 'react-admin';

import { get, request } from '../api/client';
import type { Image, Page } from '../api/types';
import { uploadImage } from '../editor/upload';
import { PageBody } from '../layout/PageBody';
import { ImageInput } from '../layout/ImageInput';
import { PageHeading } from '../layout/PageHeading';
import { type ImageFilter, ImageFilters } from './ImageFilters';
import { ImageUsesDialog } from './ImageUsesDialog';
import { Empty, FormDialog, useAction } from './parts';

/** All images, with uploads of many at once. */
export default function ImagesPage() {
  const translate = useTranslate();
  const [locale] = useLocaleState();
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const [failures, setFailures] = useState<string[]>([]);
  const [isOver, setOver] = useState(false);
  const [chosen, setChosen] = useState<Image | null>(null);
  const [shown, setShown] = useState<{ image: Image; toDelete: boolean } | null>(null);
  const [filter, setFilter] = useState<ImageFilter>({});
  const act = useAction();
  const images = useInfiniteQuery({
    queryKey: ['images', 'grid', filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => get<Page<Image>>('/v1/images', { ...filter, limit: filter.unused ? 24 : 48, cursor: pageParam }),
    getNextPageParam: ({ page }) => page.next_cursor,
  });
  const isFiltered = Object.values(filter).some(Boolean);
  const items = images.data?.pages.flatMap((page) => page.items) ?? [];

  const upload = async (files: File[]) => {
    setFailures([]);
    setProgress({ done: 0, total: files.length });
    for (const [nth, file] of files.entries()) {
      try {
        await uploadImage(file);
      } catch (error) {
        setFailures((before) => [...before, `${file.name}: ${error instanceof Error ? error.message : ''}`]);
      }
      setProgress({ done: nth + 1, total: files.length });
    }
    setProgress(null);
    await client.invalidateQueries({ queryKey: ['images'] });
  };

  const restore = async (image: Image) => {
    const { etag: ifMatch } = await request('GET', `/v1/images/${image.id}`);
    await request('POST', `/v1/images/${image.id}/restore`, { ifMatch });
    await client.invalidateQueries({ queryKey: ['images'] });
  };

  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const files = [...event.dataTransfer.files].filter(({ type }) => type.startsWith('image/'));
    if (files.length > 0) void upload(files);
  };

  /** What the user may do with an image. */
  const actions = (image: Image) => {
    const may = (action: string) => image.allowed?.includes(action) ?? false;
    return [
      may('update') && { name: 'describe', run: () => setChosen(image) },
      may('restore') && { name: 'restore', run: () => void act(() => restore(image)) },
      { name: 'uses', run: () => setShown({ image, toDelete: false }) },
      may('delete') && { name: 'delete', run: () => setShown({ image, toDelete: true }) },
    ].filter((action) => action !== false);
  };

  return (
    <PageBody>
      <Box
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        sx={{ minHeight: '60vh', borderRadius: 3, outline: isOver ? '2px dashed' : 'none', outlineColor: 'primary.main', outlineOffset: 8 }}
      >
        <PageHeading title={translate('nav.images')}>
          <ImageInput ref={input} label={translate('images.upload')} onChoose={(files) => void upload(files)} />
          <Button variant="contained" disabled={progress !== null} onClick={() => input.current?.click()}>
            {translate('images.upload')}
          </Button>
        </PageHeading>
        <Typography sx={{ color: 'text.secondary', mb: 2 }}>{translate('images.intro')}</Typography>
        <ImageFilters filter={filter} onChange={setFilter} />
        {progress && (
          <Box sx={{ mb: 2 }} role="status">
            <Typography variant="body2">{translate('images.progress', progress)}</Typography>
            <LinearProgress variant="determinate" value={(progress.done / progress.total) * 100} aria-label={translate('images.upload')} />
          </Box>
        )}
        {failures.map((failure) => (
          <Alert key={failure} severity="error" sx={{ mb: 1 }}>
            {failure}
          </Alert>
        ))}
        {images.isSuccess && items.length === 0 && <Empty text={translate(isFiltered ? 'images.none_found' : 'details.image_none')} />}
        <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0, display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr 1fr', sm: 'repeat(auto-fill, minmax(200px, 1fr))' } }}>
          {items.map((image) => (
            <Paper key={image.id} component="li" variant="outlined" sx={{ overflow: 'hidden', display: 'flex', flexDirection: 'column' }}>
              <Box component="img" src={image.url} alt={image.alt ?? ''} loading="lazy" sx={{ width: '100%', height: 140, objectFit: 'cover', bgcolor: 'action.hover' }} />
              <Box sx={{ p: 1.25, flex: 1 }}>
                <Typography variant="body2" sx={{ color: image.alt ? 'text.primary' : 'warning.main' }}>
                  {image.alt ?? translate('images.no_alt')}
                </Typography>
                <Typography variant="caption" component="div" sx={{ color: 'text.secondary' }}>
                  {image.width} × {image.height} · {Math.ceil(image.bytes / 1024).toLocaleString(locale)} KB
                </Typography>
              </Box>
              <Box sx={{ display: 'flex', flexWrap: 'wrap', borderTop: 1, borderColor: 'divider' }}>
                {actions(image).map(({ name, run }) => (
                  <Button key={name} size="small" onClick={run} aria-label={`${translate(`images.${name}`)}: ${image.alt ?? image.id}`} sx={{ flex: 1, minWidth: 0, borderRadius: 0 }}>
                    {translate(`images.${name}`)}
                  </Button>
                ))}
              </Box>
            </Paper>
          ))}
        </Box>
        {images.hasNextPage && (
          <Button onClick={() => void images.fetchNextPage()} sx={{ mt: 2 }}>
            {translate('details.more')}
          </Button>
        )}
      </Box>
      {chosen && (
        <FormDialog
          title={translate('images.describe')}
          text={translate('images.alt_hint')}
          submit={translate('ra.action.save')}
          fields={[{ name: 'alt', label: translate('images.alt'), type: 'multiline', initial: chosen.alt ?? '' }]}
          onSubmit={async ({ alt }) => {
            const path = `/v1/images/${chosen.id}`;
            const { etag: ifMatch } = await request('GET', path);
            await request('PATCH', path, { ifMatch, body: { alt: alt?.trim() ? alt : null } });
            setChosen(null);
            await client.invalidateQueries({ queryKey: ['images'] });
          }}
          onClose={() => setChosen(null)}
        />
      )}
      {shown && (
        <ImageUsesDialog
          image={shown.image}
          onClose={() => setShown(null)}
          onDeleted={
            shown.toDelete
              ? () => {
                  setShown(null);
                  void client.invalidateQueries({ queryKey: ['images'] });
                }
              : undefined
          }
        />
      )}
    </PageBody>
  );
}
