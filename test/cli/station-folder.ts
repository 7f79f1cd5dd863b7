import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const STATION = `station: { id: kng-01, office: KNG, timezone: Asia/Pontianak }
listen: { port: 0 }
data: ./data
central: { url: "http://127.0.0.1:9090" }
trust: { roots: ./roots.json }
`;

/** A folder with a good station.yaml and pinned roots, removed when the test ends. Returns the path of the file. */
export function stationFolder(more = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'station-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { kty, crv, x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const roots = { threshold: 1, roots: [{ kid: 'root-a', alg: 'Ed25519', jwk: { kty, crv, x } }] };
  writeFileSync(join(folder, 'roots.json'), JSON.stringify(roots));
  const file = join(folder, 'station.yaml');
  writeFileSync(file, `${STATION}${more}`);
  return file;
}
