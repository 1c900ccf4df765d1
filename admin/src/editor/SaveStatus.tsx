import DoneIcon from '@mui/icons-material/CheckRounded';
import OfflineIcon from '@mui/icons-material/CloudOffOutlined';
import EditIcon from '@mui/icons-material/EditOutlined';
import ProblemIcon from '@mui/icons-material/ErrorOutlined';
import SyncIcon from '@mui/icons-material/SyncRounded';
import { Box, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import { useTranslate } from 'react-admin';

import { useDates } from '../format';
import type { Snapshot } from './snapshot';

/** Where the text is now, in words. */
export function SaveStatus({ snapshot }: { snapshot: Snapshot }) {
  const translate = useTranslate();
  const dates = useDates();
  const { state, changes } = snapshot;
  const isDirty = Object.keys(changes).length > 0;
  const [icon, colour, text] = shown();

  function shown(): [ReactNode, string, string] {
    switch (state.kind) {
      case 'new':
        return [<EditIcon key="i" />, 'text.secondary', translate(isDirty ? 'save.needs_title' : 'save.new')];
      case 'saved':
        return [
          <DoneIcon key="i" />,
          'success.main',
          state.at ? translate('save.saved_at', { time: dates.time(state.at) }) : translate('save.saved'),
        ];
      case 'unsaved':
        return [<EditIcon key="i" />, 'text.secondary', translate('save.unsaved')];
      case 'saving':
        return [<SyncIcon key="i" />, 'text.secondary', translate('save.saving')];
      case 'autosaved':
        return [<DoneIcon key="i" />, 'text.secondary', translate('save.autosaved_at', { time: dates.time(state.at) })];
      case 'offline':
        return [<OfflineIcon key="i" />, 'warning.main', translate(state.isKept ? 'save.offline' : 'save.offline_lost')];
      case 'refused':
        return [<ProblemIcon key="i" />, 'error.main', translate('save.refused')];
      case 'conflict':
        return [<ProblemIcon key="i" />, 'error.main', translate('save.conflict')];
    }
  }

  return (
    <Box
      role="status"
      data-state={state.kind}
      sx={{ display: 'flex', alignItems: 'center', gap: 0.75, color: colour, minWidth: 0, '& svg': { fontSize: 18, flex: 'none' } }}
    >
      {icon}
      <Typography variant="body2" noWrap sx={{ fontWeight: 500 }}>
        {text}
      </Typography>
    </Box>
  );
}
