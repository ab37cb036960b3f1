'use strict';
const minimist = require('minimist');
const colour = require('picocolors');

// High water comes about every twelve hours and twenty-five minutes.
const PERIOD_MINUTES = 12 * 60 + 25;

function nextHighWater(last, now) {
  const periods = Math.ceil((now - last) / 60000 / PERIOD_MINUTES);
  return new Date(last.getTime() + periods * PERIOD_MINUTES * 60000);
}

if (require.main === module) {
  const { last } = minimist(process.argv.slice(2), { string: ['last'] });
  console.log(colour.cyan(nextHighWater(new Date(last), new Date()).toISOString()));
}

module.exports = { nextHighWater };
