import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography } from '@mui/material';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';

import { get } from '../api/client';
import type { Image, Page } from '../api/types';
import { uploadImage } from './upload';

/** The image that stands for the post in lists. */
export function FeaturedImage({ id, onChange }: { id: string | null; onChange: (id: string | null) => void }) {
  const translate = useTranslate();
  const [isOpen, setOpen] = useState(false);
  const { data } = useQuery({ queryKey: ['image', id], enabled: id !== null, queryFn: () => get<Image>(`/v1/images/${id ?? ''}`) });
  return (
    <>
      {id && data && (
        <Box component="img" src={data.url} alt={data.alt ?? ''} sx={{ width: '100%', maxHeight: 220, objectFit: 'cover', borderRadius: 2 }} />
      )}
      <Box sx={{ display: 'flex', gap: 1 }}>
        <Button variant="outlined" size="small" onClick={() => setOpen(true)}>
          {translate(id ? 'details.image_replace' : 'details.image_choose')}
        </Button>
        {id && (
          <Button size="small" onClick={() => onChange(null)}>
            {translate('ra.action.remove')}
          </Button>
        )}
      </Box>
      {isOpen && (
        <ImagePicker
          onClose={() => setOpen(false)}
          onPick={(image) => {
            onChange(image.id);
            setOpen(false);
          }}
        />
      )}
    </>
  );
}

function ImagePicker({ onClose, onPick }: { onClose: () => void; onPick: (image: Image) => void }) {
  const translate = useTranslate();
  const notify = useNotify();
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [isBusy, setBusy] = useState(false);
  const images = useInfiniteQuery({
    queryKey: ['images', 'picker'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => get<Page<Image>>('/v1/images', { limit: 24, cursor: pageParam }),
    getNextPageParam: ({ page }) => page.next_cursor,
  });

  const upload = async (file: File) => {
    setBusy(true);
    try {
      const image = await uploadImage(file);
      await client.invalidateQueries({ queryKey: ['images'] });
      onPick(image);
    } catch (error) {
      notify('app.error', { type: 'error', messageArgs: { detail: error instanceof Error ? error.message : '' } });
      setBusy(false);
    }
  };

  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="md" aria-labelledby="picker-title">
      <DialogTitle id="picker-title">{translate('details.image_choose')}</DialogTitle>
      <DialogContent>
        <Box sx={{ display: 'grid', gap: 1.5, gridTemplateColumns: 'repeat(auto-fill, minmax(150px, 1fr))' }}>
          {images.data?.pages
            .flatMap(({ items }) => items)
            .map((image) => (
              <Box
                key={image.id}
                component="button"
                type="button"
                onClick={() => onPick(image)}
                sx={{ p: 0, border: 1, borderColor: 'divider', borderRadius: 2, overflow: 'hidden', bgcolor: 'background.paper', cursor: 'pointer', color: 'text.primary', font: 'inherit', '&:hover': { borderColor: 'primary.main' } }}
              >
                <Box component="img" src={image.url} alt="" loading="lazy" sx={{ width: '100%', height: 110, objectFit: 'cover', display: 'block' }} />
                <Typography variant="caption" noWrap sx={{ display: 'block', p: 0.75 }}>
                  {image.alt ?? image.source_path ?? image.id}
                </Typography>
              </Box>
            ))}
        </Box>
        {images.data?.pages[0]?.items.length === 0 && (
          <Typography sx={{ color: 'text.secondary', py: 4, textAlign: 'center' }}>{translate('details.image_none')}</Typography>
        )}
        {images.hasNextPage && (
          <Button onClick={() => void images.fetchNextPage()} sx={{ mt: 2 }}>
            {translate('details.more')}
          </Button>
        )}
      </DialogContent>
      <DialogActions>
        <input
          ref={input}
          type="file"
          accept="image/*"
          hidden
          aria-label={translate('details.image_upload')}
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) void upload(file);
          }}
        />
        <Button onClick={onClose}>{translate('ra.action.cancel')}</Button>
        <Button variant="contained" disabled={isBusy} onClick={() => input.current?.click()}>
          {translate('details.image_upload')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
