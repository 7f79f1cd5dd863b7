/** Where a request says that it comes from and goes to: nobody else's page may speak to this station. */

const namesOf = (host: string): string[] =>
  ['127.0.0.1', '::1', 'localhost'].includes(host)
    ? ['127.0.0.1', '[::1]', 'localhost']
    : [host.includes(':') ? `[${host}]` : host];

/** DNS rebinding: only the names under which this station listens are answered. */
export const isOurHost = (host: string | undefined, listen: string, port: number): boolean =>
  host !== undefined &&
  namesOf(listen.toLowerCase()).some((name) => host.toLowerCase() === `${name}:${port}` || host.toLowerCase() === name);

/** Cross-site requests: a browser says where the page came from. */
export const isOurOrigin = (origin: string | undefined, listen: string, port: number): boolean =>
  origin === undefined ||
  namesOf(listen.toLowerCase()).some(
    (name) => origin === `http://${name}:${port}` || origin === `https://${name}:${port}`,
  );
