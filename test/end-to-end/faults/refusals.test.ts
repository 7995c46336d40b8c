import { expect, test } from '@jest/globals';
import { API_TOKEN, PROJECT_ID } from '../../../local/cloud.ts';
import { sessionLog } from '../../support/logs.ts';
import { openMorning } from '../../support/morning.ts';
import { type Hook, reply, replyJson } from '../support/faults.ts';
import { expectRecovery, failure } from './support/outcome.ts';
import { expectedOf, inTurn } from './support/runs.ts';

const DETAILED = {
  type: 'validation_error',
  code: 'invalid_date',
  message: 'created_on must be a date',
  attribute: 'created_on',
  url: 'https://developer.signalwire.com/',
};
const BASIC = Buffer.from(`${PROJECT_ID}:${API_TOKEN}`).toString('base64');

/** The reasons that SignalWire may give, in each form that it uses. */
const BODIES: readonly (readonly [how: string, reply: (status: number) => Hook, says: string])[] = [
  ['in a word', (status) => replyJson(status, { error: 'No way' }), ' and said: No way\\. '],
  [
    'in a list',
    (status) => replyJson(status, { errors: [DETAILED] }),
    ' and said: created_on must be a date \\(code invalid_date, attribute created_on\\)\\. ',
  ],
  [
    'in HTML',
    (status) => reply(status, '<h1>Blocked</h1>', { 'content-type': 'text/html' }),
    '\\. (?!.*Blocked)',
  ],
  ['without a word', (status) => reply(status), '\\. '],
  ['in JSON of another shape', (status) => replyJson(status, [null]), '\\. '],
  [
    'with the token',
    (status) => replyJson(status, { error: `No scope for ${API_TOKEN} of ${BASIC}` }),
    ' and said: No scope for … of …\\. ',
  ],
];

const TOKEN_REMEDY = 'Check the project id and the token.*Video scope';
const STATUSES: readonly (readonly [status: number, remedy: string, secretReads: number])[] = [
  [400, 'The request itself is not accepted: show this message to the developers', 1],
  // A second look at the secret: somebody may have rotated the token.
  [401, TOKEN_REMEDY, 2],
  [403, TOKEN_REMEDY, 1],
  [404, 'Check SIGNALWIRE_SPACE_URL', 1],
  [422, 'The request itself is not accepted: show this message to the developers', 1],
];

test('a refusal is reported with SignalWire’s words and the remedy, and the request is not repeated', async () => {
  const cases = STATUSES.flatMap(([status, remedy, secretReads]) =>
    BODIES.map(([how, body, says]) => ({
      fault: body(status),
      expected: failure({
        what: `${status} ${how}`,
        error: 'SignalWireRejectedError',
        says: new RegExp(`^SignalWire refused the request with ${status}${says}${remedy}`),
        tries: 1,
        secretReads,
      }),
    })),
  );
  const morning = await openMorning({ logs: [sessionLog(1, { charge: '1.25' })] });

  expect(await inTurn(morning, cases)).toEqual(expectedOf(cases));
  await expectRecovery(morning, '1.25');
});
