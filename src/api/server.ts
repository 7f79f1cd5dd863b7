import cookie from '@fastify/cookie';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyBaseLogger, type FastifyError } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { type Problem, problem, Refusal } from '../domain/errors.ts';
import type { Station } from '../station/station.ts';
import { type Access, accessFor, isOurHost, isOurOrigin } from './access.ts';
import { serveConsole } from './console-files.ts';
import { docsPage } from './docs.ts';
import { liveEvents } from './events.ts';
import { languageOf, sendProblem } from './problems.ts';
import { attemptRoutes } from './routes/attempts.ts';
import { type Bench, benchRoutes } from './routes/bench.ts';
import { bookletRoutes } from './routes/booklets.ts';
import { centralRoutes } from './routes/central.ts';
import { healthRoutes } from './routes/health.ts';
import { jobRoutes } from './routes/jobs.ts';
import { printerRoutes } from './routes/printers.ts';
import { sessionRoutes } from './routes/session.ts';
import { signOffRoutes } from './routes/sign-offs.ts';

export interface ApiSetup {
  readonly station: Station;
  readonly version: string;
  /** Where the API listens; another Host or Origin is refused. Port 0 takes what the operating system gives. */
  readonly listen: { readonly host: string; readonly port: number; readonly tls: { cert: string; key: string } | null };
  /** The hands and hazards of a simulated office. */
  readonly bench?: Bench;
  readonly logger?: FastifyBaseLogger;
}

/** A record of 2 MiB as base64url, with its envelope. */
const BODY_LIMIT = 3 * 1024 * 1024;

const create = ({ listen, logger }: ApiSetup) => {
  const options = {
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    ...(logger ? { loggerInstance: logger } : { logger: false }),
    // The types of an https server differ only in the raw socket, which no route touches.
    ...(listen.tls === null ? {} : ({ https: { ...listen.tls } } as object)),
  };
  return Fastify(options).withTypeProvider<ZodTypeProvider>();
};

export type Api = ReturnType<typeof create>;

export interface Routing {
  readonly app: Api;
  readonly station: Station;
  readonly access: Access;
  readonly version: string;
}

/** The HTTP application (station.md, HTTP API). Listens only when told to. */
export async function createApi(setup: ApiSetup): Promise<Api> {
  const { station } = setup;
  const app = create(setup);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(cookie);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Passport print station', version: setup.version },
      components: { securitySchemes: { session: { type: 'http', scheme: 'bearer' } } },
    },
    transform: jsonSchemaTransform,
  });
  app.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    const address = app.server.address();
    const port = typeof address === 'object' && address !== null ? address.port : setup.listen.port;
    if (
      !isOurHost(request.headers.host, setup.listen.host, port) ||
      !isOurOrigin(request.headers.origin, setup.listen.host, port)
    )
      return sendProblem(
        reply,
        problem('PST-604', 'Host or Origin is not this station'),
        languageOf(request, station.core.settings.station.language),
      );
  });
  app.setErrorHandler((error: FastifyError, request, reply) =>
    sendProblem(
      reply,
      problemOf(error, (detail) => request.log.error({ err: error }, detail)),
      languageOf(request, station.core.settings.station.language),
    ),
  );
  app.setNotFoundHandler((request, reply) =>
    sendProblem(
      reply,
      problem('PST-602', 'no such path or method'),
      languageOf(request, station.core.settings.station.language),
    ),
  );

  const routing: Routing = { app, station, access: accessFor(station), version: setup.version };
  const v1 = { prefix: '/api/v1' };
  for (const routes of [
    sessionRoutes,
    jobRoutes,
    printerRoutes,
    attemptRoutes,
    bookletRoutes,
    signOffRoutes,
    centralRoutes,
    liveEvents,
  ])
    await app.register(async (scope) => routes({ ...routing, app: scope as Api }), v1);
  const { bench } = setup;
  if (bench !== undefined)
    await app.register(async (scope) => benchRoutes({ ...routing, app: scope as Api }, bench), v1);
  healthRoutes(routing);
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger());
  app.get('/api/docs', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(docsPage(app.swagger())),
  );
  await serveConsole(app);
  return app;
}

const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

function problemOf(error: FastifyError, log: (detail: string) => void): Problem {
  if (error instanceof Refusal) return error.problem;
  if (hasZodFastifySchemaValidationErrors(error))
    return problem('PST-601', `the ${error.validationContext ?? 'request'} is not as described`, {
      errors: error.validation.map(({ instancePath, message }) => ({
        path: instancePath.replace(/^\//, '').replaceAll('/', '.'),
        message: message ?? 'is not acceptable',
      })),
    });
  if (error.statusCode === 413) return problem('PST-605', `a body has at most ${BODY_LIMIT} bytes`);
  if (error.statusCode !== undefined && error.statusCode < 500) return problem('PST-601', error.message);
  log('unexpected');
  return problem('PST-699', error.name);
}
