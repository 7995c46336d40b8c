import { describe, expect, test } from '@jest/globals';
import { archiveOf, output, ref, synthesized, theOnly } from './synthesized.ts';

describe('the outputs of the stack say', () => {
  const template = synthesized();
  const report = theOnly(template, 'AWS::Lambda::Function');

  test('the name of the archive bucket', () => {
    expect(output(template, 'ArchiveBucketName')).toEqual(ref(archiveOf(template)));
  });

  test('the name of the function', () => {
    expect(output(template, 'ReportFunctionName')).toEqual(ref(report));
  });

  test.each([
    ['AthenaDatabase', 'AWS::Glue::Database'],
    ['AthenaWorkgroup', 'AWS::Athena::WorkGroup'],
  ])('where to query the archive: %s', (name, type) => {
    expect(output(template, name)).toEqual(ref(theOnly(template, type)));
  });

  test('how to see what went wrong', () => {
    expect(output(template, 'TailLogCommand')).toEqual({
      'Fn::Join': [
        '',
        [
          'aws logs tail ',
          ref(theOnly(template, 'AWS::Logs::LogGroup')),
          ` --since 1d --filter-pattern '?ERROR ?WARN ?"platform.report"'`,
        ],
      ],
    });
  });

  test('how to run the report now', () => {
    expect(output(template, 'RunNowCommand')).toEqual({
      'Fn::Join': [
        '',
        [
          'aws lambda invoke --function-name ',
          ref(report),
          " --cli-read-timeout 900 --cli-binary-format raw-in-base64-out --payload '{}' /dev/stdout",
        ],
      ],
    });
  });
});
