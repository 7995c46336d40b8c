/** How the AWS clients make requests. Without `throwOnRequestTimeout`, a request that times out only logs a warning. */
export const requestHandler = {
  connectionTimeout: 3000,
  requestTimeout: 8000,
  socketTimeout: 8000,
  throwOnRequestTimeout: true,
};
