import { describe } from 'vitest';
import { attemptsCases } from './attempts.ts';
import { bindingsCases } from './bindings.ts';
import { bookletsCases } from './booklets.ts';
import { idempotencyCases } from './idempotency.ts';
import { intakeCases } from './intake.ts';
import { listsCases } from './lists.ts';
import { releasesCases } from './releases.ts';
import { statementsCases } from './statements.ts';

// Several themes in one process: a station takes longer to load than a theme to run.
describe('intake', intakeCases);
describe('lists', listsCases);
describe('releases', releasesCases);
describe('bindings', bindingsCases);
describe('attempts', attemptsCases);
describe('booklets', bookletsCases);
describe('statements', statementsCases);
describe('idempotency', idempotencyCases);
