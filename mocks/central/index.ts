export {
  type Application,
  type ApproveOptions,
  type CentreOptions,
  type CentreWorld,
  SimulatedCentre,
} from './centre.ts';
export { channelTo } from './channel.ts';
export { type CentreCommand, controlCentre } from './control.ts';
export {
  CENTRE_FAULT_KINDS,
  type CentreCall,
  type CentreFault,
  type CentreFaultKind,
  CentreFaults,
} from './faults.ts';
export { type BundleContent, Issuer, type ListedKey, type RecordDigest, type StatementKind } from './issuer.ts';
export { type KeptIdentity, keptIdentity } from './keeping.ts';
export { type CentreAlg, type SigningKey, signingKey } from './keys.ts';
export { type ApprovalPolicy, AUTOMATIC, MANUAL } from './policy.ts';
export { CentreProtocol, type CentreReply, type CentreRequest, type ProtocolOptions } from './protocol.ts';
export type { Enrolment, KeptReport, TakenReports } from './reports.ts';
export { type CentreServer, serveCentre } from './server.ts';
export { type GeneralJws, type Json, signCompact, signGeneral } from './signing.ts';
