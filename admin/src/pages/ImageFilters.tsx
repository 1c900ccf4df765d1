import { Box, FormControlLabel, MenuItem, Switch, TextField, Typography } from '@mui/material';
import { useEffect, useState } from 'react';
import { useTranslate } from 'react-admin';

/** What the grid shows. The trash has no other filters. */
export interface ImageFilter {
  q?: string;
  type?: string;
  missing_alt?: boolean;
  unused?: boolean;
  trashed?: boolean;
}

const TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif', 'image/svg+xml'];

/** Time after the last key after which a text is searched, in milliseconds. */
const TYPED = 300;

/** The filters of the list of images. */
export function ImageFilters({ filter, onChange }: { filter: ImageFilter; onChange: (filter: ImageFilter) => void }) {
  const translate = useTranslate();
  const [text, setText] = useState(filter.q ?? '');
  const isTrash = filter.trashed ?? false;
  useEffect(() => {
    const q = text.trim() || undefined;
    if (q === filter.q || isTrash) return undefined;
    const timer = setTimeout(() => onChange({ ...filter, q }), TYPED);
    return () => clearTimeout(timer);
  }, [text, filter, isTrash, onChange]);
  const flag = (name: 'missing_alt' | 'unused') => (
    <FormControlLabel
      control={<Switch size="small" checked={filter[name] ?? false} disabled={isTrash} onChange={(_event, isOn) => onChange({ ...filter, [name]: isOn || undefined })} />}
      label={<Typography variant="body2">{translate(`images.filter_${name}`)}</Typography>}
    />
  );
  return (
    <Box role="group" aria-label={translate('posts.filters')} sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', mb: 2 }}>
      <TextField size="small" label={translate('images.filter_name')} value={isTrash ? '' : text} disabled={isTrash} onChange={(event) => setText(event.target.value)} />
      <TextField
        select
        size="small"
        label={translate('images.filter_type')}
        value={filter.type ?? ''}
        disabled={isTrash}
        onChange={(event) => onChange({ ...filter, type: event.target.value || undefined })}
        sx={{ minWidth: 120 }}
      >
        <MenuItem value="">{translate('images.filter_any')}</MenuItem>
        {TYPES.map((type) => (
          <MenuItem key={type} value={type}>
            {type.replace('image/', '').replace('+xml', '').toUpperCase()}
          </MenuItem>
        ))}
      </TextField>
      {flag('missing_alt')}
      {flag('unused')}
      <FormControlLabel
        control={<Switch size="small" checked={isTrash} onChange={(_event, isOn) => onChange(isOn ? { trashed: true } : {})} />}
        label={<Typography variant="body2">{translate('images.trash')}</Typography>}
      />
    </Box>
  );
}
