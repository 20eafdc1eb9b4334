// The npm packages under contracts/node_modules, which Node would not find from here by itself.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const contractsRoot = fileURLToPath(new URL('../../../contracts/', import.meta.url));

export function fromPackages(...parts) {
    const file = path.join(contractsRoot, 'node_modules', ...parts);
    if (!existsSync(file)) {
        throw new Error(`${path.join(...parts)} is not installed: run \`npm ci --prefix contracts\` first`);
    }
    return file;
}

fromPackages('ethers');

const requireFromContracts = createRequire(path.join(contractsRoot, 'package.json'));

export const ethers = requireFromContracts('ethers');
