'use strict';
// Turns a buoy's telegram into numbers.
module.exports = function parse(telegram) {
  const [id, height, period] = telegram.split(';');
  return { id, height: Number(height), period: Number(period) };
};
