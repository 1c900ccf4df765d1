import { Box, Button, Chip, Dialog, DialogContent, DialogTitle, Paper, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslate } from 'react-admin';

import { get, post, request } from '../api/client';
import type { RecoveryCodeList, SecondFactor } from '../api/types';
import { useDates } from '../format';
import { Confirm, useAction } from '../pages/parts';
import { Enrolment } from './Enrolment';
import { RecoveryCodes } from './RecoveryCodes';
import { useUserChanged } from './useUserChanged';

/** The second factor of the signed-in user. */
export function SecondFactorSection() {
  const translate = useTranslate();
  const dates = useDates();
  const changed = useUserChanged();
  const run = useAction();
  const [asked, setAsked] = useState<'enrol' | 'codes' | 'remove' | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const { data: factor } = useQuery({ queryKey: ['second-factor'], queryFn: () => get<SecondFactor>('/v1/me/second-factor') });
  const close = () => {
    setAsked(null);
    setCodes(null);
    void changed();
  };
  if (!factor) return null;

  return (
    <Paper variant="outlined" component="section" aria-labelledby="factor-title" sx={{ p: 2.5, mb: 4, display: 'flex', flexWrap: 'wrap', gap: 2, alignItems: 'center' }}>
      <Box sx={{ flex: 1, minWidth: 220 }}>
        <Typography variant="h2" id="factor-title">
          {translate('factor.title')}
        </Typography>
        <Typography sx={{ color: 'text.secondary' }}>
          {factor.enrolled_at ? translate('factor.since', { date: dates.date(factor.enrolled_at) }) : translate('factor.none')}{' '}
          {factor.required && translate('factor.required_hint')}
        </Typography>
        {factor.enrolled && (
          <Chip
            size="small"
            color={factor.recovery_codes_left > 2 ? 'default' : 'warning'}
            label={translate('factor.codes_left', { smart_count: factor.recovery_codes_left })}
            sx={{ mt: 1 }}
          />
        )}
      </Box>
      {factor.enrolled ? (
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
          <Button variant="outlined" onClick={() => setAsked('codes')}>
            {translate('factor.new_codes')}
          </Button>
          <Button variant="outlined" color="error" onClick={() => setAsked('remove')}>
            {translate('factor.remove')}
          </Button>
        </Box>
      ) : (
        <Button variant="contained" onClick={() => setAsked('enrol')}>
          {translate('factor.set_up')}
        </Button>
      )}
      {(asked === 'enrol' || codes) && (
        <Dialog open fullWidth maxWidth="xs" aria-labelledby="enrol-title">
          <DialogTitle id="enrol-title">{translate(codes ? 'factor.codes_title' : 'factor.title')}</DialogTitle>
          <DialogContent>
            {codes ? <RecoveryCodes codes={codes} onDone={close} /> : <Enrolment onEnrolled={setCodes} onCancel={() => setAsked(null)} />}
          </DialogContent>
        </Dialog>
      )}
      {asked === 'codes' && (
        <Confirm
          title={translate('factor.new_codes_title')}
          text={translate('factor.new_codes_text')}
          submit={translate('factor.new_codes')}
          onConfirm={() => {
            setAsked(null);
            void run(async () => setCodes((await post<RecoveryCodeList>('/v1/me/second-factor/recovery-codes')).recovery_codes));
          }}
          onClose={() => setAsked(null)}
        />
      )}
      {asked === 'remove' && (
        <Confirm
          title={translate('factor.remove_title')}
          text={translate(factor.required ? 'factor.remove_required' : 'factor.remove_text')}
          submit={translate('factor.remove')}
          onConfirm={() => {
            setAsked(null);
            void run(() => request('DELETE', '/v1/me/second-factor').then(changed));
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </Paper>
  );
}
