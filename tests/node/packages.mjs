// Where the pinned npm packages of contracts/ are found.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const require = createRequire(join(projectRoot, 'contracts', 'package.json'));

export function load(name) {
  try {
    return require(name);
  } catch (error) {
    throw new Error(`${name} is not installed; run: npm ci --prefix contracts`, { cause: error });
  }
}

export const grpc = load('@grpc/grpc-js');

load('@canton-network/core-ledger-proto');
const oracleFolder = join(dirname(require.resolve('@canton-network/core-ledger-proto')), '_proto');

/** A module of the package's generated description, e.g. 'com/daml/ledger/api/v2/value'. */
export function oracle(path) {
  return require(join(oracleFolder, `${path}.cjs`));
}
