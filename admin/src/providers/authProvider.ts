import { type AuthProvider, HttpError } from 'react-admin';

import { get } from '../api/client';
import { ApiError } from '../api/problem';
import { type Credentials, MARK, session } from '../api/session';
import type { Me } from '../api/types';

let me: Promise<Me> | null = null;

/** The signed-in user, read once. */
export function currentUser(): Promise<Me> {
  if (!session.isOpen) return Promise.reject(new ApiError(401, {}, null));
  me ??= get<Me>('/v1/me').catch((error: unknown) => {
    me = null;
    throw error;
  });
  return me;
}

/** Reads the user again at the next use. */
export function forgetUser(): void {
  me = null;
}

/** Loads the page again if another user has signed in in another tab: the tabs of a browser share their session. */
window.addEventListener('storage', ({ key, newValue }) => {
  if (key !== MARK || newValue === null || !me) return;
  const known = me;
  Promise.all([known, get<Me>('/v1/me')]).then(
    ([before, now]) => {
      if (before.id !== now.id) location.reload();
    },
    // The next request shows the failure.
    () => undefined,
  );
});

/** The permission that a page of the dashboard needs. Every user may see the others. */
const NEEDED: Record<string, string[]> = {
  posts: ['posts:create', 'posts:edit_any'],
  images: ['images:upload'],
  categories: ['categories:manage'],
  tags: ['tags:manage'],
  bylines: ['bylines:manage'],
  redirects: ['redirects:manage'],
  operations: ['operations:manage'],
  users: ['users:read'],
  'api-keys': ['keys:manage_own'],
  audit: ['audit:read_own'],
};

export const authProvider: AuthProvider = {
  login: async (credentials: Credentials) => {
    forgetUser();
    await session.open(credentials);
  },
  logout: async () => {
    forgetUser();
    await session.close();
  },
  checkAuth: () => (session.isOpen ? Promise.resolve() : Promise.reject(new Error())),
  // An expired session is renewed in place; a 401 that remains is final, except those about a password, a code or a change.
  checkError: (error: unknown) => {
    const isFinal = error instanceof ApiError && error.status === 401 && !error.isTooOld && !error.isWrongProof;
    return isFinal ? Promise.reject(new HttpError(error.message, 401)) : Promise.resolve();
  },
  getIdentity: async () => {
    const { id, display_name, email } = await currentUser();
    return { id, fullName: display_name || email };
  },
  getPermissions: async () => (await currentUser()).permissions,
  canAccess: async ({ resource }) => {
    const needed = NEEDED[resource];
    if (!needed) return true;
    const { permissions } = await currentUser();
    return needed.some((permission) => permissions.includes(permission));
  },
};
