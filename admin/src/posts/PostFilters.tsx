import { useQuery } from '@tanstack/react-query';
import { Box, Button, FormControlLabel, MenuItem, Switch, TextField, Typography } from '@mui/material';
import { useEffect, useState } from 'react';
import { useListContext, useTranslate } from 'react-admin';

import type { Byline } from '../api/types';
import { all, allCategories, type PostFilter } from '../providers/resources';
import { useMe } from '../providers/useMe';

/** The types of react-admin leave filters to the caller. */
interface ListContext {
  filterValues: PostFilter;
  setFilters: (filter: PostFilter) => void;
}

const LOCALE = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{2,8})*$/;

/** The filters that the API has for every list of working copies. */
export function PostFilters({ order }: { order: string }) {
  const translate = useTranslate();
  const { me } = useMe();
  const { filterValues, setFilters } = useListContext() as ListContext;
  const filter = filterValues;
  const categories = useQuery({ queryKey: ['all', 'categories'], queryFn: allCategories });
  const bylines = useQuery({ queryKey: ['all', 'bylines'], queryFn: () => all<Byline>('/v1/bylines') });
  const set = (change: Partial<PostFilter>) => setFilters({ ...filter, ...change });
  const isFiltered = Object.values({ ...filter, status: undefined }).some(Boolean);
  return (
    <Box
      role="group"
      aria-label={translate('posts.filters')}
      sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', mb: 2 }}
    >
      <Choice
        label={translate('posts.filter_category')}
        value={filter.category ?? ''}
        options={(categories.data ?? []).map(({ id, name, path }) => ({ id, name, indent: path.split('/').length - 1 }))}
        onChange={(category) => set({ category })}
      />
      <Choice
        label={translate('posts.filter_author')}
        value={filter.author ?? ''}
        options={(bylines.data ?? []).map(({ id, name }) => ({ id, name }))}
        onChange={(author) => set({ author })}
      />
      <Typed label={translate('posts.filter_tag')} value={filter.tag?.[0] ?? ''} onChange={(tag) => set({ tag: tag ? [tag] : undefined })} />
      <Typed
        label={translate('posts.filter_locale')}
        placeholder={translate('posts.filter_locale_hint')}
        value={filter.locale ?? ''}
        isValid={(text) => LOCALE.test(text)}
        onChange={(locale) => set({ locale })}
      />
      <FormControlLabel
        control={
          <Switch
            size="small"
            checked={Boolean(filter.owner)}
            onChange={(_event, isOn) => set({ owner: isOn ? me?.id : undefined })}
          />
        }
        label={<Typography variant="body2">{translate('posts.filter_mine')}</Typography>}
      />
      {isFiltered && (
        <Button size="small" onClick={() => setFilters({ status: filter.status })}>
          {translate('posts.filter_clear')}
        </Button>
      )}
      <Typography variant="caption" sx={{ color: 'text.secondary', ml: 'auto', display: { xs: 'none', md: 'block' } }}>
        {order}
      </Typography>
    </Box>
  );
}

interface Option {
  id: string;
  name: string;
  indent?: number;
}

function Choice(props: { label: string; value: string; options: Option[]; onChange: (id: string | undefined) => void }) {
  const translate = useTranslate();
  const { label, value, options, onChange } = props;
  return (
    <TextField
      select
      label={label}
      value={options.some(({ id }) => id === value) ? value : ''}
      onChange={(event) => onChange(event.target.value || undefined)}
      sx={{ minWidth: 150, flex: { xs: '1 1 140px', md: 'none' } }}
    >
      <MenuItem value="">{translate('posts.filter_any')}</MenuItem>
      {options.map(({ id, name, indent = 0 }) => (
        <MenuItem key={id} value={id} sx={{ pl: 2 + indent * 2 }}>
          {name}
        </MenuItem>
      ))}
    </TextField>
  );
}

interface TypedProps {
  label: string;
  placeholder?: string;
  value: string;
  isValid?: (text: string) => boolean;
  onChange: (text: string | undefined) => void;
}

/** A text that filters when it is complete: with Enter, or when the focus leaves. */
function Typed({ label, placeholder, value, isValid = () => true, onChange }: TypedProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const trimmed = text.trim();
  const isWrong = trimmed !== '' && !isValid(trimmed);
  const apply = () => {
    if (!isWrong && trimmed !== value) onChange(trimmed || undefined);
  };
  return (
    <TextField
      label={label}
      placeholder={placeholder}
      value={text}
      error={isWrong}
      onChange={(event) => setText(event.target.value)}
      onBlur={apply}
      onKeyDown={(event) => {
        if (event.key === 'Enter') apply();
      }}
      sx={{ width: 130, flex: { xs: '1 1 120px', md: 'none' } }}
    />
  );
}
