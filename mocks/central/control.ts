/** Everything that a person or a test harness can do to the simulated centre, as JSON: one command, one answer. */
import { CENTRE_FAULT_KINDS, type CentreFault, type CentreFaultKind } from './faults.ts';
import { type ApprovalPolicy, AUTOMATIC, MANUAL } from './policy.ts';
import type { CentreProtocol } from './protocol.ts';
import type { Enrolment } from './reports.ts';
import type { Json } from './signing.ts';

interface Reason {
  readonly code: string;
  readonly text: string;
}

export type CentreCommand =
  | { readonly do: 'state' }
  | { readonly do: 'roots' }
  | { readonly do: 'bundle' }
  | { readonly do: 'applications' }
  | { readonly do: 'reports' }
  | { readonly do: 'enrol'; readonly identity: Enrolment }
  | {
      readonly do: 'request';
      readonly application: string;
      readonly record: { readonly sha256: string; readonly bytes: number };
      readonly station: string;
    }
  | {
      readonly do: 'approve';
      readonly application: string;
      readonly booklet?: string;
      readonly replaces?: string;
      readonly publish?: boolean;
    }
  | { readonly do: 'approve-all' }
  | { readonly do: 'reject'; readonly application: string; readonly reason?: Reason }
  | {
      readonly do: 'revoke';
      readonly approval?: string;
      readonly booklet?: string;
      readonly station?: string;
      readonly reason?: Reason;
    }
  | { readonly do: 'bill'; readonly application: string }
  | { readonly do: 'pay'; readonly application: string; readonly billingCode: string }
  | { readonly do: 'publish-bundle'; readonly expiresInSeconds?: number }
  | { readonly do: 'policy'; readonly preset?: 'manual' | 'automatic'; readonly change?: Partial<ApprovalPolicy> }
  | { readonly do: 'fault'; readonly fault: CentreFault }
  | { readonly do: 'heal'; readonly kind?: CentreFaultKind }
  | { readonly do: 'versions'; readonly v1?: boolean; readonly v2?: boolean };

/** Carries a command out. @throws RangeError for a command or a name that the centre does not know. */
export function controlCentre(protocol: CentreProtocol, command: CentreCommand): Json {
  const { centre } = protocol;
  switch (command.do) {
    case 'state':
      return stateOf(protocol);
    case 'roots':
      return centre.issuer.rootsFile();
    case 'bundle':
      return centre.bundle();
    case 'applications':
      return [...centre.applications.values()].map((entry) => ({ ...entry, record: { ...entry.record } }));
    case 'reports':
      return centre.reports
        .list()
        .map(({ station, jti, iat, seq, kind, text }) => ({ station, jti, iat, seq, kind, text }));
    case 'enrol':
      centre.enrol(command.identity);
      return { enrolled: command.identity.station };
    case 'request':
      return { state: centre.request(command.application, command.record, command.station).state };
    case 'approve': {
      const { booklet, replaces, publish } = command;
      const options = {
        ...(booklet === undefined ? {} : { booklet }),
        ...(replaces === undefined ? {} : { replaces }),
        ...(publish === undefined ? {} : { publish }),
      };
      return { statement: centre.approve(command.application, options) };
    }
    case 'approve-all':
      return { statements: centre.approveAll() };
    case 'reject':
      return { statement: centre.reject(command.application, command.reason) };
    case 'revoke':
      return {
        statement: centre.revoke(targetOf(command), command.reason === undefined ? {} : { reason: command.reason }),
      };
    case 'bill':
      return { statement: centre.bill(command.application) };
    case 'pay':
      return { statement: centre.pay(command.application, command.billingCode) };
    case 'publish-bundle': {
      const { expiresInSeconds } = command;
      const expires = expiresInSeconds === undefined ? {} : { expires: centre.issuer.now() + expiresInSeconds };
      return centre.publishBundle(expires);
    }
    case 'policy': {
      const base = { manual: MANUAL, automatic: AUTOMATIC }[command.preset ?? 'manual'];
      centre.policy = { ...(command.preset === undefined ? centre.policy : base), ...command.change };
      return { ...centre.policy, billing: { ...centre.policy.billing } };
    }
    case 'fault':
      centre.faults.add(command.fault);
      return { faults: centre.faults.list().map((fault) => ({ ...fault })) };
    case 'heal':
      centre.faults.clear(command.kind);
      return { faults: centre.faults.list().map((fault) => ({ ...fault })) };
    case 'versions':
      protocol.versions.v1 = command.v1 ?? protocol.versions.v1;
      protocol.versions.v2 = command.v2 ?? protocol.versions.v2;
      return { ...protocol.versions };
    default:
      throw new RangeError(`the simulated centre has no command ${JSON.stringify((command as { do: unknown }).do)}`);
  }
}

function stateOf({ centre, versions }: CentreProtocol): Json {
  const applications = [...centre.applications.values()];
  const inState = (state: string): number => applications.filter((entry) => entry.state === state).length;
  return {
    bundle: centre.issuer.bundle.version,
    published: centre.feed.size,
    applications: { requested: inState('requested'), approved: inState('approved'), rejected: inState('rejected') },
    reports: centre.reports.list().length,
    policy: centre.policy.mode,
    faults: centre.faults.list().map((fault) => ({ ...fault })),
    faultKinds: CENTRE_FAULT_KINDS,
    versions: { ...versions },
  };
}

function targetOf({ approval, booklet, station }: Extract<CentreCommand, { do: 'revoke' }>) {
  if (approval !== undefined) return { approval };
  if (booklet !== undefined) return { booklet };
  if (station !== undefined) return { station };
  throw new RangeError('revoke names none of approval, booklet, station');
}
