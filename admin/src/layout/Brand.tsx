import { Box, Typography } from '@mui/material';

import icon from '../icon.svg';
import { SERIF } from '../theme';

export function Brand({ size = 26 }: { size?: number }) {
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.25 }}>
      <img src={icon} alt="" width={size} height={size} />
      <Typography component="span" sx={{ fontFamily: SERIF, fontWeight: 650, fontSize: size * 0.75, letterSpacing: '-0.01em' }}>
        Tintero
      </Typography>
    </Box>
  );
}
