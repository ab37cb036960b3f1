'use strict';
// Says so early when Node is too old.
const major = Number(process.versions.node.split('.')[0]);
if (major < 18) {
  console.error('buoy-client needs Node 18 or newer, this is ' + process.versions.node);
  process.exit(1);
}
