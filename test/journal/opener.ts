/** Another process that tries to open the journal in the folder given: prints `opened`, or the code of the refusal. */
import { Refusal } from '../../src/domain/errors.ts';
import { openIn } from './rig.ts';

try {
  openIn(process.argv[2] as string).close();
  console.log('opened');
} catch (error) {
  console.log(error instanceof Refusal ? error.problem.code : String(error));
}
