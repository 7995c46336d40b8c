import * as z from 'zod';
import { readEnvironment, type Settings } from '../lambda/environment.ts';
import { InvalidConfigurationError } from '../lambda/errors.ts';
import type { Credentials } from '../lambda/signalwire/credentials.ts';

const credentialsShape = z.object({
  SIGNALWIRE_PROJECT_ID: z.string().min(1),
  SIGNALWIRE_API_TOKEN: z.string().min(1),
});

/** What it takes to read a space from an operator's machine. */
export interface SpaceAccess {
  readonly settings: Settings;
  readonly credentials: Credentials;
}

/**
 * Reads from the operator's environment how to reach the space: SIGNALWIRE_SPACE_URL, SIGNALWIRE_PROJECT_ID,
 * SIGNALWIRE_API_TOKEN, and the optional settings of the function.
 *
 * @throws InvalidConfigurationError naming each variable that is missing or wrong
 */
export function spaceAccess(environment: Readonly<Record<string, string | undefined>>): SpaceAccess {
  const settings = readEnvironment({
    ...environment,
    // None of these is used here, so whatever the environment says about them must not matter.
    EMAIL_FROM: 'video-costs@example.com',
    EMAIL_TO: 'you@example.com',
    SIGNALWIRE_SECRET_ID: 'environment',
    ARCHIVE_BUCKET: 'folder',
  });
  const found = credentialsShape.safeParse(environment);
  if (!found.success) {
    const names = found.error.issues.map(({ path }) => path.join('.')).join(' and ');
    throw new InvalidConfigurationError(
      `${names} must be set in the environment: see npm run report -- --help`,
    );
  }
  const { SIGNALWIRE_PROJECT_ID: projectId, SIGNALWIRE_API_TOKEN: apiToken } = found.data;
  return { settings, credentials: { projectId, apiToken } };
}
