import { Box, Button, GlobalStyles, Stack, Typography } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';

import { useDates } from '../format';
import { useMe } from '../providers/useMe';
import { MONO } from '../theme';

/** Prints the codes alone. */
const PRINT = {
  '@media print': {
    'body *': { visibility: 'hidden' },
    '[data-print], [data-print] *': { visibility: 'visible', color: '#000 !important' },
    '[data-print]': { position: 'fixed', inset: 0, border: '0 !important', background: '#fff' },
  },
} as const;

/** Shows new recovery codes, once. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const translate = useTranslate();
  const dates = useDates();
  const { me } = useMe();
  const [isCopied, setCopied] = useState(false);
  const heading = translate('factor.file_title', { site: location.host, email: me?.email, date: dates.date(new Date().toISOString()) });

  const download = () => {
    const url = URL.createObjectURL(new Blob([`${heading}\n\n${codes.join('\n')}\n`], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `recovery-codes-${location.hostname}.txt`;
    link.click();
    URL.revokeObjectURL(url);
  };

  return (
    <Stack spacing={2}>
      <GlobalStyles styles={PRINT} />
      <Typography sx={{ color: 'text.secondary' }}>{translate('factor.codes_text')}</Typography>
      <Box data-print sx={{ border: 1, borderColor: 'divider', borderRadius: 2, p: 2 }}>
        <Typography variant="caption" component="p" sx={{ color: 'text.secondary', mb: 1, overflowWrap: 'anywhere' }}>
          {heading}
        </Typography>
        <Box
          component="ol"
          aria-label={translate('factor.codes_list')}
          sx={{ m: 0, pl: 3.5, fontFamily: MONO, fontSize: { xs: '0.75rem', sm: '0.875rem' }, lineHeight: 1.8, userSelect: 'text' }}
        >
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </Box>
      </Box>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
        <Button variant="outlined" onClick={() => void navigator.clipboard.writeText(codes.join('\n')).then(() => setCopied(true))}>
          {translate(isCopied ? 'pages.copied' : 'factor.copy')}
        </Button>
        <Button variant="outlined" onClick={download}>
          {translate('factor.download')}
        </Button>
        <Button variant="outlined" onClick={() => window.print()}>
          {translate('factor.print')}
        </Button>
      </Box>
      <Button variant="contained" onClick={onDone} sx={{ alignSelf: 'flex-end' }}>
        {translate('factor.finish')}
      </Button>
    </Stack>
  );
}
