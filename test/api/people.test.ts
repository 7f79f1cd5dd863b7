import { describe } from 'vitest';
import { rolesCases } from './roles.ts';
import { signInCases } from './sign-in.ts';
import { signOffsCases } from './sign-offs.ts';

// Several themes in one process: a station takes longer to load than a theme to run.
describe('sign-in', signInCases);
describe('roles', rolesCases);
describe('sign-offs', signOffsCases);
