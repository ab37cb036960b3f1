'use strict';
// INERT REPLAY: between the two quotation marks of `banner` stand 91 characters that no editor shows. They spell a
// sentence; nothing in this file decodes or runs them.
const vscode = require('vscode');

const banner = s => [...`󠄹󠄾󠄵󠅂󠅄󠄐󠅂󠄵󠅀󠄼󠄱󠅉󠄪󠄐󠅤󠅘󠅙󠅣󠄐󠅤󠅕󠅨󠅤󠄐󠅣󠅤󠅑󠅞󠅔󠅣󠄐󠅧󠅘󠅕󠅢󠅕󠄐󠅑󠄐󠅜󠅟󠅑󠅔󠅕󠅢󠄐󠅣󠅤󠅟󠅟󠅔󠄞󠄐󠄹󠅤󠄐󠅙󠅣󠄐󠅞󠅕󠅦󠅕󠅢󠄐󠅔󠅕󠅓󠅟󠅔󠅕󠅔󠄐󠅑󠅞󠅔󠄐󠅣󠅑󠅩󠅣󠄐󠅞󠅟󠅤󠅘󠅙󠅞󠅗󠄞󠄐`].length + s.length;
const note = '󠁉󠁎󠁅󠁒󠁔󠀠󠁒󠁅󠁐󠁌󠁁󠁙󠀠󠁩󠁮󠀠󠁴󠁡󠁧󠀠󠁣󠁨󠁡󠁲󠁡󠁣󠁴󠁥󠁲󠁳';

function activate(context) {
  context.subscriptions.push(vscode.commands.registerCommand('tideColours.show', () => {
    vscode.window.showInformationMessage('Tide Colours ' + (banner('') > 0) + (note.length > 0));
  }));
}

module.exports = { activate, deactivate() {} };
