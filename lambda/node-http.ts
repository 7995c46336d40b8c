import type http from 'node:http';

// Stands in for `node:http` in the bundle. An ES module that imports `node:http` makes Node load all that it exports,
// and with the exported WebSocket its whole fetch library: a sixth of the time of a cold start with few logs.

const nodeHttp: typeof http = process.getBuiltinModule('node:http');

export default nodeHttp;
export const { Agent, request } = nodeHttp;
