'use strict';
const vscode = require('vscode');

// Emoji carry variation selectors and joiners, flags of nations carry tag characters: all visible, all meant.
const states = { high: '🌊️', low: '🏖️', warning: '⚠️', crew: '👨‍👩‍👧‍👦', sailor: '🧑🏽‍✈️' };
const ports = {
  Plymouth: '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  Oban: '🏴󠁧󠁢󠁳󠁣󠁴󠁿',
  Holyhead: '🏴󠁧󠁢󠁷󠁬󠁳󠁿',
};

function activate(context) {
  context.subscriptions.push(vscode.commands.registerCommand('tideColours.show', () => {
    vscode.window.showInformationMessage(states.high + ' ' + ports.Oban);
  }));
}

module.exports = { activate, deactivate() {} };
