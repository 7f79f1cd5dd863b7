import type { Socket } from 'node:net';
import cookie from '@fastify/cookie';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { type Problem, problem } from '../domain/errors.ts';
import type { Station } from '../station/station.ts';
import { type Access, accessFor } from './access.ts';
import { type Answers, answersFor } from './answers.ts';
import { serveConsole } from './console-files.ts';
import { docsPage } from './docs.ts';
import { liveEvents } from './events.ts';
import { jsonBody } from './json-body.ts';
import { openApi } from './openapi.ts';
import { isOurHost, isOurOrigin } from './origin.ts';
import { languageOf, PROBLEM_TYPE, problemBody, problemOf, sendProblem } from './problems.ts';
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
  /** Hears of errors that no caller can have caused. `where` names the route, never an address with its values. */
  readonly unexpected?: Unexpected;
}

export type Unexpected = (error: Error, where: string) => void;

/** A record of 2 MiB as base64url, with its envelope. */
const BODY_LIMIT = 3 * 1024 * 1024;

const create = (setup: ApiSetup) => {
  const { listen } = setup;
  const options = {
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    logger: false,
    // What never becomes a request of a route is answered in the same form.
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      reply.headers(SECURITY_HEADERS);
      sendProblem(
        reply,
        problemOf(error, () => undefined),
        languageOf(request, languageHere(setup)),
      );
    },
    clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy(error);
      const { status, ...body } = problemBody(
        problem('PST-601', 'this is not HTTP as it is read here'),
        languageHere(setup),
      );
      const text = JSON.stringify({ status, ...body });
      socket.end(
        `HTTP/1.1 ${status} Bad Request\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
      );
    },
    // A request without a Host is refused by the check of the Host. The types of an https server differ only in the raw
    // socket, which no route touches.
    ...((listen.tls === null
      ? { http: { requireHostHeader: false } }
      : { https: { ...listen.tls, requireHostHeader: false } }) as object),
  };
  return Fastify(options).withTypeProvider<ZodTypeProvider>();
};

const languageHere = ({ station }: ApiSetup): 'en' | 'id' => station.core.settings.station.language;

export type Api = ReturnType<typeof create>;

export interface Routing {
  readonly app: Api;
  readonly station: Station;
  readonly access: Access;
  readonly answers: Answers;
  readonly version: string;
  readonly unexpected: Unexpected;
}

/** The HTTP application (station.md, HTTP API). Listens only when told to. */
export async function createApi(setup: ApiSetup): Promise<Api> {
  const { station, unexpected = () => undefined } = setup;
  const refuse = (request: FastifyRequest, reply: FastifyReply, refused: Problem) =>
    sendProblem(reply, refused, languageOf(request, languageHere(setup)));
  const app = create(setup);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.decorateRequest('session', null);
  await app.register(cookie);
  await app.register(swagger, openApi(setup.version));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) =>
    jsonBody(body),
  );
  app.addContentTypeParser('text/plain', { parseAs: 'string' }, async (_request: unknown, body: string) => body);

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    const address = app.server.address();
    const port = typeof address === 'object' && address !== null ? address.port : setup.listen.port;
    if (
      !isOurHost(request.headers.host, setup.listen.host, port) ||
      !isOurOrigin(request.headers.origin, setup.listen.host, port)
    )
      return refuse(request, reply, problem('PST-604', 'Host or Origin is not this station'));
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const where = `${request.method} ${request.routeOptions.url ?? 'nowhere'}`;
    return refuse(
      request,
      reply,
      problemOf(error, (cause) => unexpected(cause, where)),
    );
  });
  app.setNotFoundHandler((request, reply) => refuse(request, reply, problem('PST-602', 'no such path or method')));

  const access = accessFor(station);
  const answers = answersFor(station.core, access);
  const routing: Routing = { app, station, access, answers, version: setup.version, unexpected };
  const { bench } = setup;
  for (const routes of [
    sessionRoutes,
    jobRoutes,
    printerRoutes,
    attemptRoutes,
    bookletRoutes,
    signOffRoutes,
    centralRoutes,
    liveEvents,
    ...(bench === undefined ? [] : [(scope: Routing) => benchRoutes(scope, bench)]),
  ])
    await app.register(
      async (scope) => {
        access.guard(scope as Api);
        routes({ ...routing, app: scope as Api });
      },
      { prefix: '/api/v1' },
    );
  healthRoutes(routing);
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger());
  app.get('/api/docs', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(docsPage(app.swagger())),
  );
  await serveConsole(app);
  return app;
}

/** OWASP Secure Headers; the console brings no inline script and makes no markup out of text. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};
