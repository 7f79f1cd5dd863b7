import { describe } from 'vitest';
import { badInputCases } from './bad-input.ts';
import { liveEventsCases } from './events.ts';
import { healthCases } from './health.ts';
import { logsCases } from './logs.ts';
import { openApiDocumentCases } from './openapi.ts';

// Several themes in one process: a station takes longer to load than a theme to run.
describe('bad input', badInputCases);
describe('live events', liveEventsCases);
describe('health', healthCases);
describe('logs', logsCases);
describe('the document', openApiDocumentCases);
