import { describe, expect, test } from '@jest/globals';
import { output, ref, synthesized, theOnly } from './synthesized.ts';

describe('the stack tells', () => {
  const template = synthesized();
  const report = theOnly(template, 'AWS::Lambda::Function');

  test('the name of the archive bucket', () => {
    expect(output(template, 'ArchiveBucketName')).toEqual(ref(theOnly(template, 'AWS::S3::Bucket')));
  });

  test('the name of the function', () => {
    expect(output(template, 'ReportFunctionName')).toEqual(ref(report));
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
