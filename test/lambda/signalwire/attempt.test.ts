import { afterAll, expect, test } from '@jest/globals';
import { attempt, BadBodyError } from '../../../lambda/signalwire/attempt.ts';
import { PageReader } from '../../../lambda/signalwire/page-reader.ts';
import { closeServers, page, ScriptedSpace, started } from './asking.ts';

afterAll(closeServers);

/** Throws for every page. */
class FailingReader extends PageReader {
  readonly #error: Error;

  constructor(error: Error) {
    super();
    this.#error = error;
  }

  override read(): never {
    throw this.#error;
  }
}

test.each([
  ['no JSON: maybe the next answer is', new SyntaxError('Unexpected token'), BadBodyError],
  ['a fault of the program, which no other answer mends', new TypeError('no such thing'), TypeError],
])('an error of the page reader is %s', async (_, error, expected) => {
  const space = await started(new ScriptedSpace(() => page([])));
  const request = {
    url: new URL(space.url),
    headers: {},
    timeoutMs: 20_000,
    onNewConnection: false,
    signal: undefined,
  };
  await expect(attempt(request, new FailingReader(error))).rejects.toThrow(expected);
});
