import { Paper, Typography } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';

import { PageBody } from '../layout/PageBody';
import { PageHeading } from '../layout/PageHeading';
import { Enrolment } from './Enrolment';
import { RecoveryCodes } from './RecoveryCodes';
import { useUserChanged } from './useUserChanged';

/** All that users see whose role requires a second factor and who have none. */
export default function SecondFactorDue() {
  const translate = useTranslate();
  const changed = useUserChanged();
  const [codes, setCodes] = useState<string[] | null>(null);
  return (
    <PageBody width={560}>
      <PageHeading title={translate(codes ? 'factor.codes_title' : 'factor.due_title')} />
      {!codes && <Typography sx={{ mb: 2.5 }}>{translate('factor.due_text')}</Typography>}
      <Paper variant="outlined" sx={{ p: 2.5 }}>
        {codes ? <RecoveryCodes codes={codes} onDone={() => void changed()} /> : <Enrolment onEnrolled={setCodes} />}
      </Paper>
    </PageBody>
  );
}
