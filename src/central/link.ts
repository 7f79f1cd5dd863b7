export type {
  CentralDesk,
  CentralLink,
  CentralLinkSetup,
  CentralLinkState,
  RefusedReport,
  WaitingReport,
} from './desk.ts';
