import { Alert, Button, Dialog, DialogActions, DialogContent, DialogTitle, Link, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { Link as RouterLink } from 'react-router-dom';

import { get, request } from '../api/client';
import type { Image, ImageUsage, Page } from '../api/types';

interface Props {
  image: Image;
  /** Without it, the dialog only lists the posts. */
  onDeleted?: () => void;
  onClose: () => void;
}

/** The posts that use an image, and its deletion. */
export function ImageUsesDialog({ image, onDeleted, onClose }: Props) {
  const translate = useTranslate();
  const [failure, setFailure] = useState('');
  const [isBusy, setBusy] = useState(false);
  const path = `/v1/images/${image.id}`;
  const uses = useQuery({ queryKey: ['images', 'uses', image.id], queryFn: () => get<Page<ImageUsage>>(`${path}/usages`) });
  const posts = uses.data?.items ?? [];
  const isUsed = posts.length > 0;

  const remove = async () => {
    setBusy(true);
    try {
      const { etag: ifMatch } = await request('GET', path);
      await request('DELETE', path, { ifMatch, query: { force: isUsed || undefined } });
      onDeleted?.();
    } catch (error) {
      setFailure(error instanceof Error ? error.message : '');
      setBusy(false);
    }
  };

  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="sm" aria-labelledby="uses-title">
      <DialogTitle id="uses-title">{translate(onDeleted ? 'images.delete' : 'images.uses')}</DialogTitle>
      <DialogContent>
        {onDeleted && <Typography sx={{ mb: 2 }}>{translate('images.delete_text')}</Typography>}
        {uses.isSuccess && !isUsed && <Typography>{translate('images.unused')}</Typography>}
        {isUsed && (
          <>
            <Typography>{translate('images.used_in')}</Typography>
            <ul>
              {posts.map((post) => (
                <li key={post.post_id}>
                  <Link component={RouterLink} to={`/posts/${post.post_id}`}>
                    {post.title}
                  </Link>
                </li>
              ))}
            </ul>
            {uses.data?.page.has_next && <Typography variant="body2">{translate('images.used_more')}</Typography>}
          </>
        )}
        {(failure || uses.error) && <Alert severity="error">{failure || uses.error?.message}</Alert>}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{translate('ra.action.close')}</Button>
        {onDeleted && (
          <Button color="error" variant="contained" disabled={isBusy || !uses.isSuccess} onClick={() => void remove()}>
            {translate(isUsed ? 'images.delete_anyway' : 'images.to_trash')}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}
