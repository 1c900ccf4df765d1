import { useQuery } from '@tanstack/react-query';

import type { Me } from '../api/types';
import { currentUser } from './authProvider';

interface Known {
  me: Me | undefined;
  can: (permission: string) => boolean;
  /** Whether the role requires a second factor that the user does not have yet. */
  isDue: boolean;
}

/** Returns the signed-in user, and what the role allows. */
export function useMe(): Known {
  const { data } = useQuery({ queryKey: ['me'], queryFn: currentUser, staleTime: 60_000 });
  return {
    me: data,
    can: (permission) => data?.permissions.includes(permission) ?? false,
    isDue: data?.second_factor === 'due',
  };
}
