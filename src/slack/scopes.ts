/** What the app must have been granted, as `manifest.yml` asks for it; a test keeps the two the same. */
export const neededScopes: readonly string[] = [
  'chat:write',
  'commands',
  'app_mentions:read',
  'channels:read',
  'groups:read',
  'channels:history',
  'groups:history',
  'im:history',
  'im:write',
  'files:write',
  'users:read',
];
