import { describe, expect, test } from '@jest/globals';
import { archiveOf, ref, synthesized } from '../synthesized.ts';
import { tableInput } from './glue.ts';

describe('the table of the manifests', () => {
  const template = synthesized();
  const { StorageDescriptor, PartitionKeys, Parameters } = tableInput(template, 'manifests_json');

  test('has its location where the archive keeps them, all in one folder', () => {
    expect(StorageDescriptor.Location).toEqual({
      'Fn::Join': ['', ['s3://', ref(archiveOf(template)), '/manifests/']],
    });
    expect(PartitionKeys).toEqual([]);
    expect(Parameters).toEqual({ EXTERNAL: 'TRUE' });
  });

  test('reads JSON objects, whose keys may have capitals', () => {
    expect(StorageDescriptor.SerdeInfo).toEqual({
      SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
      Parameters: { 'case.insensitive': 'true' },
    });
  });

  test('has the fields of a manifest', () => {
    expect(StorageDescriptor.Columns).toEqual([
      { Name: 'day', Type: 'string' },
      { Name: 'timezone', Type: 'string' },
      { Name: 'space', Type: 'string' },
      { Name: 'currency', Type: 'string' },
      { Name: 'revision', Type: 'bigint' },
      { Name: 'charge', Type: 'string' },
      { Name: 'rooms', Type: 'bigint' },
      { Name: 'sessions', Type: 'bigint' },
      { Name: 'inprogresssessions', Type: 'bigint' },
      { Name: 'deletedlogs', Type: 'bigint' },
      { Name: 'notices', Type: 'array<string>' },
      {
        Name: 'revisions',
        Type: 'array<struct<revision:bigint,at:string,charge:string,sessions:bigint,reason:string,restatedby:string>>',
      },
    ]);
  });
});
