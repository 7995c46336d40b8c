/** How the clients for AWS make their requests. `throwOnRequestTimeout`: without it a time-out is only a warning. */
export const requestHandler = {
  connectionTimeout: 3000,
  requestTimeout: 8000,
  socketTimeout: 8000,
  throwOnRequestTimeout: true,
};
