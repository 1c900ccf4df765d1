import { useQuery } from '@tanstack/react-query';

import type { Me } from '../api/types';
import { currentUser } from './authProvider';

/** Returns the signed-in user, and what the role allows. */
export function useMe(): { me: Me | undefined; can: (permission: string) => boolean } {
  const { data } = useQuery({ queryKey: ['me'], queryFn: currentUser, staleTime: 60_000 });
  return { me: data, can: (permission) => data?.permissions.includes(permission) ?? false };
}
