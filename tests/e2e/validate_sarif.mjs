// Validates SARIF files against the schema of SARIF 2.1.0: node tests/e2e/validate_sarif.mjs FILE...
// Needs `npm ci --ignore-scripts` in ci/npm. Exit code 0: all valid, 1: at least one is not, 2: could not check.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../ci/npm/package.json', import.meta.url));
let validate;
try {
  const Ajv = require('ajv');
  const ajv = new Ajv({ schemaId: 'auto', allErrors: true });
  ajv.addMetaSchema(require('ajv/lib/refs/json-schema-draft-04.json'));
  validate = ajv.compile(require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'));
} catch (error) {
  console.error(`cannot check: ${error.message.split('\n')[0]} (run npm ci --ignore-scripts in ci/npm)`);
  process.exit(2);
}

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: node tests/e2e/validate_sarif.mjs FILE...');
  process.exit(2);
}
let valid = true;
for (const file of files) {
  let log;
  try {
    log = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    console.error(`${file}: ${error.message}`);
    valid = false;
    continue;
  }
  if (validate(log)) continue;
  valid = false;
  for (const wrong of validate.errors.slice(0, 20)) console.error(`${file}: ${wrong.dataPath || '/'} ${wrong.message}`);
}
process.exit(valid ? 0 : 1);
